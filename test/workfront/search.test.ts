import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StageFailure } from '../../lambda/domain/failures.ts';
import type { MatchKey, UserDirectory } from '../../lambda/domain/ports.ts';
import { aDirectory, aRecord, CUSTOMER, closeAll, failureOf, ID, KEY, OTHER, THIRD } from './a-directory.ts';

afterEach(closeAll);

/** A log-in name has a search of its own. */
const byOneKey = (directory: UserDirectory, { field, value }: MatchKey) =>
  field === 'username' ? directory.findByUsername(value) : directory.find([{ field, value }]);

const answering = (...hits: object[]) => aDirectory(() => ({ json: { data: hits } }));

describe('a search', () => {
  it('asks for at most five users by an exact filter, with the credential in a header only', async () => {
    const { directory, arrived, calls } = await answering(aRecord());

    await directory.find([{ field: 'emailAddr', value: 'ana@acme.test' }]);

    expect(arrived).toHaveLength(1);
    expect(arrived[0]).toMatchObject({
      method: 'GET',
      path: '/attask/api/v21.0/user/search',
      body: '',
      query: {
        emailAddr: 'ana@acme.test',
        emailAddr_Mod: 'cieq',
        $$LIMIT: '5',
        isActive: 'true',
        fields:
          'ID,name,firstName,lastName,emailAddr,username,extRefID,isActive,isAdmin,customerID,lastLoginDate,entryDate,accessLevelID,homeGroupID,homeTeamID,roleID,managerID',
      },
      headers: { apikey: KEY, accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'workfront-offboarding' },
    });
    expect(arrived[0]?.rawUrl).not.toContain(KEY);
    expect(calls).toEqual([{ method: 'GET', ms: expect.any(Number), status: 200 }]);
  });

  it('gives the users as the domain knows them', async () => {
    const { directory } = await answering(aRecord({ extRefID: '', lastLoginDate: null, ID: ID.toUpperCase() }));

    await expect(directory.find([{ field: 'emailAddr', value: 'ana@acme.test' }])).resolves.toEqual([
      {
        id: ID,
        isActive: true,
        isAdmin: false,
        customerId: CUSTOMER,
        firstName: 'Ana',
        lastName: 'Silva',
        emailAddr: 'ana@acme.test',
        username: 'ana@acme.test',
        ssoUsername: undefined,
        extRefID: undefined,
        lastLoginAt: undefined,
        madeAt: '2024-01-08T08:00:00.000Z',
        displayName: 'Ana Silva',
        customFields: {},
      },
    ]);
  });

  it.each([
    ['2020-05-18T17:00:00:000-0600', '2020-05-18T17:00:00.000-06:00'],
    ['2020-05-18T17:00:00.776-0600', '2020-05-18T17:00:00.776-06:00'],
    ['2020-05-18T17:00:00:000+0530', '2020-05-18T17:00:00.000+05:30'],
    ['2020-05-18T17:00:00Z', '2020-05-18T17:00:00Z'],
  ])('reads the date %s as %s', async (lastLoginDate, lastLoginAt) => {
    const { directory } = await answering(aRecord({ lastLoginDate }));

    await expect(directory.find([{ field: 'extRefID', value: '10042' }])).resolves.toMatchObject([{ lastLoginAt }]);
  });

  it.each([
    ['emailAddr', 'ana+wf@acme.test', 'ana+wf@acme.test'],
    ['emailAddr', "o'brien@acme.test", "O'Brien@acme.test"],
    ['emailAddr', 'r&d@acme.test', 'r&d@acme.test'],
    ['emailAddr', 'jürgen@acme.test', 'JÜRGEN@acme.test'],
    ['emailAddr', 'ju\u0308rgen@acme.test', 'j\u00fcrgen@acme.test'],
    ['emailAddr', ' ANA@acme.test ', 'ana@ACME.test'],
    ['ssoUsername', 'ACME\\ana', 'acme\\Ana'],
    ['username', 'a"b&c=d@acme.test', 'A"b&c=d@acme.test'],
    ['extRefID', '10 042/ä+%', ' 10 042/ä+%'],
    ['DE:HR ID & more', '10042', '10042'],
  ])('by %s finds %j in %j', async (field, value, stored) => {
    const { directory, arrived } = await answering(aRecord({ [field]: stored }));

    const users = await byOneKey(directory, { field, value });

    expect(users).toHaveLength(1);
    const asked = ['extRefID', 'DE:HR ID & more'].includes(field) ? value.trim() : value.trim().normalize('NFC');
    const { query } = arrived[0] ?? { query: {} };
    if (field === 'username') {
      expect(query).toMatchObject({ filters: JSON.stringify({ username: asked }) });
      expect(query).not.toHaveProperty('username');
    } else expect(query).toMatchObject({ [field]: asked, [`${field}_Mod`]: field === 'emailAddr' ? 'cieq' : 'eq' });
  });

  it('asks exactly for what it was asked, whatever the text', async () => {
    const stored = { value: '' };
    const { directory, arrived } = await aDirectory(() => ({ json: { data: [aRecord({ extRefID: stored.value })] } }));

    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), async (value) => {
        fc.pre(value.trim() !== '');
        stored.value = value;
        arrived.length = 0;

        await expect(directory.find([{ field: 'extRefID', value }])).resolves.toHaveLength(1);

        expect(arrived[0]?.query.extRefID).toBe(value.trim());
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['another address', 'emailAddr', 'ana@acme.test', [aRecord({ emailAddr: 'ben@acme.test' })]],
    ['one right and one wrong', 'emailAddr', 'ana@acme.test', [aRecord(), aRecord({ ID: OTHER, emailAddr: 'ben@acme.test' })]],
    ['no address at all', 'emailAddr', 'ana@acme.test', [aRecord({ emailAddr: null })]],
    ['a plus-address for the plain one', 'emailAddr', 'ana@acme.test', [aRecord({ emailAddr: 'ana+x@acme.test' })]],
    ['another case of a number', 'extRefID', 'a1', [aRecord({ extRefID: 'A1' })]],
    ['a wildcard that Workfront has expanded', 'extRefID', '$$USER.ID', [aRecord()]],
    ['the ignored username', 'username', 'ana@acme.test', [aRecord({ username: 'ben@acme.test' })]],
    ['a custom field of several values', 'DE:HR ID', '10042', [aRecord({ 'DE:HR ID': ['10042', '10043'] })]],
    ['more than five', 'extRefID', '10042', ['0', '1', '2', '3', '4', '5'].map((digit) => aRecord({ ID: digit.repeat(32) }))],
    ['the same one twice', 'extRefID', '10042', [aRecord(), aRecord()]],
  ])('refuses an answer with %s', async (_, field, value, hits) => {
    const { directory } = await answering(...hits);

    const failure = await failureOf(byOneKey(directory, { field, value }));

    expect(failure).toBeInstanceOf(StageFailure);
    expect(failure).toMatchObject({ code: 'filter-dropped', message: expect.not.stringContaining(value) });
  });

  it.each([
    ['an empty value', ' '],
    ['half a character', 'a\ud800'],
  ])('does not ask for %s', async (_, value) => {
    const { directory, arrived } = await answering();

    await expect(directory.find([{ field: 'extRefID', value }])).rejects.toMatchObject({ code: 'not-askable' });
    expect(arrived).toHaveLength(0);
  });

  it('does not send a url that is too long', async () => {
    const { directory, arrived } = await answering();

    await expect(directory.find([{ field: 'extRefID', value: 'ä'.repeat(1_500) }])).rejects.toMatchObject({ code: 'too-long' });
    expect(arrived).toHaveLength(0);
  });

  it('sends a url of as many bytes as Workfront takes, and none of one more', async () => {
    const { directory, arrived } = await answering();
    await directory.find([{ field: 'extRefID', value: 'x' }]);
    const room = 8_892 - `http://${arrived[0]?.headers.host}${arrived[0]?.rawUrl}`.length;

    await expect(directory.find([{ field: 'extRefID', value: 'x'.repeat(1 + room) }])).resolves.toEqual([]);
    await expect(directory.find([{ field: 'extRefID', value: 'x'.repeat(2 + room) }])).rejects.toMatchObject({ code: 'too-long' });
  });

  it('is empty if nobody has the value', async () => {
    const { directory, arrived } = await answering();

    await expect(directory.find([{ field: 'emailAddr', value: 'ana@acme.test' }])).resolves.toEqual([]);
    expect(arrived.map(({ query }) => query.isActive)).toEqual(['true', undefined]);
  });

  it.each([
    ['an id that is not a GUID', { ID: '123' }],
    ['an isActive that is text', { isActive: 'false' }],
    ['no isActive', { isActive: undefined }],
  ])('refuses a user with %s', async (_, changes) => {
    const { directory } = await answering(aRecord(changes));

    await expect(directory.find([{ field: 'extRefID', value: '10042' }])).rejects.toMatchObject({
      code: 'unexpected-answer',
      cause: { name: 'InvalidInput' },
    });
  });

  it.each([
    ['a log-in date', { lastLoginDate: 'yesterday' }, 'lastLoginAt'],
    ['a log-in date of another type', { lastLoginDate: 1 }, 'lastLoginAt'],
    ['an entry date', { entryDate: '2024-01-08' }, 'madeAt'],
    ['an entry date of another type', { entryDate: {} }, 'madeAt'],
    ['a display name', { name: 7 }, 'displayName'],
    ['no entry date', { entryDate: null }, 'madeAt'],
    ['a first name', { firstName: ['Ana'] }, 'firstName'],
    ['a last name', { lastName: 7 }, 'lastName'],
    ['an address', { emailAddr: {} }, 'emailAddr'],
    ['a log-in name', { username: true }, 'username'],
    ['an SSO name', { ssoUsername: 7 }, 'ssoUsername'],
    ['no isAdmin', { isAdmin: undefined }, 'isAdmin'],
    ['an isAdmin that is null', { isAdmin: null }, 'isAdmin'],
    ['an isAdmin that is text', { isAdmin: 'false' }, 'isAdmin'],
  ])('leaves out %s that it cannot read', async (_, changes, field) => {
    const { directory } = await answering(aRecord(changes));

    const [user] = await directory.find([{ field: 'extRefID', value: '10042' }]);

    expect(user).toMatchObject({ id: ID, [field]: undefined });
  });

  it('leaves out a custom field that is a list', async () => {
    const { directory } = await aDirectory(() => ({ json: { data: [aRecord({ 'DE:HR ID': ['10042', '10043'] })] } }), {
      customFields: ['DE:HR ID'],
    });

    await expect(directory.find([{ field: 'extRefID', value: '10042' }])).resolves.toMatchObject([{ id: ID, customFields: {} }]);
  });

  it('counts a number that it cannot read as another', async () => {
    const { directory } = await answering(aRecord({ extRefID: 10042 }));

    await expect(directory.find([{ field: 'emailAddr', value: 'ana@acme.test' }])).resolves.toMatchObject([{ extRefID: undefined }]);
  });

  it('reads the configured custom and extra fields', async () => {
    const { directory, arrived } = await aDirectory(
      () => ({ json: { data: [aRecord({ ssoUsername: 'ana', 'DE:HR ID': 10042, 'DE:Cost': null, 'DE:Not asked': 'x' })] } }),
      { customFields: ['DE:HR ID', 'DE:Cost'], extraFields: ['ssoUsername'] },
    );

    await expect(directory.find([{ field: 'extRefID', value: '10042' }])).resolves.toMatchObject([
      { ssoUsername: 'ana', customFields: { 'DE:HR ID': '10042' } },
    ]);
    expect(arrived[0]?.query.fields).toMatch(/,ssoUsername,DE:HR ID,DE:Cost,accessLevelID/);
  });
});

