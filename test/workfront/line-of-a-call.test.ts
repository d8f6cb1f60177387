import { afterEach, describe, expect, it } from '@jest/globals';
import type { UserDirectory } from '../../lambda/domain/ports.ts';
import type { Reply } from '../support/scripted-http.ts';
import { aRecord, closeAll, ID, lineOf, OTHER } from './a-directory.ts';

afterEach(closeAll);

const read = (directory: UserDirectory) => directory.read(ID);
const deactivate = (directory: UserDirectory) => directory.deactivate(ID);
const owner = (directory: UserDirectory) => directory.owner();
const administrators = (directory: UserDirectory) => directory.countActiveAdministrators();

const data = (...hits: unknown[]): Reply => ({ json: { data: hits } });

describe('the line of a failed call', () => {
  const itself = data({ ID, isActive: true });

  it.each<[string, (directory: UserDirectory) => Promise<unknown>, Reply[], string]>([
    [
      'that a read may not',
      read,
      [{ status: 403 }],
      "wanted a user, came status 403, give the credential's user the right to see and edit this user",
    ],
    [
      'that a read shows no user',
      read,
      [{ json: { data: { isActive: true } } }],
      'a user: data.ID: wanted a string, came nothing, check the api version',
    ],
    [
      'that a read shows another user',
      read,
      [{ json: { data: aRecord({ ID: OTHER }) } }],
      'wanted the user with this id, came another, check the api version',
    ],
    [
      'that an id is none',
      (directory) => directory.read('search'),
      [],
      'wanted a user id of 32 hex digits, came other text, correct the id',
    ],
    [
      'that the user to deactivate is gone',
      deactivate,
      [{ status: 404 }],
      'wanted a user set inactive, came status 404, check that the user still exists',
    ],
    [
      'that a deactivation is not confirmed',
      deactivate,
      [{ json: { data: { ID, isActive: true } } }],
      'wanted the user inactive, came a success that does not show it, look at the user in workfront',
    ],
    [
      'that a credential does not see itself',
      owner,
      [data()],
      'wanted a credential that sees users, came one that sees not even its own user, raise its access level in workfront',
    ],
    [
      'that a credential sees nobody',
      owner,
      [itself, { json: { count: 0 } }],
      'wanted a credential that sees users, came one that sees no active user, raise its access level in workfront',
    ],
    [
      'that a credential is several',
      owner,
      [data({ ID, isActive: true }, { ID: OTHER, isActive: true })],
      "wanted the credential's own user, came several, check the api version",
    ],
    [
      'that the own user is none',
      owner,
      [data({ ID })],
      "the credential's own user: data.0.isActive: wanted a boolean, came nothing, check the api version",
    ],
    [
      'that users are not counted',
      owner,
      [itself, { json: { data: { count: -1 } } }],
      'the count of users: data.count: wanted at least 0, came a number, check the api version',
    ],
    [
      'that an own user is not to be asked for',
      owner,
      [{ status: 404 }],
      "wanted the credential's own user, came status 404, mend its cause and replay",
    ],
    [
      'that users are not to be counted',
      owner,
      [itself, { status: 404 }],
      'wanted the count of users, came status 404, mend its cause and replay',
    ],
    [
      'that administrators are not to be asked for',
      administrators,
      [{ status: 404 }],
      'wanted active administrators, came status 404, mend its cause and replay',
    ],
    [
      'that others than administrators came',
      administrators,
      [data({ ID, isActive: true, isAdmin: false })],
      'wanted active administrators, came others too, check the api version',
    ],
  ])('tells %s', async (_, call, replies, line) => {
    expect(await lineOf(call, ...replies)).toBe(line);
  });

  it('tells by how much a url is too long', async () => {
    const line = await lineOf((directory) => directory.search({ field: 'extRefID', value: 'x'.repeat(9_000) }), data());

    expect(line).toMatch(/^wanted users by extRefID by a url of at most 8892 bytes, came 9\d\d\d, shorten the value$/);
  });
});
