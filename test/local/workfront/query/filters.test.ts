import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { generateDirectory } from '../../../../local/workfront/users/population.ts';
import { aFake, encode, form, type Parameters } from '../../support/call-fake.ts';

const small = await aFake();
const large = await aFake({ directory: generateDirectory({ users: 250 }) });

describe('filters over four users: Api, an administrator; Ana; Ben, inactive; Cem', () => {
  const { fake, names, user } = small;
  const [api, ana, ben, cem] = ['Api', 'Ana', 'Ben', 'Cem'] as const;
  const idOf = (name: string) => user(name).ID;

  it.each<[Parameters, string[]]>([
    [{}, [api, ana, ben, cem]],
    [{ emailAddr: 'ana@acme.test' }, [ana]],
    [{ emailAddr: 'ANA@acme.test' }, []],
    [{ emailAddr: 'ANA@acme.test', emailAddr_Mod: 'cieq' }, [ana]],
    [{ emailAddr: "cem.o'neil+X@acme.test", emailAddr_Mod: 'cieq' }, [cem]],
    [{ emailAddr: ['ana@acme.test', 'ben@acme.test'] }, [ana, ben]],
    [{ emailAddr: ['ana@acme.test', 'ben@acme.test'], emailAddr_Mod: 'in' }, [ana, ben]],
    [{ emailAddr: ['ANA@acme.test', 'ben@acme.test'], emailAddr_Mod: 'in' }, [ben]],
    [{ emailAddr: ['ANA@acme.test', 'BEN@acme.test'], emailAddr_Mod: 'ciin' }, [ana, ben]],
    [{ emailAddr: 'ana@acme.test,ben@acme.test', emailAddr_Mod: 'in' }, []],
    [{ emailAddr: ['ana@acme.test', 'ben@acme.test'], emailAddr_Mod: 'notin' }, [api, cem]],
    [{ emailAddr: ['ANA@acme.test', 'ben@acme.test'], emailAddr_Mod: 'cinotin' }, [api, cem]],
    [{ extRefID: '10042' }, [ana]],
    [{ extRefID: '10042', extRefID_Mod: 'ne' }, [api, ben, cem]],
    [{ extRefID: '10042', extRefID_Mod: 'nee' }, []],
    [{ ssoUsername: 'BSMITH', ssoUsername_Mod: 'cieq' }, [ben]],
    [{ ssoUsername: 'BSMITH', ssoUsername_Mod: 'cine' }, [api, ana, cem]],
    [{ 'DE:HR ID': 'H-1' }, [ana]],
    [{ 'DE:HR ID': 'h-1', 'DE:HR ID_Mod': 'cieq' }, [ana]],
    [{ 'DE:HR ID': '', 'DE:HR ID_Mod': 'isnull' }, [api, ben, cem]],
    [{ name: 'ANA SILVA', name_Mod: 'cieq' }, [ana]],
    [{ firstName: 'n', firstName_Mod: 'contains' }, [ana, ben]],
    [{ firstName: 'A', firstName_Mod: 'contains' }, [api, ana]],
    [{ firstName: 'A', firstName_Mod: 'cicontains' }, [api, ana]],
    [{ firstName: 'N', firstName_Mod: 'contains' }, []],
    [{ firstName: 'N', firstName_Mod: 'cinotcontains' }, [api, cem]],
    [{ firstName: 'n', firstName_Mod: 'notcontains' }, [api, cem]],
    [{ firstName: 'an em', firstName_Mod: 'cicontainsany' }, [ana, cem]],
    [{ firstName: 'a n', firstName_Mod: 'cicontainsall' }, [ana]],
    [{ firstName: 'a', firstName_Mod: 'startswith' }, [api, ana]],
    [{ firstName: '%en', firstName_Mod: 'like' }, [ben]],
    [{ firstName: '_E_', firstName_Mod: 'cilike' }, [ben, cem]],
    [{ firstName: '.en', firstName_Mod: 'like' }, []],
    [{ extRefID: 'x', extRefID_Mod: 'notnull' }, [ana]],
    [{ extRefID: 'x', extRefID_Mod: 'isblank' }, [api, ben, cem]],
    [{ extRefID: 'x', extRefID_Mod: 'notblank' }, [ana]],
    [{ extRefID: '5', extRefID_Mod: 'length_eq' }, [ana]],
    [{ extRefID: '4', extRefID_Mod: 'length_gt' }, [ana]],
    [{ extRefID: '1', extRefID_Mod: 'length_lt' }, [api, ben, cem]],
    [{ firstName: 'Ben', firstName_Mod: 'lt' }, [api, ana]],
    [{ firstName: 'Ben', firstName_Mod: 'gte' }, [ben, cem]],
    [{ firstName: 'Ana', firstName_Range: 'Api' }, [ana, api]],
    [{ firstName: 'Api', firstName_Range: 'Ben', firstName_Mod: 'between' }, [api, ben]],
    [{ isActive: 'true' }, [api, ana, cem]],
    [{ isActive: 'false', isActive_Mod: 'eq' }, [ben]],
    [{ isActive: 'maybe' }, []],
    [{ isAdmin: 'true', isActive: 'true' }, [api]],
    [{ workHoursPerDay: '8', workHoursPerDay_Mod: 'lte' }, [api, ana, ben, cem]],
    [{ ID: '$$USER.ID' }, [api]],
    [{ ID: '$$USER.ID', ID_Mod: 'ne' }, [ana, ben, cem]],
    [{ lastLoginDate: '2026-11-01', lastLoginDate_Mod: 'gte' }, [cem]],
    [{ lastLoginDate: '2026-10-31T18:00:00:000-0600', lastLoginDate_Mod: 'lt' }, [ana]],
    [{ lastLoginDate: '$$TODAY-36500d', lastLoginDate_Mod: 'gt' }, [ana, cem]],
    [{ lastLoginDate: '$$NOW', lastLoginDate_Mod: 'lte' }, [ana, cem]],
    [{ 'OR:1:firstName': 'Ana', 'OR:2:firstName': 'Ben' }, [ana, ben]],
    [{ 'OR:1:firstName': 'Ana', 'OR:2:firstName': 'Ben', 'OR:2:isActive': 'true' }, [ana]],
    [{ 'OR:a:emailAddr': 'ANA@acme.test', 'OR:a:emailAddr_Mod': 'cieq', 'OR:b:extRefID': 'x' }, [ana]],
    // Conditions outside of the groups are one more alternative: they do not apply inside the groups.
    [{ isActive: 'true', 'OR:1:firstName': 'Ben' }, [api, ana, ben, cem]],
    [
      {
        'OR:1:emailAddr': 'ANA@acme.test',
        'OR:1:emailAddr_Mod': 'cieq',
        'OR:1:isActive': 'true',
        'OR:2:ssoUsername': 'BSMITH',
        'OR:2:ssoUsername_Mod': 'cieq',
        'OR:2:isActive': 'true',
      },
      [ana],
    ],
    [{ 'OR:1:emailAddr': ['ana@acme.test', 'ben@acme.test'], 'OR:2:DE:HR ID': 'H-1' }, [ana, ben]],
    [{ 'OR:1:lastLoginDate': '2026-10-15', 'OR:1:lastLoginDate_Range': '2026-11-15', 'OR:2:firstName': 'Ben' }, [ben, cem]],
    // A plain `username` never reaches the filter; in a group that leaves the other conditions of the group.
    [{ 'OR:1:username': 'cem', 'OR:1:isActive': 'false' }, [ben]],
    [{ 'OR:1:username': 'cem' }, [api, ana, ben, cem]],
    [{ filters: '{"OR:1:username":"cem","OR:2:firstName":"Ben"}' }, [ben, cem]],
    [{ filters: '{"OR:1:firstName":"Ana","OR:2:firstName":"ben","OR:2:firstName_Mod":"cieq"}' }, [ana, ben]],
    [{ filters: '{"extRefID":null,"extRefID_Mod":"isnull"}' }, [api, ben, cem]],
  ])('finds with %j %j', async (parameters, expected) => {
    fake.directory.update(idOf(ana), { lastLoginDate: '2026-10-01T00:00:00Z' });
    fake.directory.update(idOf(cem), { lastLoginDate: '2026-11-01T00:00:00Z' });

    expect(await names(parameters)).toEqual([...expected].sort());
  });

  it('takes a list of IDs with commas, but no such list of texts', async () => {
    expect(await names({ ID: `${idOf(ana)},${idOf(ben)}`, ID_Mod: 'in' })).toEqual([ana, ben]);
  });

  it('finds a user by new values after an update, and no longer by the old ones', async () => {
    const { ID } = fake.directory.add({ firstName: 'Eva', emailAddr: 'eva@acme.test' });
    fake.directory.update(ID, { emailAddr: 'eva.new@acme.test' });

    const found = [await names({ emailAddr: 'eva@acme.test' }), await names({ emailAddr: 'EVA.new@acme.test', emailAddr_Mod: 'cieq' })];

    fake.directory.update(ID, { emailAddr: null, firstName: '-', isActive: false });
    expect(found).toEqual([[], ['Eva']]);
  });
});

