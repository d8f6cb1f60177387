import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FakeEmployee } from '../../../local/hr/employees.ts';
import type { FakeHr } from '../../../local/hr/fake-hr.ts';
import { ANA, asking, type Name, ok, SYSTEMS, settle, startHr } from '../../support/asking-hr.ts';

/** Systems whose look-up also asks about the other records of the person. */
const ASKS: readonly Name[] = ['bamboohr', 'entra', 'merge', 'personio'];

/** What each system compares: Personio has no number and no second address, and Entra none that its filter finds. */
const COMPARES: Partial<Record<Name, readonly string[]>> = {
  bamboohr: ['address', 'name', 'number', 'private'],
  entra: ['address', 'number'],
  merge: ['address', 'name'],
  personio: ['name'],
};
const OTHER = { id: '77777', email: null, privateEmail: null, number: null, givenName: 'Ben', familyName: 'Silva' };

let hr: FakeHr;
beforeAll(async () => {
  hr = await startHr();
});
afterAll(() => hr.close());
afterEach(() => {
  settle(hr);
  hr.employees.change(OTHER.id, { deleted: true });
});

/** Makes another record in HR, which goes on unless it says otherwise. */
const withOther = ({ id, ...changes }: Partial<FakeEmployee> & { id: string }) =>
  hr.employees.change(id, { ...(changes as object), standing: changes.standing ?? 'employed', deleted: false });

describe.each(ASKS)('%s is asked whether the leaver has another record', (name) => {
  it.each<[string, string, Partial<FakeEmployee>]>([
    ['address', 'with the work address', { email: ANA.email }],
    ['name', 'with the whole name', { givenName: 'Ana' }],
    ['number', 'with the number', { number: '10042' }],
    ['private', 'with the private address', { privateEmail: 'Ana@home.test' }],
    ['private', 'whose work address is the private one of the leaver', { email: 'ana@home.test' }],
  ])('by %s: %s', async (by, _, changes) => {
    withOther({ ...OTHER, ...changes });

    expect(await asking(hr, name).ask()).toMatchObject({
      standing: 'left',
      otherRecord: COMPARES[name]?.includes(by) ? 'goes-on' : undefined,
    });
  });

  it.each<[string, Partial<FakeEmployee>]>([
    ['is of somebody else', {}],
    ['has ended too', { email: ANA.email, givenName: 'Ana', standing: 'left', lastDay: '2026-11-30' }],
  ])('and has none if the other one %s', async (_, changes) => {
    withOther({ ...OTHER, ...changes });

    expect(await asking(hr, name).ask()).toMatchObject({ standing: 'left', otherRecord: undefined });
  });

  it('only if the record ends', async () => {
    withOther({ ...OTHER, givenName: 'Ana', email: ANA.email });
    hr.employees.change(ANA.id, { standing: 'employed', lastDay: null });
    expect((await asking(hr, name).ask())?.otherRecord).toBeUndefined();

    hr.employees.change(ANA.id, { lastDay: '2026-11-30' });
    expect((await asking(hr, name).ask())?.otherRecord).toBe('goes-on');
  });

  it('and has none if only the record that ends is there, which goes on until then', async () => {
    hr.employees.change(ANA.id, { standing: 'employed', lastDay: '2026-12-31' });

    expect(await asking(hr, name).ask()).toMatchObject({ standing: 'employed', otherRecord: undefined });
  });

  it('unless the stage says that nobody has two', async () => {
    withOther({ ...OTHER, givenName: 'Ana', email: ANA.email });
    const lookUp = { ...SYSTEMS[name].lookUp, otherRecords: 'ignore' };

    expect((await asking(hr, name, { about: { lookUp } }).ask())?.otherRecord).toBeUndefined();
  });
});

