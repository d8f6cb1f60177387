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
      "expected a user, got status 403, give the credential's user the right to see and edit this user",
    ],
    [
      'that a read shows no user',
      read,
      [{ json: { data: { isActive: true } } }],
      'a user: data.ID: expected a string, got nothing, check the api version',
    ],
    [
      'that a read shows another user',
      read,
      [{ json: { data: aRecord({ ID: OTHER }) } }],
      'expected the user with this id, got another, check the api version',
    ],
    [
      'that an id is none',
      (directory) => directory.read('search'),
      [],
      'expected a user id of 32 hex digits, got other text, correct the id',
    ],
    [
      'that the user to deactivate is gone',
      deactivate,
      [{ status: 404 }],
      'expected a user set inactive, got status 404, check that the user still exists',
    ],
    [
      'that a deactivation is not confirmed',
      deactivate,
      [{ json: { data: { ID, isActive: true } } }],
      'expected the user inactive, got a success that does not show it, look at the user in workfront',
    ],
    [
      'that a credential does not see itself',
      owner,
      [data()],
      'expected a credential that sees users, got one that sees not even its own user, raise its access level in workfront',
    ],
    [
      'that a credential sees nobody',
      owner,
      [itself, { json: { count: 0 } }],
      'expected a credential that sees users, got one that sees no active user, raise its access level in workfront',
    ],
    [
      'that a credential is several',
      owner,
      [data({ ID, isActive: true }, { ID: OTHER, isActive: true })],
      "expected the credential's own user, got several, check the api version",
    ],
    [
      'that the own user is none',
      owner,
      [data({ ID })],
      "the credential's own user: data.0.isActive: expected a boolean, got nothing, check the api version",
    ],
    [
      'that users are not counted',
      owner,
      [itself, { json: { data: { count: -1 } } }],
      'the count of users: data.count: expected at least 0, got a number, check the api version',
    ],
    [
      'that an own user is not to be asked for',
      owner,
      [{ status: 404 }],
      "expected the credential's own user, got status 404, mend its cause and replay",
    ],
    [
      'that users are not to be counted',
      owner,
      [itself, { status: 404 }],
      'expected the count of users, got status 404, mend its cause and replay',
    ],
    [
      'that administrators are not to be asked for',
      administrators,
      [{ status: 404 }],
      'expected active administrators, got status 404, mend its cause and replay',
    ],
    [
      'that others than administrators came',
      administrators,
      [data({ ID, isActive: true, isAdmin: false })],
      'expected active administrators, got others too, check the api version',
    ],
  ])('tells %s', async (_, call, replies, line) => {
    expect(await lineOf(call, ...replies)).toBe(line);
  });

  it('tells by how much a url is too long', async () => {
    const line = await lineOf((directory) => directory.search({ field: 'extRefID', value: 'x'.repeat(9_000) }), data());

    expect(line).toMatch(/^expected users by extRefID by a url of at most 8892 bytes, got 9\d\d\d, shorten the value$/);
  });
});