describe('groups of alternatives', () => {
  const { fake, json, api } = large;
  const chosen = fake.directory.all().slice(30, 130);
  const groups = chosen.map(({ emailAddr }, at): [string, string][] => [
    [`OR:${at}:emailAddr`, emailAddr ?? ''],
    [`OR:${at}:emailAddr_Mod`, 'cieq'],
    [`OR:${at}:isActive`, 'true'],
  ]);
  const parameters = Object.fromEntries([...groups.flat(), ['fields', 'ID'], ['$$LIMIT', '2000']]);
  const active = chosen.filter(({ isActive }) => isActive);

  it('find a hundred people in one call, if it is a form', async () => {
    const { body } = await json('/user/search', form('POST', { ...parameters, method: 'GET' }));

    expect(
      z
        .array(z.object({ ID: z.string() }))
        .parse(body.data)
        .map(({ ID }) => ID)
        .sort(),
    ).toEqual(active.map(({ ID }) => ID).sort());
  });

  it('are refused in a URI that is too long', async () => {
    expect((await api(`/user/search?${encode(parameters)}`)).status).toBe(414);
  });

  it('are counted', async () => {
    const [one, other] = active;
    const query = encode({ 'OR:1:emailAddr': one?.emailAddr ?? '', 'OR:2:extRefID': other?.extRefID ?? '', 'OR:2:isActive': 'true' });

    expect((await json(`/user/count?${query}`)).body).toEqual({ data: { count: 2 } });
  });

  it.each([
    ['an unknown field', { 'OR:1:emailAddr': 'x', 'OR:2:nonsense': 'x' }, 'APIModel V21_0 does not support field nonsense (User)'],
    ['an unknown modifier', { 'OR:1:emailAddr': 'x', 'OR:1:emailAddr_Mod': 'CIEQ' }, 'Invalid modifier CIEQ for field emailAddr'],
    [
      'a limit above 2,000',
      { 'OR:1:emailAddr': 'x', $$LIMIT: '2001' },
      'The requested limit 2001 is greater than the maximum allowed limit of 2000',
    ],
  ])('are refused with %s', async (_, query, message) => {
    expect(await json(`/user/search?${encode(query)}`)).toMatchObject({ status: 422, body: { error: { message } } });
  });
});

