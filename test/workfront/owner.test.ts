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
  it.each([{ data: { count: 7 } }, { count: 7 }])('is who the credential is and what it sees, counted as %j', async (count) => {
    const { directory, arrived, calls } = await aDirectory(tenant({ count }));

    await expect(directory.owner()).resolves.toEqual({ userId: ID, customerId: CUSTOMER, activeUsers: 7 });
    expect(arrived).toMatchObject([
      { query: { ID: '$$USER.ID', $$LIMIT: '2', fields: 'ID,customerID,isActive' } },
      { query: { isActive: 'true' } },
    ]);
    expect(calls.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it.each([
    ['not even itself', tenant({ own: [] })],
    ['no active user', tenant({ count: { count: 0 } })],
  ])('is blind where it sees %s, and asked again the next time', async (_, script) => {
    const { directory, arrived } = await aDirectory(script);

    const failure = await failureOf(directory.owner());

    expect(failure).toBeInstanceOf(CredentialFailure);
    expect(failure).toMatchObject({ code: 'blind' });
    const asked = arrived.length;
    await failureOf(directory.owner());
    expect(arrived).toHaveLength(2 * asked);
  });

  it('is not one of several', async () => {
    const own = [
      { ID, isActive: true },
      { ID: OTHER, isActive: true },
    ];
    const { directory } = await aDirectory(tenant({ own }));

    await expect(directory.owner()).rejects.toMatchObject({ code: 'filter-dropped' });
  });

  it('is proven once an hour for however many callers', async () => {
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

  it('is proven again for another secret, not for the same one read again', async () => {
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

describe('a secret replaced while its owner is proven', () => {
  it('leaves nothing to remember', async () => {
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

describe('the number of active administrators', () => {
  it('is that of the active administrators that came back', async () => {
    const data = [ID, OTHER].map((one) => ({ ID: one, isActive: true, isAdmin: true }));
    const { directory, arrived, calls } = await aDirectory(() => ({ json: { data } }));

    await expect(directory.countActiveAdministrators()).resolves.toBe(2);
    expect(arrived).toMatchObject([{ query: { isActive: 'true', isAdmin: 'true' } }]);
    expect(calls).toMatchObject([{ method: 'GET', status: 200 }]);
  });

  it.each([{ isAdmin: false }, { isActive: false }])('is not told from users among whom one is %j', async (wrong) => {
    const data = [
      { ID, isActive: true, isAdmin: true },
      { ID: THIRD, isActive: true, isAdmin: true, ...wrong },
    ];
    const { directory } = await aDirectory(() => ({ json: { data } }));

    await expect(directory.countActiveAdministrators()).rejects.toMatchObject({ code: 'filter-dropped' });
  });
});
