import { describe, expect, it } from '@jest/globals';
import type { Employee } from '../../../lambda/domain/event/hr-event.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import {
  contradictedFields,
  hasValue,
  type LeaverKey,
  matchKeys,
  resolveLeaver,
  withIssued,
} from '../../../lambda/domain/person/leaver-match.ts';
import { policy } from '../../../lambda/domain/policy.ts';
import type { MatchKey, User } from '../../../lambda/domain/ports.ts';
import { aDirectory, aTermination, aUser, guid } from '../../support/builders.ts';
import { InMemoryDirectory } from '../../support/in-memory-desk.ts';

const EMAIL: LeaverKey = { field: 'emailAddr', value: 'ana@acme.test', from: 'email' };
const NUMBER: LeaverKey = { field: 'extRefID', value: '10042', from: 'employeeNumber' };
const SSO: LeaverKey = { field: 'ssoUsername', value: 'ana', from: 'ssoUsername' };

async function resolved(keys: LeaverKey[], ...users: Partial<User>[]) {
  const directory = new InMemoryDirectory(aDirectory(...users), guid(0xadd));
  const searches: (readonly MatchKey[])[] = [];
  const names: string[] = [];
  const match = await resolveLeaver(keys, {
    find: (asked) => {
      searches.push(asked);
      return directory.find(asked);
    },
    findByUsername: (name) => {
      names.push(name);
      return directory.findByUsername(name);
    },
  });
  return { ...match, ids: match.users.map(({ id }) => id), searches, names };
}