describe('users by the day they were entered', () => {
  const { fake, search, json } = large;
  const day = '2024-03-01T12:00:00.000Z';
  const [before, first, last, after] = ['2024-03-01T11:59:59.999Z', day, '2024-03-02T12:00:00.000Z', '2024-03-02T12:00:00.001Z'];
  const chosen = fake.directory.all().slice(10, 14);
  [before, first, last, after].forEach((entryDate, at) => {
    fake.directory.update(chosen[at]?.ID ?? '', { entryDate });
  });
  const between = { entryDate: '2024-03-01T06:00:00:000-0600', entryDate_Range: '2024-03-02T12:00:00.000Z' };
  const found = async (parameters: Parameters) =>
    (await search({ ...parameters, fields: 'ID', $$LIMIT: '2000' })).map(({ ID }) => chosen.findIndex((user) => user.ID === ID));

  it.each<[string, Parameters]>([
    ['with between', { ...between, entryDate_Mod: 'between' }],
    ['with a range alone, which means between', between],
  ])('finds and counts them %s; both ends belong to the range', async (_, range) => {
    expect((await found(range)).sort()).toEqual([1, 2]);
    expect((await json(`/user/count?${encode(range)}`)).body).toEqual({ data: { count: 2 } });
  });

  it('shows the entry date as Workfront writes it', async () => {
    expect(await search({ ID: chosen[1]?.ID ?? '', fields: 'entryDate' })).toMatchObject([{ entryDate: '2024-03-01T06:00:00:000-0600' }]);
  });

  it.each(['gte', 'lt', 'eq', 'between'])('finds nobody by text that is not a date, with %s', async (entryDate_Mod) => {
    expect(await found({ entryDate: 'yesterday', entryDate_Range: 'today', entryDate_Mod })).toEqual([]);
  });
});

