import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE } from '../../../lambda/domain/time/time.ts';
import { lookUpsOf } from '../../../lambda/sources/look-ups/registry.ts';
import { FAKE_SYSTEMS, type FakeHr } from '../../../local/hr/fake-hr.ts';
import { ANA, asking as askingOf, NAMES, type Name, NOW, SYSTEMS, settle, startHr } from '../../support/asking-hr.ts';
import { lookUpOf } from '../../support/source-pages.ts';

/** Finch and Personio are not asked for an employee number, because they have none that Workfront could have. */
const HAS_NUMBER: readonly Name[] = ['bamboohr', 'entra', 'hibob', 'merge', 'successfactors'];

/** Systems whose credential is exchanged for a token first. */
const HAS_TOKEN: readonly Name[] = ['entra', 'personio', 'successfactors'];

let hr: FakeHr;
beforeAll(async () => {
  hr = await startHr();
});
afterAll(() => hr.close());
afterEach(() => settle(hr));

const asking = (name: Name, options?: Parameters<typeof askingOf>[2]) => askingOf(hr, name, options);

describe.each(NAMES)('the look-up of %s', (name) => {
  it('says who has left, and when, and gives nothing else', async () => {
    const { ask, time } = asking(name);
    // SuccessFactors says only dates: the last day must be over everywhere.
    time.now += 12 * HOUR;

    expect(await ask()).toEqual({
      employee: {
        sourceId: ANA.id,
        email: ANA.email,
        givenName: ANA.givenName,
        familyName: ANA.familyName,
        ...(HAS_NUMBER.includes(name) && { employeeNumber: ANA.number }),
      },
      standing: 'left',
      lastDay: { date: '2026-11-30' },
      startedOn: '2020-02-01',
    });
  });

  it('is configured as its page says', () => {
    const [config = ''] = lookUpOf(name);

    expect(lookUpsOf({ acme: JSON.parse(config) })).toHaveProperty('acme.system', name);
  });

  it('says who is employed, without a last day or with a future one', async () => {
    const { ask } = asking(name, { about: { timeZone: 'Europe/Berlin' } });
    hr.employees.change(ANA.id, { standing: 'employed', lastDay: null });
    expect(await ask()).toMatchObject({ standing: 'employed', lastDay: undefined });

    hr.employees.change(ANA.id, { lastDay: '2027-01-31' });
    expect(await ask()).toMatchObject({ standing: 'employed', lastDay: { date: '2027-01-31', timeZone: 'Europe/Berlin' } });
  });

  it('says that HR has no employee with an id, whatever characters the id has', async () => {
    const { ask } = asking(name);

    expect(await ask('../../67890?x=1#y')).toBeUndefined();
    const isInPath = name === 'bamboohr' || name === 'entra' || name === 'merge' || name === 'personio';
    if (isInPath) expect(hr.calls.at(-1)?.path).toMatch(/\/\.\.%2F\.\.%2F67890%3Fx%3D1%23y$/);
    const before = hr.calls.length;
    for (const impossible of ['.', '..', '\ud800']) expect(await ask(impossible)).toBeUndefined();
    expect(hr.calls).toHaveLength(before);
    const hosts = [SYSTEMS[name].host, ...(name === 'entra' ? ['login.microsoftonline.com'] : [])];
    expect(new Set(hr.calls.map(({ host }) => host))).toEqual(new Set(hosts));
    for (const odd of ['67890.', '.67890']) {
      hr.calls.length = 0;
      expect(await ask(odd)).toBeUndefined();
      expect(hr.calls).not.toEqual([]);
    }
  });

  it.each([
    ['429 with Retry-After', { status: 429, body: {}, headers: { 'retry-after': '17' } }, 'hr-throttled', 17],
    ['503 with Retry-After', { status: 503, body: '', headers: { 'retry-after': '9' } }, 'hr-throttled', 9],
    [
      '429 with the time of the reset',
      { status: 429, body: {}, headers: { 'x-ratelimit-reset': String(NOW / 1000 + 25) } },
      'hr-throttled',
      25,
    ],
    ['500', { status: 500, body: 'oops' }, 'hr-unavailable', undefined],
    ['a page', { status: 200, body: '<html>maintenance</html>' }, 'hr-not-json', undefined],
  ])('waits after %s', async (_, trouble, code, retryAfterSeconds) => {
    const { ask } = asking(name);
    hr.troubles.push(trouble);

    await expect(ask()).rejects.toMatchObject({ name: 'TransientFailure', code, retryAfterSeconds });
  });

  it('asks again at once if the connection broke, but only once', async () => {
    const { ask } = asking(name);
    hr.troubles.push('hang-up');
    expect(await ask()).toBeDefined();

    hr.troubles.push('hang-up', 'hang-up');
    await expect(ask()).rejects.toMatchObject({ name: 'TransientFailure', code: 'hr-unreachable' });
  });

  it.each([
    ['403', { status: 403, body: {} }, 'hr-forbidden'],
    ['400', { status: 400, body: {} }, 'hr-refused'],
    ['a redirect', { status: 302, body: '', headers: { location: 'http://169.254.169.254/' } }, 'hr-redirected'],
    ['another shape', { status: 200, body: { employees: 7, responses: 7, id: [] } }, 'hr-unexpected-answer'],
    ['far too much', { status: 200, body: 'x'.repeat(1_100_000) }, 'hr-too-large'],
  ])('fails this event alone after %s', async (_, trouble, code) => {
    const { ask } = asking(name);
    if (HAS_TOKEN.includes(name)) await ask();
    hr.troubles.push(trouble);

    await expect(ask()).rejects.toMatchObject({ name: 'PermanentFailure', code });
  });

  it.each([400, 401, 403])('waits with all events after %d for a token: no employee was part of the question', async (status) => {
    if (!HAS_TOKEN.includes(name)) return;
    hr.troubles.push({ status, body: { error: 'unauthorized_client' } });

    await expect(asking(name).ask()).rejects.toMatchObject({ name: 'CredentialFailure', code: 'hr-credential-refused' });
  });

  it('fails this event alone after a redirect of the question for a token: the settings are wrong, not the credential', async () => {
    if (!HAS_TOKEN.includes(name)) return;
    hr.troubles.push({ status: 302, body: '', headers: { location: 'http://169.254.169.254/' } });

    await expect(asking(name).ask()).rejects.toMatchObject({ name: 'PermanentFailure', code: 'hr-redirected' });
  });

  it('reports a credential that is refused, without showing it, and uses a new one at once', async () => {
    // A text that is not a private key is refused before a call is made.
    const wrongOf = ([key, value]: [string, string]) => [key, key === 'privateKey' ? value : 'wrong-credential'];
    const wrong = JSON.stringify(Object.fromEntries(Object.entries(FAKE_SYSTEMS[name].credential).map(wrongOf)));
    const right = JSON.stringify(FAKE_SYSTEMS[name].credential);

    const refused = asking(name, { secrets: [wrong] }).ask();
    await expect(refused).rejects.toMatchObject({ name: 'CredentialFailure', code: 'hr-credential-refused' });
    await expect(refused).rejects.not.toThrow('wrong-credential');
    // The same secret, read again, is no reason to ask again.
    expect(hr.calls.filter(({ status }) => status === 401)).toHaveLength(1);
    const { ask, read } = asking(name, { secrets: [wrong, right] });
    expect(await ask()).toMatchObject({ lastDay: { date: '2026-11-30' } });
    expect(read).toEqual(['stage/look-up/acme', 'stage/look-up/acme']);
  });

  it('remembers its secret for five minutes', async () => {
    const { ask, read, time } = asking(name);
    await ask();
    time.now += 5 * MINUTE - 1;
    await ask();
    expect(read).toHaveLength(1);

    time.now += 1;
    await ask();
    expect(read).toHaveLength(2);
  });

  it.each([
    ['text that is not JSON', 'abc', 'expected JSON, got text of 3 characters that is not'],
    ['another shape', '[]', 'the whole: expected an object, got a list of 0'],
    [
      'an empty part',
      JSON.stringify({ ...FAKE_SYSTEMS[name].credential, [Object.keys(FAKE_SYSTEMS[name].credential)[0] ?? '']: '' }),
      'expected at least 1 characters, got an',
    ],
    [
      'an unknown part',
      JSON.stringify({ ...FAKE_SYSTEMS[name].credential, more: 'x' }),
      'the whole: expected no key "more", got an object',
    ],
  ])('reports a secret that it cannot use, and asks nothing: %s', async (_, secret, says) => {
    const asked = asking(name, { secrets: [secret] }).ask();

    await expect(asked).rejects.toMatchObject({ name: 'CredentialFailure', code: 'secret-unusable' });
    await expect(asked).rejects.toThrow('secret of the look-up: ');
    await expect(asked).rejects.toThrow(says);
    expect(hr.calls).toEqual([]);
  });

  it('does not give HR’s own number if Workfront has the id as the employee number', async () => {
    const { ask } = asking(name, { about: { employeeIdIs: 'employeeNumber' } });

    expect((await ask())?.employee.employeeNumber).toBe(ANA.id);
  });
});

