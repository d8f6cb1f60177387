import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FakeHr } from '../../../local/hr/fake-hr.ts';
import { ANA, asking, type Name, ok, settle, startHr } from '../../support/asking-hr.ts';

let hr: FakeHr;
beforeAll(async () => {
  hr = await startHr();
});
afterAll(() => hr.close());
afterEach(() => settle(hr));

/** Gives these answers instead of HR's own, one for each call. */
const answered = async (name: Name, answers: readonly { status: number; body: unknown }[]) => {
  hr.troubles.push(...answers);
  return asking(hr, name).ask();
};

/** Finch's answers about individuals, in one batch. */
const batch = (...responses: { id?: string; code?: number; body?: object }[]) =>
  ok({ responses: responses.map(({ id = ANA.id, code = 200, body = {} }) => ({ individual_id: id, code, body })) });
const finch = (employment: object, individual: object = {}) => [batch({ body: individual }), batch({ body: employment })];

/** HiBob's answer about one employee. */
const bob = (fields: Record<string, unknown>) =>
  ok({ employees: [{ '/root/id': { value: ANA.id }, '/internal/lifecycleStatus': { value: 'Terminated' }, ...fields }] });

const token = ok({ access_token: 'papi-fake-token', expires_in: 86_400 });
const person = ok({ id: ANA.id, email: ANA.email });

const unexpected = (line: string) => ({
  name: 'PermanentFailure',
  code: 'hr-unexpected-answer',
  message: `${line}; check the look-up's credential and its page in docs/sources`,
});

describe('an answer about another employee', () => {
  const another = 'employee: expected the employee with this id, got another';
  const dropped = 'employees: expected the employee with this id, got others, so HiBob ignored the filter';
  const others = 'expected one answer about this id, got others or none';

  it.each([
    ['bamboohr', 'the owner of the key, as for the id 0', [ok({ id: '1', status: 'Inactive' })], another],
    ['merge', 'another employee', [ok({ id: '1', employment_status: 'INACTIVE' })], another],
    ['personio', 'another person', [token, ok({ id: 1 }), ok({ _data: [{ status: 'INACTIVE' }] })], another],
    ['hibob', 'another employee', [bob({ '/root/id': { value: '1' } })], dropped],
    ['hibob', 'an employee without an id', [bob({ '/root/id': ANA.id })], dropped],
    ['hibob', 'another employee beside', [ok({ employees: [{ '/root/id': { value: ANA.id } }, {}] })], dropped],
    ['finch', 'another individual', [batch({ id: '1' })], `individual: ${others}`],
    ['finch', 'the employment of another', [batch({}), batch({ id: '1', body: { is_active: false } })], `employment: ${others}`],
    ['finch', 'nobody', [batch()], `individual: ${others}`],
    ['finch', 'another individual beside', [batch({}, { id: '1' })], `individual: ${others}`],
  ] as const)('is refused: %s, %s', async (name, _, answers, says) => {
    await expect(answered(name, answers)).rejects.toMatchObject(unexpected(says));
  });

  it.each([
    ['bamboohr', [ok({ id: 67890, status: 'Inactive' })]],
    ['personio', [token, ok({ id: 67890 }), ok({ _data: [{ status: 'INACTIVE' }] })]],
    ['hibob', [bob({ '/root/id': { value: 67890 } })]],
  ] as const)('is not an answer with the id as a number, as %s writes it', async (name, answers) => {
    expect(await answered(name, answers)).toMatchObject({ employee: { sourceId: ANA.id }, standing: 'left' });
  });
});

const account = { id: ANA.id, accountEnabled: false, employeeLeaveDateTime: null, mail: ANA.email };
const named = { id: ANA.id, employment_status: 'INACTIVE', first_name: 'Ana', last_name: 'Silva' };
const over = ok({ _data: [{ status: 'INACTIVE' }] });