describe('pages over 250 users', () => {
  const { fake, search } = large;
  const page = async (parameters: Parameters) => (await search({ fields: 'ID', ...parameters })).map(({ ID }) => ID);

  it('have 100 rows without a limit, and may include inactive users', async () => {
    expect(await page({})).toHaveLength(100);
    expect(await page({ $$LIMIT: '2000' })).toHaveLength(250);
    expect(await page({ $$LIMIT: '2' })).toHaveLength(2);
    expect(await page({ $$LIMIT: '200', $$FIRST: '200' })).toHaveLength(50);
    expect(await page({ $$FIRST: '250' })).toEqual([]);
  });

  it('repeat and skip rows without a sort', async () => {
    expect(new Set([...(await page({ $$LIMIT: '125' })), ...(await page({ $$LIMIT: '125', $$FIRST: '125' }))]).size).toBeLessThan(250);
  });

  it('are complete and in order with a sort', async () => {
    const pages = [await page({ ID_Sort: 'asc', $$LIMIT: '200' }), await page({ ID_Sort: 'asc', $$LIMIT: '200', $$FIRST: '200' })];

    expect(pages.flat()).toEqual(
      fake.directory
        .all()
        .map(({ ID }) => ID)
        .sort(),
    );
  });

  it('begin with active users for isActive_Sort=desc, and with inactive ones for asc', async () => {
    const states = async (direction: string) =>
      (await search({ fields: 'isActive', isActive_Sort: direction, $$LIMIT: '250' })).map(({ isActive }) => isActive);

    expect(await states('desc')).toEqual([...(await states('desc'))].sort().reverse());
    expect((await states('desc'))[0]).toBe(true);
    expect((await states('asc'))[0]).toBe(false);
  });

  it('sort by several fields in the order of their numbers', async () => {
    const rows = await search({ fields: 'isActive,extRefID', extRefID_2_Sort: 'desc', isActive_1_Sort: 'asc', $$LIMIT: '250' });

    const keys = rows.map(({ isActive, extRefID }) => `${isActive} ${extRefID === null ? '0' : extRefID}`);
    expect(keys.filter((key) => key.startsWith('false'))).toEqual(
      keys
        .filter((key) => key.startsWith('false'))
        .sort()
        .reverse(),
    );
    expect(keys[0]).toMatch(/^false/);
  });
});

it('finds the same users by index as by reading every user', async () => {
  const { fake, search } = large;
  const users = fake.directory.all();
  const field = fc.constantFrom('emailAddr' as const, 'extRefID' as const, 'ssoUsername' as const);
  const mod = fc.constantFrom('eq', 'cieq');
  const spelling = fc.constantFrom(
    (text: string) => text,
    (text: string) => text.toUpperCase(),
    (text: string) => `${text} `,
  );

  await fc.assert(
    fc.asyncProperty(fc.nat(users.length - 1), field, mod, spelling, async (position, name, modifier, spell) => {
      const value = spell(users[position]?.[name] ?? 'nobody');
      const same = (text: string | null) => (modifier === 'eq' ? text === value : text?.toLowerCase() === value.toLowerCase());
      const found = await search({ [name]: value, [`${name}_Mod`]: modifier, fields: 'ID' });

      expect(found.map(({ ID }) => ID).sort()).toEqual(
        users
          .filter((one) => same(one[name]))
          .map(({ ID }) => ID)
          .sort(),
      );
    }),
    { numRuns: 60 },
  );
});
