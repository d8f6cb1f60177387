import { afterEach, describe, expect, it } from '@jest/globals';
import { CredentialFailure } from '../../lambda/domain/failures.ts';
import type { Arrived, Reply } from '../support/scripted-http.ts';
import { aDirectory, CUSTOMER, closeAll, failureOf, ID, OTHER, THIRD } from './a-directory.ts';

afterEach(closeAll);

const HOUR = 60 * 60_000;

const tenant =
  ({ own = [{ ID, customerID: CUSTOMER, isActive: true }], count = { data: { count: 7 } } }: { own?: object[]; count?: object } = {}) =>
  ({ path }: Arrived): Reply => ({ json: path.endsWith('/user/count') ? count : { data: own } });

describe('the owner of the credential', () => {
  it.each([{ data: { count: 7 } }, { count: 7 }])(
    'is the user of the credential, with the number of users that it sees, counted as %j',
    async (count) => {
      const { directory, arrived, calls } = await aDirectory(tenant({ count }));

      await expect(directory.owner()).resolves.toEqual({ userId: ID, customerId: CUSTOMER, activeUsers: 7, seesEverybody: false });
      expect(arrived).toMatchObject([
        { query: { ID: '$$USER.ID', $$LIMIT: '2', fields: 'ID,customerID,isActive,isAdmin' } },
        { query: { isActive: 'true' } },
      ]);
      expect(calls.map(({ method }) => method)).toEqual(['GET', 'GET']);
    },
  );

  it.each([
    ['not even its own user', tenant({ own: [] })],
    ['no active user', tenant({ count: { count: 0 } })],
  ])('is blind if it sees %s, and is looked up again the next time', async (_, script) => {
    const { directory, arrived } = await aDirectory(script);

    const failure = await failureOf(directory.owner());

    expect(failure).toBeInstanceOf(CredentialFailure);
    expect(failure).toMatchObject({ code: 'blind' });
    const asked = arrived.length;
    await failureOf(directory.owner());
    expect(arrived).toHaveLength(2 * asked);
  });

  it.each([
    [true, true],
    [false, false],
    [null, false],
    [undefined, false],
  ])('who is an administrator: %s, sees everybody: %s', async (isAdmin, seesEverybody) => {
    const { directory } = await aDirectory(tenant({ own: [{ ID, isActive: true, isAdmin }] }));

    await expect(directory.owner()).resolves.toMatchObject({ seesEverybody });
  });

  it('is refused if there are several', async () => {
    const own = [
      { ID, isActive: true },
      { ID: OTHER, isActive: true },
    ];
    const { directory } = await aDirectory(tenant({ own }));

    await expect(directory.owner()).rejects.toMatchObject({ code: 'filter-dropped' });
  });

  it('is proven once an hour, however many callers there are', async () => {
    const start = Date.parse('2026-11-24T10:00:00Z');
    let now = start;
    const { directory, arrived } = await aDirectory(tenant(), { clock: () => now });

    await Promise.all(Array.from({ length: 20 }, () => directory.owner()));
    now = start + HOUR - 1;
    await directory.owner();
    expect(arrived).toHaveLength(2);

    now = start + HOUR;
    await directory.owner();
    expect(arrived).toHaveLength(4);
  });

  it('is proven again for another secret, not for the same secret read again', async () => {
    let now = 0;
    let secret = 'first-0123456789';
    const { directory, arrived } = await aDirectory(
      (request) => tenant({ own: [{ ID: request.headers.apikey === 'first-0123456789' ? ID : OTHER, isActive: true }] })(request),
      { clock: () => now, readSecret: async () => secret },
    );

    await directory.owner();
    now += 6 * 60_000;
    await directory.owner();
    expect(arrived).toHaveLength(2);

    secret = 'second-0123456789';
    now += 6 * 60_000;
    await expect(directory.owner()).resolves.toMatchObject({ userId: OTHER });
  });
});

describe('a secret that is replaced while its owner is proven', () => {
  it('is not remembered with that owner', async () => {
    const values = ['first-0123456789', 'second-0123456789'];
    const { directory } = await aDirectory(
      (request) => {
        const isFirst = request.headers.apikey === 'first-0123456789';
        if (isFirst && request.path.endsWith('/user/count')) return { status: 401 };
        return tenant({ own: [{ ID: isFirst ? ID : OTHER, isActive: true }] })(request);
      },
      { readSecret: async () => values.shift() ?? 'second-0123456789' },
    );

    await directory.owner();

    await expect(directory.owner()).resolves.toMatchObject({ userId: OTHER });
  });
});

describe('the list of active administrators', () => {
  it('has the active administrators in the answer, each once', async () => {
    const data = [ID, OTHER, ID].map((one) => ({ ID: one, isActive: true, isAdmin: true }));
    const { directory, arrived, calls } = await aDirectory(() => ({ json: { data } }));

    await expect(directory.activeAdministrators()).resolves.toEqual([ID, OTHER]);
    expect(arrived).toMatchObject([{ query: { isActive: 'true', isAdmin: 'true' } }]);
    expect(calls).toMatchObject([{ method: 'GET', status: 200 }]);
  });

  it.each([{ isAdmin: false }, { isActive: false }])('is refused if one user in the answer is %j', async (wrong) => {
    const data = [
      { ID, isActive: true, isAdmin: true },
      { ID: THIRD, isActive: true, isAdmin: true, ...wrong },
    ];
    const { directory } = await aDirectory(() => ({ json: { data } }));

    await expect(directory.activeAdministrators()).rejects.toMatchObject({ code: 'filter-dropped' });
  });
});