it.each([
  ['bamboohr', [ok({ status: 'Inactive' })], 'employee: id: expected an id, got nothing'],
  ['bamboohr', [ok({ id: ANA.id, status: 'Inactive', lastName: 'Silva' }), ok({})], 'employees: data: expected an array, got nothing'],
  ['entra', [token, ok({})], 'user: id: expected an id, got nothing'],
  ['entra', [token, ok(account), ok({})], 'users: value: expected an array, got nothing'],
  ['merge', [ok({ id: ANA.id, employment_status: 7 })], 'employee: employment_status: expected a string, got a number'],
  ['merge', [ok(named), ok({})], 'employees: results: expected an array, got nothing'],
  ['hibob', [ok({ employees: 7 })], 'employees: employees: expected an array, got a number'],
  ['finch', [ok({})], 'individual: responses: expected an array, got nothing'],
  ['finch', [batch({}), ok({})], 'employment: responses: expected an array, got nothing'],
  ['finch', finch({ is_active: true }, { emails: {} }), 'individual: emails: expected an array, got an object'],
  ['finch', finch({ is_active: 1 }), 'employment: is_active: expected a boolean, got a number'],
  ['finch', [batch({ code: 418 })], 'individual: expected code 200, got 418'],
  [
    'finch',
    finch({ is_active: false }, { emails: [{ data: 'a b@acme.test', type: 'work' }] }),
    'employee: email: expected an e-mail address, got a string of 13 characters',
  ],
  ['personio', [ok({})], 'token: access_token: expected a string, got nothing'],
  ['personio', [token, ok({})], 'person: id: expected an id, got nothing'],
  ['personio', [token, person, ok({})], 'employments: _data: expected an array, got nothing'],
  ['personio', [token, ok(named), over, ok({})], 'persons: _data: expected an array, got nothing'],
] as const)('an answer of %s in another shape is refused with the place and the kind of value', async (name, answers, says) => {
  await expect(answered(name, answers)).rejects.toMatchObject(unexpected(says));
});

describe('a credential that cannot see whether an employee has left', () => {
  const hidden = [undefined, null, ''];
  const lifecycle = 'expected the lifecycle status of an employee, got none; let the service user see the lifecycle';

  it.each([
    [
      'bamboohr',
      hidden.map((status) => [ok({ id: ANA.id, status, terminationDate: '2026-11-30' })]),
      'expected the status of an employee, got none; let the owner of the key see Status and Termination Date',
    ],
    [
      'merge',
      hidden.map((status) => [ok({ id: ANA.id, employment_status: status })]),
      'expected the status of an employee, got none; give Merge the scope Employee, employment_status',
    ],
    ['hibob', hidden.map((value) => [bob({ '/internal/lifecycleStatus': { value } })]), lifecycle],
    ['hibob', [[bob({ '/internal/lifecycleStatus': undefined })], [bob({ '/internal/lifecycleStatus': 'Terminated' })]], lifecycle],
    [
      'finch',
      hidden.map((status) => finch({ employment_status: status })),
      'expected the status of an individual, got none; connect Finch with the product employment',
    ],
    [
      'entra',
      [
        [token, ok({ ...account, accountEnabled: undefined })],
        [token, ok({ ...account, employeeLeaveDateTime: undefined })],
      ],
      'expected accountEnabled and employeeLeaveDateTime of a user, got none; give the app User.Read.All and User-LifeCycleInfo.Read.All',
    ],
  ] as const)('is reported, and HR is not asked again: %s', async (name, hiding, says) => {
    for (const answers of hiding) {
      const { ask, read } = asking(hr, name);
      hr.troubles.push(...answers);

      await expect(ask()).rejects.toMatchObject({ name: 'CredentialFailure', code: 'hr-blind', message: says });
      expect(hr.troubles).toEqual([]);
      expect(read).toHaveLength(1);
    }
  });
});

