import { afterEach, describe, expect, it } from '@jest/globals';
import { StageFailure } from '../../lambda/domain/failures.ts';
import type { Arrived, Reply } from '../support/scripted-http.ts';
import { aRecord, aTenant, closeAll, failureOf, ID, KEY, OTHER, THIRD } from './a-directory.ts';

afterEach(closeAll);

const ADDRESS = { field: 'emailAddr', value: 'ana@acme.test' };
const NUMBER = { field: 'extRefID', value: '10042' };
const CUSTOM = { field: 'DE:HR ID', value: '7 & 8' };
const USERNAME = { field: 'username', value: 'ana@acme.test' };
const FIELDS =
  'ID,name,firstName,lastName,emailAddr,username,extRefID,isActive,isAdmin,customerID,lastLoginDate,entryDate,accessLevelID,homeGroupID,homeTeamID,roleID,managerID';

/** Answers with these users, whether the search is for active users or for all. */
const answering = (...hits: object[]) => aTenant(() => ({ json: { data: hits } }));

const isForActive = ({ query }: Arrived) => query.isActive === 'true' || query['OR:1:isActive'] === 'true';

/** Answers a search for active users and a search for all users. */
const tenant = ({ active = [], all = active }: { active?: object[]; all?: object[] }) =>
  aTenant((request) => ({ json: { data: isForActive(request) ? active : all } }));

describe('finding users by all keys together', () => {
  it('is one search whose groups are alternatives, each with its modifier and for active users', async () => {
    const { directory, asked } = await answering(aRecord());

    await expect(directory.find([ADDRESS, NUMBER, CUSTOM])).resolves.toMatchObject([{ id: ID }]);

    expect(asked().map(({ method, path, query }) => ({ method, path, query }))).toEqual([
      {
        method: 'GET',
        path: '/attask/api/v21.0/user/search',
        query: {
          'OR:1:emailAddr': 'ana@acme.test',
          'OR:1:emailAddr_Mod': 'cieq',
          'OR:1:isActive': 'true',
          'OR:2:extRefID': '10042',
          'OR:2:extRefID_Mod': 'eq',
          'OR:2:isActive': 'true',
          'OR:3:DE:HR ID': '7 & 8',
          'OR:3:DE:HR ID_Mod': 'eq',
          'OR:3:isActive': 'true',
          $$LIMIT: '5',
          fields: FIELDS.replace('entryDate,', 'entryDate,DE:HR ID,'),
        },
      },
    ]);
    expect(asked()[0]?.headers).toMatchObject({ apikey: KEY });
  });

  it('is a plain search with one key', async () => {
    const { directory, asked } = await answering(aRecord());

    await directory.find([ADDRESS]);

    expect(asked().map(({ query }) => query)).toEqual([
      { emailAddr: 'ana@acme.test', emailAddr_Mod: 'cieq', isActive: 'true', $$LIMIT: '5', fields: FIELDS },
    ]);
  });

  it('looks for inactive users in a second search if nobody active was found', async () => {
    const left = aRecord({ isActive: false });
    const { directory, asked } = await tenant({ all: [left] });

    await expect(directory.find([ADDRESS, NUMBER])).resolves.toMatchObject([{ id: ID, isActive: false }]);

    expect(asked().map(({ query }) => Object.keys(query).filter((name) => name.includes('isActive')))).toEqual([
      ['OR:1:isActive', 'OR:2:isActive'],
      [],
    ]);
    expect({ ...asked()[1]?.query, 'OR:1:isActive': 'true', 'OR:2:isActive': 'true' }).toEqual(asked()[0]?.query);
  });

  it('finds nobody in two calls', async () => {
    const { directory, asked } = await tenant({});

    await expect(directory.find([ADDRESS, NUMBER])).resolves.toEqual([]);
    expect(asked()).toHaveLength(2);
  });

  it('gives every active user who has one of the keys', async () => {
    const second = aRecord({ ID: OTHER, emailAddr: 'a.silva@acme.test' });
    const { directory } = await answering(aRecord({ extRefID: null }), second);

    await expect(directory.find([ADDRESS, NUMBER])).resolves.toMatchObject([{ id: ID }, { id: OTHER }]);
  });

  it('gives the time at which a user was made, in UTC, and the display name', async () => {
    const { directory } = await answering(aRecord());

    await expect(directory.find([ADDRESS])).resolves.toMatchObject([
      { madeAt: '2024-01-08T08:00:00.000Z', displayName: 'Ana Silva', lastLoginAt: '2026-10-18T17:00:00.000-06:00' },
    ]);
  });

  it.each([
    ['no key of several', [aRecord(), aRecord({ ID: OTHER, emailAddr: 'ben@acme.test', extRefID: '7' })]],
    ['another user alone', [aRecord({ emailAddr: 'ben@acme.test', extRefID: null })]],
    ['an inactive user among active ones', [aRecord(), aRecord({ ID: OTHER, isActive: false })]],
    ['the same user twice', [aRecord(), aRecord()]],
    ['more users than were asked for', Array.from({ length: 6 }, (_, index) => aRecord({ ID: `${index}`.repeat(32) }))],
  ])('refuses an answer with %s', async (_, hits) => {
    const { directory } = await answering(...hits);

    const failure = await failureOf(directory.find([ADDRESS, NUMBER]));

    expect(failure).toBeInstanceOf(StageFailure);
    expect(failure).toMatchObject({
      code: 'filter-dropped',
      message: expect.stringMatching(
        /^expected at most 5 users by emailAddr or extRefID, got .+; check the API version, and these fields in Workfront$/,
      ),
    });
  });

  it('refuses an inactive user who matches no key', async () => {
    const { directory } = await tenant({ all: [aRecord({ isActive: false, emailAddr: null, extRefID: null })] });

    await expect(directory.find([ADDRESS, NUMBER])).rejects.toMatchObject({ code: 'filter-dropped' });
  });

  it.each([
    ['a list of values', ['7 & 8', '9']],
    ['an object', { value: '7 & 8' }],
  ])('leaves out a custom field with %s', async (_, value) => {
    const { directory } = await answering(aRecord({ 'DE:HR ID': value }));

    await expect(directory.find([ADDRESS, CUSTOM])).resolves.toMatchObject([{ id: ID, customFields: {} }]);
  });

  it('leaves out keys of the field username, which Workfront reads as a log-in', async () => {
    const { directory, asked } = await answering(aRecord());

    await directory.find([USERNAME, ADDRESS]);
    await expect(directory.find([USERNAME])).resolves.toEqual([]);
    await expect(directory.find([])).resolves.toEqual([]);

    expect(asked()).toHaveLength(1);
    expect(asked()[0]?.rawUrl).not.toMatch(/username(=|%22)/);
    expect(asked()[0]?.query).not.toHaveProperty('OR:1:emailAddr');
  });

  it('does not ask for an empty value', async () => {
    const { directory, asked } = await answering();

    await expect(directory.find([ADDRESS, { field: 'extRefID', value: ' ' }])).rejects.toMatchObject({ code: 'not-askable' });
    expect(asked()).toHaveLength(0);
  });
});

