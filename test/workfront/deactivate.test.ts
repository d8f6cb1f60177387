import { afterEach, describe, expect, it } from '@jest/globals';
import { PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import type { Reply } from '../support/scripted-http.ts';
import { aDirectory, aRecord, closeAll, failureOf, ID, KEY, OTHER, patienceFor } from './a-directory.ts';

afterEach(closeAll);

const state = (isActive: unknown, id = ID): Reply => ({ json: { data: { ID: id, name: 'Ana Silva', objCode: 'USER', isActive } } });
const error = (status: number, message = 'Ana Silva <ana@acme.test> is special'): Reply => ({
  status,
  json: { error: { class: 'com.attask.common.SomeException', message } },
});

const answering = (put: Reply, get: Reply = 'reset') =>
  aDirectory(({ method }) => (method === 'PUT' ? put : get), { limits: patienceFor(put, get) });

describe('a deactivation', () => {
  it('writes isActive: false to that user and nothing else', async () => {
    const { directory, arrived, calls } = await answering(state(false));

    await expect(directory.deactivate(ID)).resolves.toEqual({ confirmedBy: 'answer' });

    expect(arrived).toHaveLength(1);
    expect(arrived[0]).toMatchObject({
      method: 'PUT',
      path: `/attask/api/v21.0/user/${ID}`,
      query: { fields: 'ID,isActive' },
      headers: { apikey: KEY, 'content-type': 'application/json', 'content-length': '18' },
      body: '{"isActive":false}',
    });
    expect(calls).toEqual([{ method: 'PUT', ms: expect.any(Number), status: 200 }]);
  });

  const doubts: [string, Reply, string][] = [
    ['a reset after the write', 'reset', 'unreachable'],
    ['no answer in time', 'never', 'timed-out'],
    ['half an answer', (response) => void response.writeHead(200, { 'content-length': '100' }).write('{"data"'), 'timed-out'],
    ['an HTML page with 503', { status: 503, headers: { 'content-type': 'text/html' }, bytes: '<html>Maintenance</html>' }, 'server-error'],
    ['an HTML page with 200', { headers: { 'content-type': 'text/html' }, bytes: '<html>Hello</html>' }, 'not-json'],
    ['an empty success', { status: 204 }, 'not-json'],
    ['status 500', error(500), 'server-error'],
    ['a success that says active', state(true), 'not-confirmed'],
    ['a success that says "false" as text', state('false'), 'not-confirmed'],
    ['a success about another user', state(false, OTHER), 'not-confirmed'],
    ['a success without a user', { json: { data: { success: true } } }, 'not-confirmed'],
    ['a list for a user', { json: [] }, 'not-confirmed'],
    ['a number for a user', { json: 42 }, 'unexpected-answer'],
    ['too large an answer', { bytes: 'x'.repeat(1_000_001) }, 'too-large'],
  ];

  it.each(doubts)('after %s succeeds if a read shows the user inactive', async (_, put) => {
    const { directory, arrived } = await answering(put, state(false));

    await expect(directory.deactivate(ID)).resolves.toEqual({ confirmedBy: 'read' });
    expect(arrived.map(({ method }) => method)).toEqual(['PUT', 'GET']);
  });

  it.each(doubts)('after %s fails if a read shows the user active', async (_, put, code) => {
    const { directory, arrived } = await answering(put, state(true));

    await expect(directory.deactivate(ID)).rejects.toMatchObject({ code });
    expect(arrived).toHaveLength(2);
  });

  it('fails if the read shows another user', async () => {
    const { directory } = await answering('reset', state(false, OTHER));

    await expect(directory.deactivate(ID)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it.each([
    ['the write was lost', 'reset', 'unreachable'],
    ['the write was not proven', state(true), 'server-error'],
  ] satisfies [string, Reply, string][])('is a transient failure if %s and the read is in trouble too', async (_, put, code) => {
    const { directory } = await answering(put, error(503));

    const failure = await failureOf(directory.deactivate(ID));

    expect(failure).toBeInstanceOf(TransientFailure);
    expect(failure).toMatchObject({ code });
  });

  it.each([
    ['the credential is refused', 401],
    ['the read is refused', 403],
    ['the version is withdrawn', 410],
  ])('stays in doubt if it was not proven and %s', async (_, status) => {
    const { directory } = await answering(state(true), error(status));

    await expect(directory.deactivate(ID)).rejects.toMatchObject({ name: 'PermanentFailure', code: 'not-confirmed' });
  });

  it.each([
    [400, 'refused'],
    [403, 'forbidden'],
    [404, 'user-not-found'],
    [422, 'refused'],
  ])('is a permanent failure after status %i, without personal data in the reason', async (status, code) => {
    const { directory, arrived } = await answering(error(status), state(false));

    const failure = await failureOf(directory.deactivate(ID));

    expect(failure).toBeInstanceOf(PermanentFailure);
    expect(failure).toMatchObject({
      code,
      message: expect.stringMatching(`status ${status} com\\.attask\\.common\\.SomeException`),
    });
    expect(String(failure)).not.toMatch(/Ana|@|Silva/);
    expect(arrived).toHaveLength(1);
  });

  it.each([
    [429, 'TransientFailure', 'throttled'],
    [409, 'TransientFailure', 'conflict'],
    [302, 'StageFailure', 'redirected'],
    [410, 'StageFailure', 'api-version-gone'],
  ])('after status %i has certainly not taken effect, and is a %s', async (status, name, code) => {
    const { directory, arrived } = await answering(error(status), state(false));

    await expect(directory.deactivate(ID)).rejects.toMatchObject({ name, code });
    expect(arrived).toHaveLength(1);
  });

  it.each(['', 'search', '../user/search', `../project/${ID}`, `${ID}?x=`, `${ID}/replace`])(
    'never puts %j into a path',
    async (userId) => {
      const { directory, arrived } = await answering(state(false));

      await expect(directory.deactivate(userId)).rejects.toMatchObject({ code: 'not-askable' });
      await expect(directory.read(userId)).rejects.toMatchObject({ code: 'not-askable' });
      expect(arrived).toHaveLength(0);
    },
  );
});

describe('a read', () => {
  it.each([
    ['in data', { data: aRecord() }],
    ['in a list in data', { data: [aRecord()] }],
    ['alone', aRecord()],
  ])('accepts a user %s', async (_, json) => {
    const { directory } = await answering('reset', { json });

    await expect(directory.read(ID)).resolves.toMatchObject({ id: ID, extRefID: '10042' });
  });

  it('refuses several users', async () => {
    const { directory } = await answering('reset', { json: { data: [aRecord(), aRecord()] } });

    await expect(directory.read(ID)).rejects.toMatchObject({ code: 'unexpected-answer' });
  });

  it('gives the user', async () => {
    const { directory, arrived } = await answering('reset', { json: { data: aRecord() } });

    await expect(directory.read(ID)).resolves.toMatchObject({ id: ID, isActive: true, emailAddr: 'ana@acme.test' });
    expect(arrived[0]).toMatchObject({ method: 'GET', path: `/attask/api/v21.0/user/${ID}` });
  });

  it('gives nothing if Workfront has no such user', async () => {
    const { directory } = await answering('reset', error(404));

    await expect(directory.read(ID)).resolves.toBeUndefined();
  });

  it('does not mistake the page of a proxy for an unknown user', async () => {
    const { directory } = await answering('reset', { status: 404, headers: { 'content-type': 'text/html' }, bytes: '<html/>' });

    await expect(directory.read(ID)).rejects.toMatchObject({ name: 'TransientFailure', code: 'not-json' });
  });

  it('refuses a user with another id', async () => {
    const { directory } = await answering('reset', { json: { data: aRecord({ ID: OTHER }) } });

    await expect(directory.read(ID)).rejects.toMatchObject({ code: 'unexpected-answer' });
  });
});
