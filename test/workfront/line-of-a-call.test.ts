import { afterEach, describe, expect, it } from '@jest/globals';
import type { UserDirectory } from '../../lambda/domain/ports.ts';
import type { Reply } from '../support/scripted-http.ts';
import { aRecord, closeAll, ID, lineOf, OTHER } from './a-directory.ts';

afterEach(closeAll);

const read = (directory: UserDirectory) => directory.read(ID);
const deactivate = (directory: UserDirectory) => directory.deactivate(ID);
const reactivate = (directory: UserDirectory) => directory.reactivate(ID, {});
const owner = (directory: UserDirectory) => directory.owner();
const administrators = (directory: UserDirectory) => directory.activeAdministrators();

const data = (...hits: unknown[]): Reply => ({ json: { data: hits } });

describe('the line of a failed call', () => {
  const itself = data({ ID, isActive: true });

  it.each<[string, (directory: UserDirectory) => Promise<unknown>, Reply[], string]>([
    [
      'a read without the right',
      read,
      [{ status: 403 }],
      "expected a user, got status 403; give the credential's user the right to see and edit this user",
    ],
    [
      'a read without a user in the answer',
      read,
      [{ json: { data: { isActive: true } } }],
      'a user: data.ID: expected a string, got nothing; check the API version',
    ],
    [
      'a read of another user',
      read,
      [{ json: { data: aRecord({ ID: OTHER }) } }],
      'expected the user with this id, got another; check the API version',
    ],
    [
      'an id that is not a GUID',
      (directory) => directory.read('search'),
      [],
      'expected a user id of 32 hex digits, got other text; correct the id',
    ],
    [
      'a deactivation of a user who is gone',
      deactivate,
      [{ status: 404 }],
      'expected the user to become inactive, got status 404; check that the user still exists',
    ],
    [
      'a deactivation that is not confirmed',
      deactivate,
      [{ json: { data: { ID, isActive: true } } }],
      'expected the user to be inactive, got a success that does not show it; look at the user in Workfront',
    ],
    [
      'a refused reactivation',
      reactivate,
      [{ status: 403 }],
      "expected the user to become active, got status 403; give the credential's user the right to see and edit this user",
    ],
    [
      'a reactivation that is not confirmed',
      reactivate,
      [{ json: { data: { ID, isActive: true } } }, { json: { data: { ID, isActive: false } } }],
      'expected the user to be active, got a success and a read that shows them inactive; look at the user in Workfront',
    ],
    [
      'a reactivation of a user who is gone when they are read',
      reactivate,
      [{ json: { data: { ID, isActive: true } } }, { status: 404 }],
      'expected a user, got status 404; check that the user still exists',
    ],
    [
      'a question about an approval, in trouble',
      async (directory) => directory.isPendingApproval?.(ID),
      [{ status: 500 }],
      'expected a user, got status 500; wait and try again',
    ],
    [
      'an answer with others than the users asked about',
      (directory) => directory.whoIsActive([ID]),
      [data({ ID: OTHER, isActive: true })],
      'expected those of 1 users who are active, got others too; check the API version, and these fields in Workfront',
    ],
    [
      'a check of OR groups, in trouble',
      (directory) =>
        directory.find([
          { field: 'emailAddr', value: 'ana@acme.test' },
          { field: 'extRefID', value: '10042' },
        ]),
      [itself, { json: { data: { count: 7 } } }, { status: 429 }],
      "expected the credential's own user by OR groups, got status 429; wait and try again",
    ],
    [
      'a credential that does not see its own user',
      owner,
      [data()],
      'expected a credential that sees users, got one that sees not even its own user; raise its access level in Workfront',
    ],
    [
      'a credential that sees nobody',
      owner,
      [itself, { json: { count: 0 } }],
      'expected a credential that sees users, got one that sees no active user; raise its access level in Workfront',
    ],
    [
      'a credential of several users',
      owner,
      [data({ ID, isActive: true }, { ID: OTHER, isActive: true })],
      "expected the credential's own user, got several; check the API version, and these fields in Workfront",
    ],
    [
      'an own user in another shape',
      owner,
      [data({ ID })],
      "the credential's own user: data.0.isActive: expected a boolean, got nothing; check the API version",
    ],
    [
      'a count that is not a count',
      owner,
      [itself, { json: { data: { count: -1 } } }],
      'the count of users: data.count: expected at least 0, got a number; check the API version',
    ],
    [
      'a refused search for the own user',
      owner,
      [{ status: 404 }],
      "expected the credential's own user, got status 404; check the base URL and the API version",
    ],
    [
      'a refused count of users',
      owner,
      [itself, { status: 404 }],
      'expected the count of users, got status 404; check the base URL and the API version',
    ],
    [
      'a refused search for administrators',
      administrators,
      [{ status: 404 }],
      'expected active administrators, got status 404; check the base URL and the API version',
    ],
    [
      'an answer with others than administrators',
      administrators,
      [data({ ID, isActive: true, isAdmin: false })],
      'expected active administrators, got others too; check the API version, and these fields in Workfront',
    ],
  ])('says what is wrong and what to do: %s', async (_, call, replies, line) => {
    expect(await lineOf(call, ...replies)).toBe(line);
  });

  it('says by how much a URL is too long', async () => {
    const line = await lineOf((directory) => directory.find([{ field: 'extRefID', value: 'x'.repeat(9_000) }]), data());

    expect(line).toMatch(/^expected users by extRefID by a URL of at most 8892 bytes, got 9\d\d\d; shorten the value$/);
  });
});