describe('finding users in a tenant that does not answer OR groups correctly', () => {
  const wrongTenant = (script: (request: Arrived) => Reply) => aTenant(script, { orGroups: [] });

  it('is one search for each key, and gives each user once', async () => {
    const { directory, asked } = await wrongTenant(({ query }) => ({
      json: { data: query.emailAddr === undefined ? [aRecord(), aRecord({ ID: OTHER })] : [aRecord()] },
    }));

    await expect(directory.find([ADDRESS, USERNAME, NUMBER])).resolves.toMatchObject([{ id: ID }, { id: OTHER }]);

    expect(asked().map(({ query }) => query)).toEqual([
      { emailAddr: 'ana@acme.test', emailAddr_Mod: 'cieq', isActive: 'true', $$LIMIT: '5', fields: FIELDS },
      { extRefID: '10042', extRefID_Mod: 'eq', isActive: 'true', $$LIMIT: '5', fields: FIELDS },
    ]);
  });

  it('looks for inactive users only after no key has found an active one', async () => {
    const { directory, asked } = await wrongTenant((request) => ({
      json: { data: isForActive(request) ? [] : [aRecord({ isActive: false })] },
    }));

    await expect(directory.find([ADDRESS, NUMBER])).resolves.toMatchObject([{ id: ID, isActive: false }]);
    expect(asked().map(({ query }) => query.isActive)).toEqual(['true', 'true', undefined, undefined]);
  });

  it('takes the five users of one answer, as many as it asked for', async () => {
    const data = ['1', '2', '3', '4', '5'].map((digit) => aRecord({ ID: digit.repeat(32) }));
    const { directory } = await aTenant(() => ({ json: { data } }));

    await expect(directory.find([ADDRESS])).resolves.toHaveLength(5);
  });

  it('gives at most five users', async () => {
    const { directory } = await wrongTenant(({ query }) => ({
      json: { data: ['1', '2', '3', '4'].map((digit) => aRecord({ ID: (query.extRefID ? digit : `${digit}a`).repeat(32).slice(0, 32) })) },
    }));

    await expect(directory.find([ADDRESS, NUMBER])).resolves.toHaveLength(5);
  });
});

describe('finding users by their log-in name', () => {
  it('asks for active users by filters=', async () => {
    const { directory, asked } = await answering(aRecord({ username: 'Ana "A" Silva' }));

    await expect(directory.findByUsername('ana "a" silva')).resolves.toMatchObject([{ id: ID }]);

    expect(asked().map(({ query }) => query)).toEqual([
      { filters: '{"username":"ana \\"a\\" silva"}', isActive: 'true', $$LIMIT: '5', fields: FIELDS },
    ]);
  });

  it('finds nobody in one call', async () => {
    const { directory, asked } = await tenant({ all: [aRecord({ isActive: false })] });

    await expect(directory.findByUsername('ana@acme.test')).resolves.toEqual([]);
    expect(asked()).toHaveLength(1);
  });

  it.each([
    ['another log-in name', { username: 'ben@acme.test' }],
    ['an inactive user', { isActive: false }],
  ])('refuses an answer with %s', async (_, changes) => {
    const { directory } = await answering(aRecord({ ID: THIRD, ...changes }));

    await expect(directory.findByUsername('ana@acme.test')).rejects.toMatchObject({ code: 'filter-dropped' });
  });
});