it.each<[string, unknown, Record<string, string>]>([
  ['text', '10042', { 'DE:HR ID': '10042' }],
  ['a number', 0, { 'DE:HR ID': '0' }],
  ['a boolean', false, { 'DE:HR ID': 'false' }],
  ['no text', '', {}],
  ['null', null, {}],
  ['several values', ['10042'], {}],
  ['an object', { value: '10042' }, {}],
])('a custom field with %s is given as text, or not at all', async (_, value, customFields) => {
  const { directory } = await aDirectory(() => ({ json: { data: [aRecord({ 'DE:HR ID': value })] } }), { customFields: ['DE:HR ID'] });

  const [user] = await directory.find([{ field: 'extRefID', value: '10042' }]);

  expect(user?.customFields).toEqual(customFields);
});

describe('a search that finds twins', () => {
  const active = aRecord();
  const left = aRecord({ ID: OTHER, isActive: false, emailAddr: 'ANA@acme.test' });
  const leftToo = aRecord({ ID: THIRD, isActive: false });

  const twins = (all: object[], activeOnes: object[]) =>
    aDirectory(({ query }) => ({ json: { data: query.isActive === 'true' ? activeOnes : all } }));

  it.each([
    ['two active ones', [], [active, aRecord({ ID: OTHER })], [ID, OTHER], 1],
    ['the active one alone, in one call', [left, active], [active], [ID], 1],
    ['two inactive ones after nobody active was found', [left, leftToo], [], [OTHER, THIRD], 2],
    ['the active third of many', [left, leftToo], [active], [ID], 1],
  ])('gives %s', async (_, all, activeOnes, ids, calls) => {
    const { directory, arrived } = await twins(all, activeOnes);

    const users = await directory.find([{ field: 'emailAddr', value: 'ana@acme.test' }]);

    expect(users.map(({ id }) => id)).toEqual(ids);
    expect(arrived).toHaveLength(calls);
  });

  it('refuses an inactive user in the search for active users', async () => {
    const { directory } = await twins([left, leftToo], [left]);

    await expect(directory.find([{ field: 'emailAddr', value: 'ana@acme.test' }])).rejects.toMatchObject({ code: 'filter-dropped' });
  });
});