describe('match keys', () => {
  const employee = { email: 'ana@acme.test', employeeNumber: '10042', customFields: { 'DE:HR ID': '7', 'DE:Other': '8' } };

  it.each([
    { what: 'in the order of the stage', rules: {}, keys: [EMAIL, NUMBER] },
    {
      what: 'of the custom field named',
      rules: { matchKeys: [{ field: 'DE:HR ID', from: 'customField' }] },
      keys: [{ field: 'DE:HR ID', value: '7', from: 'customField' }],
    },
    {
      what: 'of one value in two fields',
      rules: {
        matchKeys: [
          { field: 'username', from: 'email' },
          { field: 'emailAddr', from: 'email' },
        ],
      },
      keys: [{ field: 'username', value: 'ana@acme.test', from: 'email' }, EMAIL],
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
    { what: 'an employee number with a 0 in front', user: { extRefID: '010042' }, key: NUMBER, has: false },
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
  it('is nobody if no key finds a user, with one search for all keys', async () => {
    const match = await resolved([EMAIL, NUMBER, SSO]);

    expect(match).toMatchObject({ ids: [], matchedBy: '', byUsernameAlone: false, searches: [[EMAIL, NUMBER, SSO]] });
  });

  it.each<{ what: string; users: Partial<User>[]; ids: string[]; matchedBy: string }>([
    {
      what: 'one user who has all the keys',
      users: [{ extRefID: '10042', ssoUsername: 'ANA' }],
      ids: [guid(1)],
      matchedBy: 'emailAddr + extRefID + ssoUsername',
    },
    { what: 'one user who has the first key alone', users: [{}], ids: [guid(1)], matchedBy: 'emailAddr' },
    {
      what: 'one user who has a later key alone',
      users: [{ emailAddr: 'ana.silva@acme.test', extRefID: '10042' }],
      ids: [guid(1)],
      matchedBy: 'extRefID',
    },
    {
      what: 'three users, if three keys lead to three',
      users: [
        { id: guid(1), ssoUsername: 'ana' },
        { id: guid(2), emailAddr: 'bo@acme.test', extRefID: '10042' },
        { id: guid(3), emailAddr: 'cy@acme.test', ssoUsername: 'ANA' },
      ],
      ids: [guid(1), guid(2), guid(3)],
      matchedBy: 'emailAddr + ssoUsername / extRefID / ssoUsername',
    },
    {
      what: 'two users, if a second account has the number alone',
      users: [
        { id: guid(1), extRefID: '10042' },
        { id: guid(2), emailAddr: 'ana+old@acme.test', extRefID: '10042' },
      ],
      ids: [guid(1), guid(2)],
      matchedBy: 'emailAddr + extRefID / extRefID',
    },
    {
      what: 'two users, if a key has two active ones',
      users: [{ id: guid(1) }, { id: guid(2) }],
      ids: [guid(1), guid(2)],
      matchedBy: 'emailAddr / emailAddr',
    },
    {
      what: 'the active one of twins',
      users: [{ id: guid(1), isActive: false }, { id: guid(2) }],
      ids: [guid(2)],
      matchedBy: 'emailAddr',
    },
    {
      what: 'the active one, if an inactive one has more keys',
      users: [
        { id: guid(1), isActive: false, extRefID: '10042' },
        { id: guid(2), emailAddr: 'ana.berg@acme.test', extRefID: '10042' },
      ],
      ids: [guid(2)],
      matchedBy: 'extRefID',
    },
    {
      what: 'one inactive user, if nobody is active',
      users: [
        { id: guid(1), isActive: false },
        { id: guid(2), isActive: false, emailAddr: 'other@acme.test', extRefID: '10042' },
      ],
      ids: [guid(1)],
      matchedBy: 'emailAddr',
    },
    {
      what: 'nobody, for a colleague with a longer address',
      users: [{ emailAddr: 'ana+wf@acme.test' }, { id: guid(2), emailAddr: 'joana@acme.test' }],
      ids: [],
      matchedBy: '',
    },
  ])('is $what', async ({ users, ids, matchedBy }) => {
    expect(await resolved([EMAIL, NUMBER, SSO], ...users)).toMatchObject({ ids, matchedBy, byUsernameAlone: false });
  });
});

describe('a log-in name', () => {
  const NAME: LeaverKey = { field: 'username', value: 'ana@acme.test', from: 'email' };

  it('is not asked for if somebody active was found', async () => {
    const match = await resolved([EMAIL, NAME], {}, { id: guid(2), emailAddr: 'x@acme.test', username: 'ana@acme.test' });

    expect(match).toMatchObject({ ids: [guid(1)], byUsernameAlone: false, searches: [[EMAIL]], names: [] });
  });

  it('is asked for if nobody active was found, and says so', async () => {
    const match = await resolved([EMAIL, NAME], { emailAddr: 'x@acme.test', username: 'ANA@acme.test' }, { id: guid(2), isActive: false });

    expect(match).toMatchObject({ ids: [guid(1)], matchedBy: 'username', byUsernameAlone: true, names: ['ana@acme.test'] });
  });

  it('is the only question if it is the only key', async () => {
    const match = await resolved([NAME], { username: 'ana@acme.test' });

    expect(match).toMatchObject({ ids: [guid(1)], byUsernameAlone: true, searches: [] });
  });

  it('that nobody has leaves the inactive one who was found', async () => {
    expect(await resolved([EMAIL, NAME], { isActive: false })).toMatchObject({ ids: [guid(1)], byUsernameAlone: false });
  });
});

describe('what HR says and Workfront shows', () => {
  it.each<{ what: string; user: Partial<User>; keys: LeaverKey[]; differs: string[] }>([
    { what: 'the same', user: { extRefID: '10042' }, keys: [EMAIL, NUMBER], differs: [] },
    { what: 'another number', user: { extRefID: '999' }, keys: [EMAIL, NUMBER], differs: ['extRefID'] },
    { what: 'no number', user: {}, keys: [EMAIL, NUMBER], differs: [] },
    { what: 'an empty number', user: { extRefID: ' ' }, keys: [EMAIL, NUMBER], differs: [] },
    { what: 'a number with zeros in front', user: { extRefID: '0010042' }, keys: [EMAIL, NUMBER], differs: [] },
    { what: 'a number with a dash', user: { extRefID: '10-042' }, keys: [EMAIL, NUMBER], differs: [] },
    { what: 'a number with one zero more inside', user: { extRefID: '100042' }, keys: [EMAIL, NUMBER], differs: ['extRefID'] },
    { what: 'an address in other case', user: { emailAddr: 'ANA@ACME.TEST' }, keys: [EMAIL], differs: [] },
    {
      what: 'an address that one of two fields has',
      user: { username: 'asilva' },
      keys: [EMAIL, { field: 'username', value: 'ana@acme.test', from: 'email' }],
      differs: [],
    },
    {
      what: 'an address that neither of two fields has',
      user: { emailAddr: 'x@acme.test', username: 'asilva' },
      keys: [EMAIL, { field: 'username', value: 'ana@acme.test', from: 'email' }],
      differs: ['emailAddr', 'username'],
    },
    {
      what: 'one of two custom fields',
      user: { customFields: { 'DE:A': '1', 'DE:B': '3' } },
      keys: [
        { field: 'DE:A', value: '1', from: 'customField' },
        { field: 'DE:B', value: '2', from: 'customField' },
      ],
      differs: ['DE:B'],
    },
  ])('contradict each other by $differs: $what', ({ user, keys, differs }) => {
    expect(contradictedFields(aUser(user), keys)).toEqual(differs);
  });
});

describe('an event', () => {
  it.each<{ what: string; user: Partial<User>; employee: Employee; is: Employee }>([
    {
      what: 'with what HR issued to the user',
      user: { extRefID: '7', ssoUsername: 'as' },
      employee: { email: 'a@b' },
      is: { email: 'a@b', employeeNumber: '7', ssoUsername: 'as' },
    },
    { what: 'whose own number counts', user: { extRefID: '07' }, employee: { employeeNumber: '7' }, is: { employeeNumber: '7' } },
    { what: 'of a user with nothing else', user: { extRefID: '' }, employee: { email: 'a@b' }, is: { email: 'a@b' } },
  ])('is completed $what', ({ user, employee, is }) => {
    const event = aTermination({ employee });

    expect(withIssued({ event }, aUser(user), parse(policy, {}, 'policy').matchKeys)).toEqual({ event: { ...event, employee: is } });
  });
});
