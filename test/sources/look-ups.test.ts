import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TransientFailure } from '../../lambda/domain/failures.ts';
import { HOUR, MINUTE } from '../../lambda/domain/time.ts';
import { hrCalls } from '../../lambda/sources/hr-call.ts';
import { hrSystems, type LookUpConfig, lookUpsOf } from '../../lambda/sources/look-ups.ts';
import { standIn } from '../../lambda/sources/stand-in.ts';
import { type FakeEmployee, fakeEmployees } from '../../local/hr/fake-employees.ts';
import { FAKE_SYSTEMS, type FakeHr, startFakeHr } from '../../local/hr/fake-hr.ts';
import { lookUpOf } from '../support/source-pages.ts';

const NOW = Date.parse('2026-12-01T00:00:05Z');
const ANA: FakeEmployee = {
  id: '67890',
  email: 'ana@acme.test',
  number: '10042',
  givenName: 'Ana',
  familyName: 'Silva',
  standing: 'left',
  lastDay: '2026-11-30',
  startedOn: '2020-02-01',
};

const SYSTEMS = {
  bamboohr: { lookUp: { companyDomain: 'acme' }, hosts: ['acme.bamboohr.com'] },
  finch: { lookUp: {}, hosts: ['api.tryfinch.com'] },
  hibob: { lookUp: {}, hosts: ['api.hibob.com'] },
  merge: { lookUp: { region: 'eu' }, hosts: ['api-eu.merge.dev'] },
  personio: { lookUp: {}, hosts: ['api.personio.de'] },
} as const;
type Name = keyof typeof SYSTEMS;
const NAMES: Name[] = ['bamboohr', 'finch', 'hibob', 'merge', 'personio'];
/** Finch and Personio are not asked for an employee number: they have none that Workfront could know. */
const HAS_NUMBER: readonly Name[] = ['bamboohr', 'hibob', 'merge'];

let hr: FakeHr;
beforeAll(async () => {
  hr = await startFakeHr({ employees: fakeEmployees((id) => (id === ANA.id ? ANA : undefined)) });
});
afterAll(() => hr.close());
afterEach(() => {
  hr.calls.length = 0;
  hr.troubles.length = 0;
  hr.employees.change(ANA.id, { standing: 'left', lastDay: '2026-11-30', startedOn: '2020-02-01' });
});

/** @param secrets what the secret holds, one value for each time that it is read; the last one stays */
function asking(
  name: Name,
  { secrets = [JSON.stringify(FAKE_SYSTEMS[name].credential)], about = {} }: { secrets?: string[]; about?: Partial<LookUpConfig> } = {},
) {
  const left = [...secrets];
  const read: string[] = [];
  const time = { now: NOW };
  const systems = hrSystems(
    { acme: { system: name, lookUp: SYSTEMS[name].lookUp, ...about } },
    {
      secrets: 'stage/look-up/',
      readSecret: async (secretId) => {
        read.push(secretId);
        return (left.length > 1 ? left.shift() : left[0]) ?? '';
      },
      fetch: standIn(fetch, hr.url),
      clock: () => time.now,
    },
  );
  return { read, time, ask: (sourceId: string = ANA.id) => systems.ask('acme', sourceId) };
}