describe('other records that cannot be seen', () => {
  const own = { employeeId: ANA.id, status: 'Inactive', firstName: 'Ana', lastName: 'Silva', workEmail: ANA.email };
  const page = (data: object[], nextCursor: string | null = null) => ok({ data, meta: { page: { nextCursor } } });
  const bamboo = { id: ANA.id, status: 'Inactive', workEmail: ANA.email, firstName: 'Ana', lastName: 'Silva' };

  it.each([
    ['it may not be asked', [ok(bamboo), { status: 403, body: '' }]],
    ['it has no such list', [ok(bamboo), { status: 404, body: '' }]],
    ['not even the leaver is in the list', [ok(bamboo), page([])]],
    ['the leaver is in the list without the address', [ok(bamboo), page([{ ...own, workEmail: null }])]],
    ['only somebody else is in the list', [ok(bamboo), page([{ ...own, employeeId: '8' }])]],
    ['there is no name to look for', [ok({ ...bamboo, lastName: undefined })]],
    ['the list is too long', [ok(bamboo), ...Array.from({ length: 8 }, (_, at) => page([own], `c${at}`))]],
  ])('are unseen in BambooHR: %s', async (_, answers) => {
    hr.troubles.push(...answers);

    expect(await asking(hr, 'bamboohr').ask()).toMatchObject({ standing: 'left', otherRecord: 'unseen' });
    expect(hr.calls).toHaveLength(answers.length);
  });

  const token = ok({ access_token: 't', expires_in: 3599 });
  const merge = { id: ANA.id, employment_status: 'INACTIVE', first_name: 'Ana', last_name: 'Silva', work_email: ANA.email };
  const person = ok({ id: ANA.id, email: ANA.email, first_name: 'Ana', last_name: 'Silva' });
  const over = ok({ _data: [{ status: 'INACTIVE' }] });
  const account = { id: ANA.id, accountEnabled: false, employeeLeaveDateTime: '2026-11-30T00:00:00Z', mail: ANA.email };
  const forbidden = { status: 403, body: {} };
  const absent = { status: 404, body: {} };

  it.each<[Name, string, { status: number; body: unknown }[]]>([
    ['merge', 'it may not be asked', [ok(merge), forbidden]],
    ['merge', 'it may not be asked for the address', [ok(merge), ok({ results: [] }), forbidden]],
    ['merge', 'it has no such list', [ok(merge), absent]],
    ['merge', 'the list is too long', [ok(merge), ok({ next: 'c', results: [] })]],
    ['merge', 'the list of the address is too long', [ok(merge), ok({ results: [] }), ok({ next: 'c', results: [] })]],
    ['merge', 'there is no name to look for', [ok({ ...merge, first_name: null })]],
    ['personio', 'it may not be asked', [token, person, over, forbidden]],
    ['personio', 'it has no such list', [token, person, over, absent]],
    [
      'personio',
      'the list is too long',
      [token, person, over, ok({ _data: [], _meta: { links: { next: { href: '/v2/persons?cursor=c' } } } })],
    ],
    ['personio', 'there is no name to look for', [token, ok({ id: ANA.id, first_name: 'Ana' }), over]],
    ['entra', 'it may not be asked', [token, ok(account), forbidden]],
    ['entra', 'it has no such list', [token, ok(account), absent]],
    ['entra', 'the list is too long', [token, ok(account), ok({ value: [], '@odata.nextLink': 'x' })]],
    ['entra', 'there is nothing to look for', [token, ok({ ...account, mail: null })]],
  ])('are unseen in %s: %s', async (name, _, answers) => {
    hr.troubles.push(...answers);

    expect(await asking(hr, name).ask()).toMatchObject({ standing: 'left', otherRecord: 'unseen' });
    expect(hr.calls).toHaveLength(answers.length);
  });

  it.each([
    ['wait while BambooHR is in trouble', 500, { name: 'TransientFailure', code: 'hr-unavailable' }],
    ['fail the event if BambooHR does not take the question', 400, { name: 'PermanentFailure', code: 'hr-refused' }],
  ])('%s', async (_, status, failure) => {
    hr.troubles.push(ok(bamboo), { status, body: '' });

    await expect(asking(hr, 'bamboohr').ask()).rejects.toMatchObject(failure);
  });

  it('are looked for on every page of BambooHR', async () => {
    hr.troubles.push(ok(bamboo), page([own], 'c1'), page([{ ...own, employeeId: '8', status: 'Active' }]));

    expect(await asking(hr, 'bamboohr').ask()).toMatchObject({ otherRecord: 'goes-on' });
    expect(hr.calls.map(({ query }) => query.get('page[after]'))).toEqual([null, null, 'c1']);
  });

  it.each<[string, object, object]>([
    ['with another private address', { homeEmail: 'ana@home.test' }, { homeEmail: 'other@home.test' }],
    ['if BambooHR knows the family name alone', {}, { firstName: null }],
    ['whose first name is as unknown as the leaver’s', { firstName: null }, { firstName: null }],
    ['with another first name and no private address either', {}, { firstName: 'Ben' }],
  ])('are no namesakes %s', async (_, leaver, namesake) => {
    const twin = { ...own, employeeId: '8', status: 'Active', workEmail: 'ana.2@acme.test', ...namesake };
    hr.troubles.push(ok({ ...bamboo, ...leaver }), page([own, twin]));

    expect(await asking(hr, 'bamboohr').ask()).toMatchObject({ standing: 'left', otherRecord: undefined });
  });

  const byName = [token, person, over];

  it.each<[Name, { status: number; body: unknown }[]]>([
    ['bamboohr', [ok(bamboo), ok({ data: [own] })]],
    ['bamboohr', [ok(bamboo), ok({ data: [own], meta: {} })]],
    ['personio', [...byName, ok({ _data: [] })]],
    ['personio', [...byName, ok({ _data: [], _meta: {} })]],
    ['personio', [...byName, ok({ _data: [], _meta: { links: {} } })]],
  ])('are all in a list of %s that does not speak of another page', async (name, answers) => {
    hr.troubles.push(...answers);

    expect(await asking(hr, name).ask()).toMatchObject({ standing: 'left', otherRecord: undefined });
    expect(hr.calls).toHaveLength(answers.length);
  });

  it.each<[string, object, 'goes-on' | undefined]>([
    ['goes on if its status is unknown', { employment_status: null }, 'goes-on'],
    ['does not go on if it was deleted in the system behind Merge', { employment_status: 'ACTIVE', remote_was_deleted: true }, undefined],
  ])('of the same name in Merge, of a leaver without an address: one %s', async (_, changes, otherRecord) => {
    const leaver = { ...merge, work_email: null };
    hr.troubles.push(ok(leaver), ok({ results: [{ ...leaver, id: '8', ...changes }] }));

    expect(await asking(hr, 'merge').ask()).toMatchObject({ standing: 'left', otherRecord });
    expect(hr.calls).toHaveLength(2);
  });
});
