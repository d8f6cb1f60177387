import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';
import { PermanentFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import { hrCalls } from '../../../lambda/sources/look-ups/hr-call.ts';
import { defineLookUp } from '../../../lambda/sources/look-ups/look-up.ts';
import { lookUpAsker } from '../../../lambda/sources/look-ups/look-up-asker.ts';
import { hrSystems } from '../../../lambda/sources/look-ups/registry.ts';
import { standIn } from '../../../lambda/sources/look-ups/stand-in.ts';
import type { FakeHr } from '../../../local/hr/fake-hr.ts';
import { ANA, asking, type Name, NOW, ok, settle, startHr } from '../../support/asking-hr.ts';

let hr: FakeHr;
beforeAll(async () => {
  hr = await startHr();
});
afterAll(() => hr.close());
afterEach(() => settle(hr));

const employee = { id: ANA.id, employment_status: 'INACTIVE' };
const asked = (...troubles: FakeHr['troubles']) => {
  hr.troubles.push(...troubles);
  return asking(hr, 'merge').ask();
};

const TOKEN = ok({ access_token: 'x', expires_in: 9 });
const EMPLOYMENTS = ok({ d: { results: [{ userId: ANA.id, personIdExternal: 'p1', endDate: '/Date(1793404800000)/' }] } });

describe('an answer of HR other than a success', () => {
  const transient = (code: string) => ({ name: 'TransientFailure', code });
  const permanent = (code: string) => ({ name: 'PermanentFailure', code });

  it.each([
    [300, permanent('hr-redirected'), '; check the settings of the look-up'],
    [307, permanent('hr-redirected'), '; check the settings of the look-up'],
    [400, permanent('hr-refused'), '; fix the cause, then replay'],
    [401, { name: 'CredentialFailure', code: 'hr-credential-refused' }, '; set a new credential for the look-up'],
    [403, permanent('hr-forbidden'), "; give the look-up's credential the right to read this, then replay"],
    [408, transient('hr-unavailable'), '; wait and try again'],
    [422, permanent('hr-refused'), '; fix the cause, then replay'],
    [429, transient('hr-throttled'), ', too many calls; wait and try again'],
    [499, permanent('hr-refused'), '; fix the cause, then replay'],
    [500, transient('hr-unavailable'), '; wait and try again'],
    [503, transient('hr-unavailable'), '; wait and try again'],
  ])('says what is wrong and what to do: %d', async (status, failure, advice) => {
    await expect(asked({ status, body: employee })).rejects.toMatchObject({
      ...failure,
      message: `expected the employee from HR, got status ${status}${advice}`,
    });
  });

  it.each([
    ['bamboohr', [], 'the employee'],
    ['bamboohr', [ok({ id: ANA.id, status: 'Inactive', lastName: 'Silva' })], 'the employees of one name'],
    ['entra', [], 'a token'],
    ['entra', [TOKEN], 'the user'],
    [
      'entra',
      [TOKEN, ok({ id: ANA.id, accountEnabled: false, employeeLeaveDateTime: null, mail: ANA.email })],
      'the accounts of one person',
    ],
    ['hibob', [], 'the employee'],
    ['finch', [], 'the individual'],
    ['finch', [ok({ responses: [{ individual_id: ANA.id, code: 200, body: {} }] })], 'the employment'],
    ['merge', [ok({ id: ANA.id, employment_status: 'INACTIVE', first_name: 'Ana', last_name: 'Silva' })], 'the employees of one name'],
    ['personio', [], 'a token'],
    ['personio', [TOKEN], 'the person'],
    ['personio', [TOKEN, ok({ id: ANA.id })], 'the employments'],
    [
      'personio',
      [TOKEN, ok({ id: ANA.id, first_name: 'Ana', last_name: 'Silva' }), ok({ _data: [{ status: 'INACTIVE' }] })],
      'the persons of one name',
    ],
    ['successfactors', [], 'a token'],
    ['successfactors', [TOKEN], 'the employments'],
    ['successfactors', [TOKEN, EMPLOYMENTS, EMPLOYMENTS], 'the job information'],
  ] as const)('names the question to %s', async (name: Name, before, what) => {
    hr.troubles.push(...before, { status: 500, body: '' });

    await expect(asking(hr, name).ask()).rejects.toThrow(`expected ${what} from HR, got status 500; wait and try again`);
  });

  const IN_20_SECONDS = String(NOW / 1000 + 20);

  it.each([
    ['seconds', 429, { 'retry-after': '17' }, 'hr-throttled', 17],
    ['a time', 429, { 'retry-after': 'Tue, 01 Dec 2026 00:00:35 GMT' }, 'hr-throttled', 30],
    ['seconds, in BambooHR’s way', 503, { 'retry-after': '9' }, 'hr-throttled', 9],
    ['seconds, in trouble', 500, { 'retry-after': '9' }, 'hr-unavailable', 9],
    ['the time of the reset', 429, { 'x-ratelimit-reset': IN_20_SECONDS }, 'hr-throttled', 20],
    ['the time of the reset, in trouble', 503, { 'x-ratelimit-reset': IN_20_SECONDS }, 'hr-unavailable', 20],
    ['seconds, which count before a reset', 429, { 'retry-after': '17', 'x-ratelimit-reset': IN_20_SECONDS }, 'hr-throttled', 17],
    ['a reset in the past', 429, { 'x-ratelimit-reset': String(NOW / 1000 - 60) }, 'hr-throttled', 0],
    ['a reset in other units', 429, { 'x-ratelimit-reset': String(NOW) }, 'hr-throttled', undefined],
    ['a reset that is not a time', 429, { 'x-ratelimit-reset': 'soon' }, 'hr-throttled', undefined],
    ['nothing', 429, {}, 'hr-throttled', undefined],
  ])('gives the seconds to wait: %s', async (_, status, headers, code, retryAfterSeconds) => {
    await expect(asked({ status, body: '', headers })).rejects.toMatchObject({ code, retryAfterSeconds });
  });

  it.each([
    ['a page', { status: 200, body: '<html>ana@acme.test</html>' }],
    ['nothing', { status: 204, body: '' }],
  ])('may be a success that is not JSON, which is not shown: %s', async (_, trouble) => {
    await expect(asked(trouble)).rejects.toMatchObject({
      ...transient('hr-not-json'),
      message: 'expected the employee from HR as JSON, got other text; wait and try again',
    });
  });

  it('may be a connection that breaks, twice', async () => {
    await expect(asked('hang-up', 'hang-up')).rejects.toMatchObject({
      ...transient('hr-unreachable'),
      message: 'expected the employee from HR, got a broken connection; wait and try again',
      cause: expect.objectContaining({ message: 'fetch failed' }),
    });
  });

  it('may be missing, and then the call times out', async () => {
    hr.troubles.push('silence');
    const call = hrCalls({ fetch: standIn(fetch, hr.url), clock: () => NOW, within: 50 });

    const answer = call({ url: new URL('https://api.merge.dev/'), headers: {}, expected: 'the employee' });

    await expect(answer).rejects.toMatchObject({
      ...transient('hr-timed-out'),
      message: 'expected the employee from HR in time, got no answer; wait and try again',
    });
  });
});

describe('the length of an answer', () => {
  const padded = (bytes: number) => {
    const json = JSON.stringify(employee);
    return { status: 200, body: json + ' '.repeat(bytes - json.length) };
  };

  it('may be a million bytes', async () => {
    expect(await asked(padded(1_000_000))).toMatchObject({ standing: 'left' });
  });

  it('may not be more', async () => {
    await expect(asked(padded(1_000_001))).rejects.toMatchObject({
      name: 'PermanentFailure',
      code: 'hr-too-large',
      message: 'expected at most 1000000 bytes from HR, got more; check which system answers for HR',
    });
  });

  it('may split a character', async () => {
    const bytes = Buffer.from('"Zoë"');
    const parts = [bytes.subarray(0, 4), bytes.subarray(4)];
    const body = new ReadableStream({ pull: (stream) => (parts.length > 0 ? stream.enqueue(parts.shift()) : stream.close()) });
    const call = hrCalls({ fetch: async () => new Response(body), clock: () => NOW });

    expect(await call({ url: new URL('https://api.merge.dev/'), headers: {}, expected: 'the employee' })).toBe('Zoë');
  });
});

it('HR is not asked with settings that do not fit', async () => {
  const { ask } = asking(hr, 'bamboohr', { about: { lookUp: { companyDomain: 'evil.test/' } } });

  await expect(ask()).rejects.toThrow('look-up: companyDomain: expected the part before .bamboohr.com, got a string of 10 characters');
  expect(hr.calls).toEqual([]);
});

describe('a secret that cannot be read', () => {
  const unread = (failure: Error) =>
    hrSystems(
      { acme: { system: 'merge', lookUp: {} } },
      { secrets: '', readSecret: () => Promise.reject(failure), fetch, clock: () => NOW },
    ).ask('acme', ANA.id);

  it.each([new TransientFailure('secret-missing', 'nobody has set it'), new PermanentFailure('secret-unreadable', 'nobody may read it')])(
    'is trouble of the credential: $code',
    async (failure) => {
      const { code, message } = failure;

      await expect(unread(failure)).rejects.toMatchObject({ name: 'CredentialFailure', code, message, cause: failure });
    },
  );

  it('is passed on if it is an unexpected error', async () => {
    const bug = new TypeError('not a function');

    await expect(unread(bug)).rejects.toBe(bug);
  });

  it('is not to be set again if the mistake is in our check of it', async () => {
    const bug = new TypeError('not a function');
    const credential = z.unknown().check(
      z.refine(() => {
        throw bug;
      }),
    );
    const lookUp = defineLookUp({ settings: z.object({}), credential, find: async () => undefined });
    const ask = lookUpAsker(
      lookUp,
      { settings: {}, secretId: 's', sourceSettings: {} },
      { readSecret: async () => '{}', fetch, clock: () => NOW },
    );

    await expect(ask(ANA.id)).rejects.toBe(bug);
  });
});
