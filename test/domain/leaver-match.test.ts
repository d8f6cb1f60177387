import { describe, expect, it } from '@jest/globals';
import { parse } from '../../lambda/domain/parse.ts';
import { hasValue, matchKeys, resolveLeaver } from '../../lambda/domain/person/leaver-match.ts';
import { policy } from '../../lambda/domain/policy.ts';
import type { MatchKey, User } from '../../lambda/domain/ports.ts';
import { aDirectory, aUser, guid } from '../support/builders.ts';
import { InMemoryDirectory } from '../support/in-memory-desk.ts';

const EMAIL: MatchKey = { field: 'emailAddr', value: 'ana@acme.test' };
const NUMBER: MatchKey = { field: 'extRefID', value: '10042' };
const SSO: MatchKey = { field: 'ssoUsername', value: 'ana' };

async function resolved(keys: MatchKey[], ...users: Partial<User>[]) {
  const directory = new InMemoryDirectory(aDirectory(...users), guid(0xadd));
  const match = await resolveLeaver(keys, directory);
  const ids = match.kind === 'users' ? match.users.map(({ id }) => id) : [];
  return { ...match, ids, calls: directory.calls };
}

describe('match keys', () => {
  const employee = { email: 'ana@acme.test', employeeNumber: '10042', customFields: { 'DE:HR ID': '7', 'DE:Other': '8' } };

  it.each([
    { what: 'in the order of the stage', rules: {}, keys: [EMAIL, NUMBER] },
    {
      what: 'of the custom field named',
      rules: { matchKeys: [{ field: 'DE:HR ID', from: 'customField' }] },
      keys: [{ field: 'DE:HR ID', value: '7' }],
    },
    {
      what: 'of one value in two fields',
      rules: {
        matchKeys: [
          { field: 'username', from: 'email' },
          { field: 'emailAddr', from: 'email' },
        ],
      },
      keys: [{ field: 'username', value: 'ana@acme.test' }, EMAIL],
    },
    {
      what: 'none, where HR sent nothing that the stage looks at',
      rules: { matchKeys: [{ field: 'ssoUsername', from: 'ssoUsername' }] },
      keys: [],
    },
    { what: 'none of a custom field that was not sent', rules: { matchKeys: [{ field: 'DE:Badge', from: 'customField' }] }, keys: [] },
  ])('are $what', ({ rules, keys }) => {
    expect(matchKeys(employee, parse(policy, rules, 'policy').matchKeys)).toEqual(keys);
  });

  it('are none of a custom field where HR sent none at all', () => {
    expect(matchKeys({ email: 'ana@acme.test' }, [{ field: 'DE:HR ID', from: 'customField' }])).toEqual([]);
  });
});

describe('a user', () => {
  it.each([
    { what: 'an address in other case', user: { emailAddr: 'ANA@Acme.Test' }, key: EMAIL, has: true },
    { what: 'an address with spaces around it', user: { emailAddr: ' ana@acme.test ' }, key: EMAIL, has: true },
    {
      what: 'an address of composed letters',
      user: { emailAddr: 'jos\u00e9@acme.test' },
      key: { field: 'emailAddr', value: 'jose\u0301@acme.test' },
      has: true,
    },
    {
      what: 'an address with an accent, asked without',
      user: { emailAddr: 'jos\u00e9@acme.test' },
      key: { field: 'emailAddr', value: 'jose@acme.test' },
      has: false,
    },
    { what: 'a plus-address, asked without', user: { emailAddr: 'ana+wf@acme.test' }, key: EMAIL, has: false },
    { what: 'an address without the plus', user: {}, key: { field: 'emailAddr', value: 'ana+wf@acme.test' }, has: false },
    { what: 'an address with other dots', user: { emailAddr: 'a.na@acme.test' }, key: EMAIL, has: false },
    { what: 'no address', user: { emailAddr: undefined }, key: EMAIL, has: false },
    { what: 'an SSO name in other case', user: { ssoUsername: 'Ana' }, key: SSO, has: true },
    { what: 'a username in other case', user: { username: 'ANA' }, key: { field: 'username', value: 'ana' }, has: true },
    { what: 'an employee number', user: { extRefID: ' 10042' }, key: NUMBER, has: true },
    { what: 'an employee number with a nought in front', user: { extRefID: '010042' }, key: NUMBER, has: false },
    { what: 'an employee number in other case', user: { extRefID: 'x1' }, key: { field: 'extRefID', value: 'X1' }, has: false },
    { what: 'an employee number, asked with a space', user: { extRefID: '10042' }, key: { field: 'extRefID', value: '10042 ' }, has: true },
    { what: 'no employee number', user: {}, key: NUMBER, has: false },
    { what: 'a custom field', user: { customFields: { 'DE:HR ID': '7 ' } }, key: { field: 'DE:HR ID', value: '7' }, has: true },
    {
      what: 'a custom field, asked with a space',
      user: { customFields: { 'DE:HR ID': '7' } },
      key: { field: 'DE:HR ID', value: ' 7' },
      has: true,
    },
    { what: 'another custom field', user: { customFields: { 'DE:Other': '7' } }, key: { field: 'DE:HR ID', value: '7' }, has: false },
    {
      what: 'a custom field in other case',
      user: { customFields: { 'DE:HR ID': 'a' } },
      key: { field: 'DE:HR ID', value: 'A' },
      has: false,
    },
  ])('with $what: $has', ({ user, key, has }) => {
    expect(hasValue(aUser(user), key)).toBe(has);
  });
});

