import { afterEach, describe, expect, it } from '@jest/globals';
import type { Reply } from '../support/scripted-http.ts';
import { aRecord, aTenant, closeAll, failureOf, OTHER, OWNER } from './a-directory.ts';

afterEach(closeAll);

const KEYS = [
  { field: 'emailAddr', value: 'ana@acme.test' },
  { field: 'extRefID', value: '10042' },
];
const found = () => ({ json: { data: [aRecord()] } });

describe('the check of OR groups', () => {
  it("asks for the credential's own user between two impossible ones", async () => {
    const { directory, asked, checks } = await aTenant(found);

    await directory.find(KEYS);

    expect(checks().map(({ path, query }) => ({ path, query }))).toEqual([
      {
        path: '/attask/api/v21.0/user/search',
        query: {
          'OR:1:ID': '0'.repeat(32),
          'OR:1:ID_Mod': 'eq',
          'OR:1:isActive': 'true',
          'OR:2:ID': OWNER,
          'OR:2:ID_Mod': 'eq',
          'OR:2:isActive': 'true',
          'OR:3:ID': 'f'.repeat(32),
          'OR:3:ID_Mod': 'eq',
          'OR:3:isActive': 'true',
          $$LIMIT: '2',
          fields: 'ID,isActive',
        },
      },
    ]);
    expect(asked()).toHaveLength(1);
  });

  it('is not needed for one key', async () => {
    const { directory, checks } = await aTenant(found);

    await directory.find(KEYS.slice(0, 1));

    expect(checks()).toEqual([]);
  });

  it('is made once for however many searches', async () => {
    const { directory, checks } = await aTenant(found);

    await Promise.all(Array.from({ length: 20 }, () => directory.find(KEYS)));
    await directory.find(KEYS);

    expect(checks()).toHaveLength(1);
  });

  it.each<[string, string[] | Reply]>([
    ['nobody', []],
    ['another user', [OTHER]],
    ['others too', [OWNER, OTHER]],
    ['a refusal', { status: 422, json: { error: { class: 'java.lang.IllegalArgumentException' } } }],
    ['another shape', { json: { data: {} } }],
  ])('fails after an answer with %s: then each key has its own search', async (_, orGroups) => {
    const { directory, asked } = await aTenant(found, { orGroups });

    await directory.find(KEYS);

    expect(asked().map(({ query }) => Object.keys(query)[0])).toEqual(['emailAddr', 'extRefID']);
  });

  it.each<[string, Reply, string]>([
    ['unreachable', 'reset', 'unreachable'],
    ['busy', { status: 429, json: {} }, 'throttled'],
    ['at another address', { status: 302 }, 'redirected'],
  ])('has no result while Workfront is %s, and is made again the next time', async (_, orGroups, code) => {
    const { directory, asked, checks } = await aTenant(found, { orGroups });

    expect(await failureOf(directory.find(KEYS))).toMatchObject({ code });
    expect(await failureOf(directory.find(KEYS))).toMatchObject({ code });

    expect(checks()).toHaveLength(2);
    expect(asked()).toEqual([]);
  });
});
