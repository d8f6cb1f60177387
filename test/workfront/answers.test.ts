import { once } from 'node:events';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { StageFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import type { Reply } from '../support/scripted-http.ts';
import { aDirectory, aRecord, closeAll, failureOf, KEY, patienceFor } from './a-directory.ts';

afterEach(closeAll);

const KEY_OF_ANA = { field: 'emailAddr', value: 'ana@acme.test' };
const found = { data: [aRecord()] };
const html = { 'content-type': 'text/html; charset=utf-8' };
const gzip = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
const refusedWith = (name: string, message: unknown) => ({ json: { error: { class: name, message } } });
const NOW = Date.parse('2026-11-24T10:00:00Z');

const answering = (reply: Reply) => aDirectory(() => reply, { clock: () => NOW, limits: { ...patienceFor(reply), maxBytes: 10_000 } });

describe('an answer', () => {
  it.each([
    ['gzip that was not requested', { headers: gzip, bytes: gzipSync(JSON.stringify(found)) }],
    ['JSON of another content type', { headers: { 'content-type': 'text/plain' }, bytes: JSON.stringify(found) }],
    ['JSON after a byte order mark', { bytes: `\ufeff${JSON.stringify(found)}` }],
    ['as many bytes as are allowed', { bytes: JSON.stringify(found).padEnd(10_000) }],
    ['Workfront escapes', { bytes: JSON.stringify(found).replaceAll('@', '\\u0040') }],
  ] satisfies [string, Reply][])('is read: %s', async (_, reply) => {
    const { directory } = await answering(reply);

    await expect(directory.find([KEY_OF_ANA])).resolves.toHaveLength(1);
  });

  it.each([
    ['an HTML page', { headers: html, bytes: '<!doctype html>' }, 'not-json'],
    ['half of JSON', { bytes: '{"data":[{"emailAddr":"ana@acme.test"' }, 'not-json'],
    ['nothing', { status: 200 }, 'not-json'],
    ['broken gzip', { headers: gzip, bytes: 'no gzip' }, 'not-json'],
    ['incomplete gzip', { headers: gzip, bytes: gzipSync(JSON.stringify(found)).subarray(0, 40) }, 'not-json'],
    ['an HTML 403 of a firewall', { status: 403, headers: html, bytes: '<html>blocked</html>' }, 'not-json'],
    ['a maintenance page', { status: 503, headers: html, bytes: '<html>Maintenance</html>' }, 'server-error'],
    ['status 500', { status: 500, json: { error: { message: 'ana@acme.test' } } }, 'server-error'],
    ['status 408', { status: 408 }, 'timed-out'],
    ['a reset', 'reset', 'unreachable'],
    ['silence', 'never', 'timed-out'],
    ['a body that stops', (response) => void response.writeHead(200).write('{"da'), 'timed-out'],
    ['a gzip body that stops', (response) => void response.writeHead(200, gzip).write(gzipSync('{}').subarray(0, 12)), 'timed-out'],
    [
      'a body that breaks off',
      (response) => void response.writeHead(200, { 'content-length': '9' }).write('{', () => response.destroy()),
      'unreachable',
    ],
  ] satisfies [string, Reply, string][])('is a transient failure: %s', async (_, reply, code) => {
    const { directory, arrived } = await answering(reply);

    const failure = await failureOf(directory.find([KEY_OF_ANA]));

    expect(failure).toBeInstanceOf(TransientFailure);
    expect(failure).toMatchObject({ code, message: expect.stringMatching(/^expected .+, got [^;]+; [^;.]+$/) });
    expect(String(failure)).not.toMatch(/@|acme/);
    expect(arrived).toHaveLength(1);
  });

  it.each([
    ['status 301', { status: 301, headers: { location: '/elsewhere' } }, 'redirected'],
    ['status 302 to a login page', { status: 302, headers: { ...html, location: '/login' }, bytes: '<html/>' }, 'redirected'],
    ['status 400', { status: 400, json: {} }, 'refused'],
    ['status 403', { status: 403, json: {} }, 'forbidden'],
    ['status 404', { status: 404, json: {} }, 'not-found'],
    ['status 409', { status: 409, json: {} }, 'conflict'],
    ['status 410', { status: 410, headers: html, bytes: '<html/>' }, 'api-version-gone'],
    ['status 422', { status: 422, json: {} }, 'refused'],
    ['an error with status 200', refusedWith('java.lang.IllegalArgumentException', 'about ana@acme.test'), 'refused'],
    ['an error as text', { json: { error: 'about Ana Silva' } }, 'refused'],
    ['data of another shape', { json: { data: { ID: 'x' } } }, 'unexpected-answer'],
    ['JSON that is not an object', { json: 42 }, 'unexpected-answer'],
    ['a body that is too large', { bytes: 'x'.repeat(10_001) }, 'too-large'],
    ['a gzip bomb', { headers: gzip, bytes: gzipSync(Buffer.alloc(50_000_000)) }, 'too-large'],
  ] satisfies [string, Reply, string][])('to a search is trouble of the stage: %s', async (_, reply, code) => {
    const { directory, arrived } = await answering(reply);

    const failure = await failureOf(directory.find([KEY_OF_ANA]));

    expect(failure).toBeInstanceOf(StageFailure);
    expect(failure).toMatchObject({ code });
    expect(String(failure)).not.toMatch(/@|acme|Ana|Silva/);
    expect(arrived).toHaveLength(1);
  });

  it.each([
    [
      'a known text without personal data',
      'APIModel V21_0 does not support field ssoUsername (User)',
      /\(APIModel V21_0 does not .*\(User\)\)/,
    ],
    ['no other text', 'Ana Silva cannot be found', /status 422 java\.lang\.IllegalArgumentException; fix/],
    ['no text that only begins like a known one', 'Invalid session ID. Ana', /status 422 java\.lang\.IllegalArgumentException; fix/],
  ])('shows %s', async (_, message, shown) => {
    const { directory } = await answering({ status: 422, ...refusedWith('java.lang.IllegalArgumentException', message) });

    await expect(directory.find([KEY_OF_ANA])).rejects.toMatchObject({ message: expect.stringMatching(shown) });
  });

  it.each([
    [429, '30', 30],
    [503, '30', 30],
    [429, 'Tue, 24 Nov 2026 10:02:00 GMT', 120],
    [429, 'Tue, 24 Nov 2026 09:00:00 GMT', 0],
    [429, 'soon', undefined],
    [429, '-5', undefined],
    [429, undefined, undefined],
  ])('with status %i and Retry-After %s asks to wait %s seconds', async (status, retryAfter, retryAfterSeconds) => {
    const { directory } = await answering({ status, json: {}, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } });

    await expect(directory.find([KEY_OF_ANA])).rejects.toMatchObject({
      code: status === 429 ? 'throttled' : 'server-error',
      retryAfterSeconds,
    });
  });
});