describe('the question to HR', () => {
  const json = { 'content-type': 'application/json' };
  const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const get = (path: string, headers: object, query = '') => ({ method: 'GET', path, query, headers, body: '' });
  const post = (path: string, headers: object, body: string) => ({ method: 'POST', path, query: '', headers, body });
  const individual = JSON.stringify({ requests: [{ individual_id: ANA.id }] });
  const finch = { ...json, ...bearer('fake-finch-token'), 'finch-api-version': '2020-09-17' };
  const personio = bearer('papi-fake-token');
  const merge = { ...bearer('fake-merge-key'), 'x-account-token': 'fake-account' };
  const FIELDS = 'status,terminationDate,hireDate,workEmail,homeEmail,employeeNumber,firstName,lastName';
  const LISTED = `filter[lastName]=Silva&fields=workEmail,homeEmail,employeeNumber&page[limit]=250`;
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
  const USER = 'id,accountEnabled,employeeId,employeeHireDate,employeeLeaveDateTime,mail,givenName,surname';
  const ACCOUNTS = { $filter: "mail eq 'ana@acme.test' or employeeId eq '10042'", $select: 'id,accountEnabled,mail,employeeId' };
  const TRANSPORT = /^(accept-|sec-|connection$|content-length$|host$)/;

  it.each([
    // Without the second parameter, BambooHR leaves out future dates.
    [
      'bamboohr',
      [
        get('/api/v1/employees/67890', basic('fake-bamboohr-key:x'), `fields=${encodeURIComponent(FIELDS)}&onlyCurrent=false`),
        get('/api/v1/employees', basic('fake-bamboohr-key:x'), String(new URLSearchParams(LISTED))),
      ],
    ],
    [
      'entra',
      [
        {
          ...post(
            '/5df911a0-e8e9-412d-8aaf-a46ad193dd96/oauth2/v2.0/token',
            FORM,
            'grant_type=client_credentials&client_id=fake-app&client_secret=fake-app-secret&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default',
          ),
          host: 'login.microsoftonline.com',
        },
        get('/v1.0/users/67890', bearer('fake-graph-token'), String(new URLSearchParams({ $select: USER }))),
        get('/v1.0/users', bearer('fake-graph-token'), String(new URLSearchParams(ACCOUNTS))),
      ],
    ],
    ['finch', [post('/employer/individual', finch, individual), post('/employer/employment', finch, individual)]],
    [
      'hibob',
      [
        post(
          '/v1/people/search',
          { ...json, ...basic('SERVICE-1:fake-hibob-token') },
          JSON.stringify({
            fields: [
              'root.id',
              'root.email',
              'root.firstName',
              'root.surname',
              'work.employeeIdInCompany',
              'work.startDate',
              'internal.lifecycleStatus',
              'internal.terminationDate',
            ],
            filters: [{ fieldPath: 'root.id', operator: 'equals', values: ['67890'] }],
            showInactive: true,
          }),
        ),
      ],
    ],
    [
      'merge',
      [
        get('/api/hris/v1/employees/67890', merge),
        get('/api/hris/v1/employees', merge, 'first_name=Ana&last_name=Silva&page_size=100'),
        get('/api/hris/v1/employees', merge, 'work_email=ana%40acme.test&page_size=100'),
      ],
    ],
    [
      'personio',
      [
        post('/v2/auth/token', FORM, 'grant_type=client_credentials&client_id=papi-fake&client_secret=fake-personio-secret'),
        get('/v2/persons/67890', personio),
        get('/v2/persons/67890/employments', personio, 'limit=50'),
        get('/v2/persons/67890/employments', personio, 'limit=50&cursor=page-2'),
        get('/v2/persons', personio, 'first_name=Ana&last_name=Silva&status=ACTIVE&limit=50'),
      ],
    ],
  ] as const)('is about one employee, and asks for no more than is needed: %s', async (name, calls) => {
    await asking(name).ask();

    const asked = hr.calls.map(({ method, host, path, query, headers, body }) => {
      const own = Object.fromEntries(Object.entries(headers).filter(([header]) => !TRANSPORT.test(header)));
      return { method, host, path, query: String(query), headers: own, body };
    });
    const always = { accept: 'application/json', 'user-agent': 'workfront-offboarding' };
    expect(asked).toEqual(calls.map((call) => ({ host: SYSTEMS[name].host, ...call, headers: { ...always, ...call.headers } })));
  });

  it.each([
    ['us', 'api.merge.dev'],
    ['eu', 'api-eu.merge.dev'],
    ['ap', 'api-ap.merge.dev'],
    [undefined, 'api.merge.dev'],
  ])('goes to the region of a Merge account: %s', async (region, host) => {
    await asking('merge', { about: { lookUp: region === undefined ? {} : { region } } }).ask();

    expect(new Set(hr.calls.map((call) => call.host))).toEqual(new Set([host]));
  });
});