describe('a leaver', () => {
  it('is nobody where no key finds a user, each searched once', async () => {
    const match = await resolved([EMAIL, NUMBER, SSO]);

    expect(match).toMatchObject({ kind: 'none', searched: [EMAIL, NUMBER, SSO], calls: 3 });
  });

  it('is found by the first key, and the others are confirmed without a search', async () => {
    const match = await resolved([EMAIL, NUMBER, SSO], { extRefID: '10042', ssoUsername: 'ANA' });

    expect(match).toMatchObject({ ids: [guid(1)], matchedBy: 'emailAddr + extRefID + ssoUsername', searched: [EMAIL], calls: 1 });
  });

  it('is searched by a key that the user found does not have', async () => {
    const match = await resolved([EMAIL, NUMBER], { extRefID: undefined });

    expect(match).toMatchObject({ ids: [guid(1)], matchedBy: 'emailAddr', searched: [EMAIL, NUMBER], calls: 2 });
  });

  it('is searched by every key where two users are found, though one of them has it', async () => {
    const match = await resolved(
      [EMAIL, NUMBER, SSO],
      { id: guid(1), ssoUsername: 'ana' },
      { id: guid(2), emailAddr: 'bo@acme.test', extRefID: '10042' },
      { id: guid(3), emailAddr: 'cy@acme.test', ssoUsername: 'ANA' },
    );

    expect(match).toMatchObject({ ids: [guid(1), guid(2), guid(3)], searched: [EMAIL, NUMBER, SSO] });
  });

  it('is found by a later key where an earlier finds nobody', async () => {
    const match = await resolved([EMAIL, NUMBER], { emailAddr: 'ana.silva@acme.test', extRefID: '10042' });

    expect(match).toMatchObject({ ids: [guid(1)], matchedBy: 'extRefID', searched: [EMAIL, NUMBER] });
  });

  it('is not taken for a colleague with a longer address', async () => {
    const match = await resolved([EMAIL], { emailAddr: 'ana+wf@acme.test' }, { id: guid(2), emailAddr: 'joana@acme.test' });

    expect(match.kind).toBe('none');
  });

  it('is two users where two keys lead to two', async () => {
    const match = await resolved([EMAIL, NUMBER], { id: guid(1) }, { id: guid(2), emailAddr: 'other@acme.test', extRefID: '10042' });

    expect(match).toMatchObject({ ids: [guid(1), guid(2)], matchedBy: 'emailAddr / extRefID' });
  });

  it('is two users where a key has two active ones', async () => {
    const match = await resolved([EMAIL], { id: guid(1) }, { id: guid(2) });

    expect(match).toMatchObject({ ids: [guid(1), guid(2)], matchedBy: 'emailAddr / emailAddr' });
  });

  it('stays two users where a later key agrees with one of them', async () => {
    const match = await resolved([EMAIL, NUMBER], { id: guid(1), extRefID: '10042' }, { id: guid(2) });

    expect(match).toMatchObject({ ids: [guid(1), guid(2)], matchedBy: 'emailAddr + extRefID / emailAddr' });
  });

  it('is the active one of twins', async () => {
    const match = await resolved([EMAIL], { id: guid(1), isActive: false }, { id: guid(2) });

    expect(match).toMatchObject({ ids: [guid(2)], matchedBy: 'emailAddr' });
  });

  it('is looked for behind an inactive user who has all the keys', async () => {
    const match = await resolved(
      [EMAIL, NUMBER],
      { id: guid(1), isActive: false, extRefID: '10042' },
      { id: guid(2), emailAddr: 'ana.berg@acme.test', extRefID: '10042' },
    );

    expect(match).toMatchObject({ ids: [guid(1), guid(2)], searched: [EMAIL, NUMBER] });
  });

  it('is one inactive user where nobody is active', async () => {
    const match = await resolved([EMAIL], { id: guid(1), isActive: false }, { id: guid(2), isActive: false });

    expect(match).toMatchObject({ ids: [guid(1)], matchedBy: 'emailAddr' });
  });

  it('is one inactive user where two keys lead to two inactive ones', async () => {
    const match = await resolved(
      [EMAIL, NUMBER],
      { id: guid(1), isActive: false },
      { id: guid(2), isActive: false, emailAddr: 'other@acme.test', extRefID: '10042' },
    );

    expect(match).toMatchObject({ ids: [guid(1)] });
  });

  it('is two users where one key leads to an inactive one and another to an active one', async () => {
    const match = await resolved(
      [EMAIL, NUMBER],
      { id: guid(1), isActive: false },
      { id: guid(2), emailAddr: 'other@acme.test', extRefID: '10042' },
    );

    expect(match.ids).toEqual([guid(1), guid(2)]);
  });
});