describe('a call', () => {
  it('is unreachable if nobody listens', async () => {
    const { directory, calls } = await aDirectory(() => 'never', { baseUrl: 'http://127.0.0.1:1' });

    await expect(directory.find([KEY_OF_ANA])).rejects.toMatchObject({
      code: 'unreachable',
      message: 'expected to reach Workfront, got ECONNREFUSED; wait, then check the base URL',
    });
    expect(calls).toMatchObject([{ method: 'GET', status: 'no-answer' }]);
  });

  it('is reported with its duration and status', async () => {
    let now = NOW;
    const { directory, calls } = await aDirectory(
      () => {
        now += 250;
        return { status: 500 };
      },
      { clock: () => now },
    );

    await failureOf(directory.find([KEY_OF_ANA]));

    expect(calls).toEqual([{ method: 'GET', ms: 250, status: 500 }]);
  });

  it('does not wait long for a TLS handshake', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const baseUrl = `https://127.0.0.1:${Object(silent.address()).port}`;
    const { directory } = await aDirectory(() => 'never', { baseUrl, limits: { connectMs: 50 } });

    const failure = await failureOf(directory.find([KEY_OF_ANA]));
    silent.close();

    expect(failure).toMatchObject({ code: 'timed-out', message: expect.stringContaining('a connection') });
  });

  it('waits while as many calls as allowed are in flight', async () => {
    let inFlight = 0;
    let most = 0;
    const { directory, calls, connections } = await aDirectory(
      async () => {
        inFlight += 1;
        most = Math.max(most, inFlight);
        await new Promise((resolve) => setTimeout(resolve, 5));
        inFlight -= 1;
        return { json: found };
      },
      { callsInFlight: 3 },
    );

    await Promise.all(Array.from({ length: 20 }, () => directory.find([KEY_OF_ANA])));

    expect(most).toBe(3);
    expect(connections()).toBe(3);
    expect(calls).toHaveLength(20);
  });

  it('that waited for another is measured from the moment at which it could begin', async () => {
    let now = NOW;
    const { directory, calls } = await aDirectory(
      () => {
        now += 1_000;
        return { json: found };
      },
      { callsInFlight: 1, clock: () => now },
    );

    await Promise.all([directory.find([KEY_OF_ANA]), directory.find([KEY_OF_ANA])]);

    expect(calls.map(({ ms }) => ms)).toEqual([1_000, 1_000]);
  });

  it('goes on although another begins long after it', async () => {
    let now = NOW;
    const second = Promise.withResolvers<void>();
    const { directory } = await aDirectory(
      async (_, index) => {
        if (index === 0) await second.promise;
        else second.resolve();
        return { json: found };
      },
      { clock: () => now },
    );
    const slow = directory.find([KEY_OF_ANA]);
    now += 60_000;

    await expect(Promise.all([slow, directory.find([KEY_OF_ANA])])).resolves.toMatchObject([[{}], [{}]]);
  });

  it('frees its connection however it ends', async () => {
    const replies: Reply[] = [
      'reset',
      'never',
      { bytes: 'x'.repeat(20_000) },
      { headers: gzip, bytes: 'no' },
      { status: 500 },
      { json: found },
    ];
    const { directory } = await aDirectory((_, index) => replies[index] ?? 'reset', {
      callsInFlight: 1,
      limits: { headersMs: 500, maxBytes: 10_000 },
    });

    const results = await Promise.allSettled(replies.map(() => directory.find([KEY_OF_ANA])));

    expect(results.map(({ status }) => status)).toEqual([...Array.from({ length: 5 }, () => 'rejected'), 'fulfilled']);
  });

  it('uses a connection again, but closes one that has been idle for long', async () => {
    let now = NOW;
    const sockets: unknown[] = [];
    const { directory, connections } = await aDirectory(
      () => (response) => {
        sockets.push(response.socket);
        response.end(JSON.stringify(found));
      },
      { clock: () => now },
    );

    await directory.find([KEY_OF_ANA]);
    await directory.find([KEY_OF_ANA]);
    expect(connections()).toBe(1);

    now += 60_000;
    const closed = once(Object(sockets[0]), 'close', { signal: AbortSignal.timeout(1_000) });
    await directory.find([KEY_OF_ANA]);
    await closed;
    expect(connections()).toBe(2);
  });

  it('waits as long for an answer on a used connection as on a new one', async () => {
    const { directory, connections } = await aDirectory((_, index) => (index === 0 ? { json: found } : 'never'), {
      limits: { connectMs: 5_000, headersMs: 500 },
    });
    await directory.find([KEY_OF_ANA]);

    await expect(directory.find([KEY_OF_ANA])).rejects.toMatchObject({
      message: 'expected an answer from Workfront within 500 ms, got none; wait and try again',
    });
    expect(connections()).toBe(1);
  });

  it('never shows the key, whatever fails', async () => {
    const { directory } = await aDirectory(() => ({ status: 400, json: { error: KEY } }));

    const failure = await failureOf(directory.find([KEY_OF_ANA]));

    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain(KEY);
  });
});