describe('Finch', () => {
  it.each([
    [false, 'terminated', 'left'],
    [null, 'Retired', 'left'],
    [undefined, 'deceased', 'left'],
    [false, null, 'left'],
    [false, '', 'left'],
    [true, null, 'employed'],
    [true, 'terminated', 'employed'],
    [null, 'active', 'employed'],
    [false, 'leave', 'employed'],
    [false, 'not_terminated', 'employed'],
    [false, 'terminated_revoked', 'employed'],
  ])('active: %s, status: %s means %s', async (is_active, employment_status, standing) => {
    expect(await answered('finch', finch({ is_active, employment_status }))).toMatchObject({ standing });
  });

  it.each([
    ['the last of several first days', { latest_rehire_date: '2024-05-01', start_date: '2020-02-01' }, '2024-05-01'],
    ['the only first day', { latest_rehire_date: null, start_date: '2020-02-01' }, '2020-02-01'],
    ['nothing if there is none', {}, undefined],
  ])('gives as first day %s', async (_, dates, startedOn) => {
    expect(await answered('finch', finch({ is_active: false, ...dates }))).toMatchObject({ startedOn });
  });

  it.each([
    ['personal', [{ type: 'personal', data: 'private@acme.test' }]],
    ['none', null],
  ])('does not use an address that is %s', async (_, emails) => {
    expect(await answered('finch', finch({ is_active: false }, { emails }))).toMatchObject({ employee: { sourceId: ANA.id } });
    expect((await answered('finch', finch({ is_active: false }, { emails })))?.employee).not.toHaveProperty('email');
  });

  it('has no employee without both the individual and the employment', async () => {
    expect(await answered('finch', [batch({ code: 404 }), batch({ body: { is_active: false } })])).toBeUndefined();
    expect(await answered('finch', [batch({}), batch({ code: 404 })])).toBeUndefined();
  });

  it.each([
    [401, 'CredentialFailure', 'hr-credential-refused', 'connect Finch again'],
    [403, 'CredentialFailure', 'hr-credential-refused', 'connect Finch again'],
    [202, 'TransientFailure', 'hr-unavailable', 'wait and try again'],
    [429, 'TransientFailure', 'hr-unavailable', 'wait and try again'],
    [500, 'TransientFailure', 'hr-unavailable', 'wait and try again'],
    [503, 'TransientFailure', 'hr-unavailable', 'wait and try again'],
  ])('may refuse one answer of a batch: %d', async (code, name, ours, advice) => {
    const message = expect.stringMatching(`^expected the employment from HR, got code ${code} in the batch; ${advice}$`);

    await expect(answered('finch', [batch({}), batch({ code })])).rejects.toMatchObject({ name, code: ours, message });
  });
});

describe('HiBob', () => {
  it.each([
    ['Terminated', 'left', { date: '2027-03-31' }],
    ['Garden leave', 'left', undefined],
    ['garden_leave', 'left', undefined],
    ['GardenLeave', 'left', undefined],
    ['Parental leave', 'employed', { date: '2027-03-31' }],
    ['inactive', 'employed', { date: '2027-03-31' }],
    ['Not terminated', 'employed', { date: '2027-03-31' }],
    ['terminated soon', 'employed', { date: '2027-03-31' }],
    ['No garden leave', 'employed', { date: '2027-03-31' }],
    ['garden leave asked for', 'employed', { date: '2027-03-31' }],
  ])('with the lifecycle %s means %s', async (value, standing, lastDay) => {
    const answer = bob({ '/internal/lifecycleStatus': { value }, '/internal/terminationDate': { value: '2027-03-31' } });

    expect(await answered('hibob', [answer])).toMatchObject({ standing, lastDay });
  });
});

describe('a date', () => {
  const fields = {
    hibob: (last: string | null, first: string | null) => [
      bob({ '/internal/terminationDate': { value: last }, '/work/startDate': { value: first } }),
    ],
    merge: (last: string | null, first: string | null) => [
      ok({ id: ANA.id, employment_status: 'INACTIVE', termination_date: last, start_date: first }),
    ],
  };

  it.each([
    ['hibob', '2026-11-30', '2026-11-30'],
    ['hibob', '30/11/2026', '2026-11-30'],
    ['merge', '2026-11-30T00:00:00Z', '2026-11-30'],
    ['merge', '0000-00-00', undefined],
    ['merge', '', undefined],
    ['merge', null, undefined],
  ] as const)('of %s, written %j, is %j', async (name, written, date) => {
    expect(await answered(name, fields[name](written, written))).toMatchObject({ lastDay: date && { date }, startedOn: date });
  });

  const notADate = (length: number) => `expected a date such as 2026-11-30, got a string of ${length} characters`;
  const notADay = `date: ${notADate(10)}`;

  it.each([
    ['hibob', '11/30/2026', notADay],
    ['hibob', '30/11/2026 00:00', notADate(16)],
    ['hibob', 'on 30/11/2026', notADate(13)],
    ['hibob', '30.11.2026', notADate(10)],
    ['merge', '2026-02-30', notADay],
  ] as const)('of %s that is not a date fails the event, as the last or as the first day: %s', async (name, written, says) => {
    await expect(answered(name, fields[name](written, null))).rejects.toMatchObject(unexpected(`last day: ${says}`));
    await expect(answered(name, fields[name](null, written))).rejects.toMatchObject(unexpected(`first day: ${says}`));
  });
});

it('an employee who was deleted in the HR system behind Merge does not exist', async () => {
  const employee = { id: ANA.id, employment_status: 'INACTIVE' };

  expect(await answered('merge', [ok({ ...employee, remote_was_deleted: true })])).toBeUndefined();
  expect(await answered('merge', [ok({ ...employee, remote_was_deleted: null })])).toMatchObject({ standing: 'left' });
});