describe.each(NAMES)('the look-up of %s', (name) => {
  it('says who has left, and when, and keeps nothing else', async () => {
    const { ask } = asking(name);

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

  it('is set up as its page says', () => {
    const [config = ''] = lookUpOf(name);

    expect(lookUpsOf({ acme: JSON.parse(config) })).toHaveProperty('acme.system', name);
  });

  it('says who is employed, without a last day or with one to come', async () => {
    const { ask } = asking(name, { about: { timeZone: 'Europe/Berlin' } });
    hr.employees.change(ANA.id, { standing: 'employed', lastDay: null });
    expect(await ask()).toMatchObject({ standing: 'employed', lastDay: undefined });

    hr.employees.change(ANA.id, { lastDay: '2027-01-31' });
    expect(await ask()).toMatchObject({ standing: 'employed', lastDay: { date: '2027-01-31', timeZone: 'Europe/Berlin' } });
  });

  it('says that HR knows nobody of that id, whatever characters it has', async () => {
    const { ask } = asking(name);

    expect(await ask('../../67890?x=1#y')).toBeUndefined();
    const isInPath = name === 'bamboohr' || name === 'merge' || name === 'personio';
    if (isInPath) expect(hr.calls.at(-1)?.path).toMatch(/\/\.\.%2F\.\.%2F67890%3Fx%3D1%23y$/);
    const before = hr.calls.length;
    expect(await ask('..')).toBeUndefined();
    expect(hr.calls).toHaveLength(before);
    expect(new Set(hr.calls.map(({ host }) => host))).toEqual(new Set(SYSTEMS[name].hosts));
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

  it('asks again at once where the connection broke, but only once', async () => {
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
    hr.troubles.push(trouble);

    await expect(ask()).rejects.toMatchObject({ name: 'PermanentFailure', code });
  });

  it('names a credential that is refused, without showing it, and takes a new one at once', async () => {
    const wrong = JSON.stringify(Object.fromEntries(Object.keys(FAKE_SYSTEMS[name].credential).map((key) => [key, 'wrong-credential'])));
    const right = JSON.stringify(FAKE_SYSTEMS[name].credential);

    const refused = asking(name, { secrets: [wrong] }).ask();
    await expect(refused).rejects.toMatchObject({ name: 'CredentialFailure', code: 'hr-credential-refused' });
    await expect(refused).rejects.not.toThrow('wrong-credential');
    // the same secret read again is no reason to knock once more
    expect(hr.calls.filter(({ status }) => status === 401)).toHaveLength(1);
    const { ask, read } = asking(name, { secrets: [wrong, right] });
    expect(await ask()).toMatchObject({ standing: 'left' });
    expect(read).toEqual(['stage/look-up/acme', 'stage/look-up/acme']);
  });

  it('remembers its secret for five minutes', async () => {
    const { ask, read, time } = asking(name);
    await ask();
    time.now += 4 * MINUTE;
    await ask();
    expect(read).toHaveLength(1);

    time.now += 2 * MINUTE;
    await ask();
    expect(read).toHaveLength(2);
  });

  it.each([
    ['no JSON', 'abc'],
    ['another shape', '{"key":"abc"}'],
  ])('says that its secret is of no use: %s', async (_, secret) => {
    await expect(asking(name, { secrets: [secret] }).ask()).rejects.toMatchObject({ name: 'CredentialFailure', code: 'secret-unusable' });
  });

  it('leaves HR’s own number aside where Workfront knows the id as the employee number', async () => {
    const { ask } = asking(name, { about: { employeeIdIs: 'employeeNumber' } });

    expect((await ask())?.employee.employeeNumber).toBe(ANA.id);
  });
});

const ok = (body: object) => ({ status: 200, body });
const batch = (code: number, individualId = ANA.id) => ok({ responses: [{ individual_id: individualId, code, body: {} }] });
const aToken = ok({ access_token: 'papi-fake-token', expires_in: 86_400 });
const aPerson = ok({ id: ANA.id, email: ANA.email });
const onePage = (...employments: object[]) => ok({ _data: employments });
const nextPage = { _data: [{ status: 'INACTIVE' }], _meta: { links: { next: { href: 'https://evil.test/v2/persons?cursor=c' } } } };

it.each([
  ['hibob', 'another employee', [ok({ employees: [{ '/root/id': { value: '1' } }] })], { code: 'hr-unexpected-answer' }],
  ['hibob', 'several employees', [ok({ employees: [{ '/root/id': { value: ANA.id } }, {}] })], { code: 'hr-unexpected-answer' }],
  ['finch', 'another individual', [batch(200, '1')], { code: 'hr-unexpected-answer' }],
  ['finch', 'one that is still fetched', [batch(202)], { code: 'hr-unavailable' }],
  ['finch', 'one that the employer’s system withholds', [batch(401), batch(401)], { code: 'hr-credential-refused' }],
  ['finch', 'another code', [batch(418)], { code: 'hr-unexpected-answer' }],
  ['finch', 'no status', [batch(200), batch(200)], { code: 'hr-blind' }],
  ['personio', 'pages without end', [aToken, aPerson, ...Array.from({ length: 9 }, () => ok(nextPage))], { code: 'hr-unexpected-answer' }],
] as const)('an answer of %s that is of no use is none: %s', async (name, _, answers, failure) => {
  const { ask } = asking(name);
  hr.troubles.push(...answers);

  await expect(ask()).rejects.toMatchObject(failure);
  expect(hr.calls.every(({ host }) => host !== 'evil.test')).toBe(true);
});

it.each([
  ['merge', 'was deleted there', [ok({ id: ANA.id, employment_status: 'INACTIVE', remote_was_deleted: true })], undefined],
  ['personio', 'has no employment at all', [aToken, aPerson, onePage()], undefined],
  [
    'personio',
    'has an employment that goes on beside a later one that ended',
    [
      aToken,
      aPerson,
      onePage(
        { status: 'ACTIVE', employment_start_date: '2019-01-01' },
        { status: 'INACTIVE', employment_start_date: '2024-01-01', employment_end_date: '2026-10-31' },
      ),
    ],
    expect.objectContaining({ standing: 'employed', lastDay: undefined }),
  ],
  [
    'finch',
    'is on leave, and called inactive',
    [batch(200), ok({ responses: [{ individual_id: ANA.id, code: 200, body: { is_active: false, employment_status: 'leave' } }] })],
    expect.objectContaining({ standing: 'employed' }),
  ],
] as const)('%s, about somebody who %s', async (name, _, answers, expected) => {
  const { ask } = asking(name);
  hr.troubles.push(...answers);

  expect(await ask()).toEqual(expected);
});

it('BambooHR is asked for days to come, too', async () => {
  await asking('bamboohr').ask();

  expect(Object.fromEntries(hr.calls[0]?.query ?? [])).toEqual({
    fields: 'status,terminationDate,hireDate,workEmail,employeeNumber,firstName,lastName',
    onlyCurrent: 'false',
  });
});

it('a secret that cannot be read is trouble of the credential', async () => {
  const systems = hrSystems(
    { acme: { system: 'merge', lookUp: {} } },
    {
      secrets: '',
      readSecret: () => Promise.reject(new TransientFailure('secret-missing', 'nobody has set it')),
      fetch,
      clock: () => NOW,
    },
  );

  await expect(systems.ask('acme', '1')).rejects.toMatchObject({ name: 'CredentialFailure', code: 'secret-missing' });
});

it('an HR system that says nothing is given up in time', async () => {
  hr.troubles.push('silence');
  const call = hrCalls({ fetch: standIn(fetch, hr.url), clock: () => NOW, within: 50 });

  const answer = call({ url: new URL('https://acme.bamboohr.com/api/v1/employees/1'), headers: {}, wanted: 'the employee' });

  await expect(answer).rejects.toMatchObject({ name: 'TransientFailure', code: 'hr-timed-out' });
});

it('a token of Personio is kept, and renewed where it ended, or ended early', async () => {
  const { ask, time } = asking('personio');
  await ask();
  await ask();
  expect(hr.calls.filter(({ path }) => path === '/v2/auth/token')).toHaveLength(1);

  hr.troubles.push({ status: 401, body: {} });
  expect(await ask()).toMatchObject({ standing: 'left' });
  expect(hr.calls.filter(({ path }) => path === '/v2/auth/token')).toHaveLength(2);

  time.now += 24 * HOUR;
  await ask();
  expect(hr.calls.filter(({ path }) => path === '/v2/auth/token')).toHaveLength(3);
});

it.each([
  ['bamboohr', { status: 200, body: { id: '67890', terminationDate: '2026-11-30' } }],
  ['hibob', { status: 200, body: { employees: [{ '/root/id': { value: '67890' } }] } }],
  ['merge', { status: 200, body: { id: '67890' } }],
] as const)('a credential that may not see whether somebody left is named: %s', async (name, answer) => {
  const { ask } = asking(name);
  hr.troubles.push(answer);

  await expect(ask()).rejects.toMatchObject({ name: 'CredentialFailure', code: 'hr-blind' });
});

it('HiBob’s garden leave ends access, and its leave does not', async () => {
  const { ask } = asking('hibob');
  const lifecycle = (value: string) => ({
    status: 200,
    body: {
      employees: [
        { '/root/id': { value: '67890' }, '/internal/lifecycleStatus': { value }, '/internal/terminationDate': { value: '2027-03-31' } },
      ],
    },
  });
  hr.troubles.push(lifecycle('Garden leave'), lifecycle('Parental leave'));

  expect(await ask()).toMatchObject({ standing: 'left', lastDay: undefined });
  expect(await ask()).toMatchObject({ standing: 'employed', lastDay: { date: '2027-03-31' } });
});

describe('Personio’s last day', () => {
  const person = { status: 200, body: { id: '67890', email: 'ana@acme.test' } };
  const employment = (lastWorkingDate: string | null) => ({
    status: 200,
    body: {
      _data: [
        {
          status: 'ACTIVE',
          employment_start_date: '2020-02-01',
          termination: { termination_date: '2027-02-28', last_working_date: lastWorkingDate },
        },
      ],
    },
  });
  const asked = async (lastWorkingDate: string | null, lookUp = {}) => {
    const { ask } = asking('personio', { about: { lookUp } });
    await ask();
    hr.troubles.push(person, employment(lastWorkingDate));
    return ask();
  };

  it.each([
    ['of work, over everywhere', '2026-11-29', {}, 'left', '2026-11-29'],
    ['of work, over in some places', '2026-11-30', {}, 'employed', '2026-11-30'],
    ['of work, to come', '2026-12-31', {}, 'employed', '2026-12-31'],
    ['of the contract, as the stage says', '2026-11-29', { lastDayIs: 'end-of-contract' }, 'employed', '2027-02-28'],
    ['of work, before the employment began', '2019-01-01', {}, 'employed', '2019-01-01'],
    ['of the contract, where no other is known', null, {}, 'employed', '2027-02-28'],
  ])('is that %s', async (_, lastWorkingDate, lookUp, standing, date) => {
    expect(await asked(lastWorkingDate, lookUp)).toMatchObject({ standing, lastDay: { date } });
  });
});
