import { afterEach, describe, expect, it } from '@jest/globals';
import { credentialFromSecret } from '../../lambda/workfront/credentials.ts';
import { workfrontDirectory } from '../../lambda/workfront/directory.ts';
import { startFakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import { guidOf } from '../../local/workfront/users/user.ts';
import type { Reply } from '../support/scripted-http.ts';
import { aDirectory, aRecord, closeAll, failureOf, ID, noToken, OTHER } from './a-directory.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await closeAll();
  await Promise.all(running.splice(0).map((one) => one.close()));
});

async function aTenant() {
  const fake = await startFakeWorkfront({ users: 60 });
  running.push(fake);
  const directory = workfrontDirectory({
    baseUrl: fake.url,
    apiVersion: 'v21.0',
    credential: credentialFromSecret({ readSecret: async () => fake.apiKey, giveToken: noToken, clock: Date.now }),
    callsInFlight: 2,
    customFields: [],
    extraFields: [],
  });
  const ana = fake.directory.add({ emailAddr: 'ana@acme.test', accessLevelID: guidOf('level'), homeTeamID: guidOf('team') });
  return { fake, directory, ana };
}

describe('activating a user again', () => {
  it('gives back what a deactivation took, with what the search before it had read', async () => {
    const { fake, directory, ana } = await aTenant();
    const [found] = await directory.find([{ field: 'emailAddr', value: 'ana@acme.test' }]);
    await directory.deactivate(ana.ID);
    expect(fake.directory.byId(ana.ID)).toMatchObject({ isActive: false, accessLevelID: null, homeTeamID: null });

    await directory.reactivate(ana.ID, found?.placement ?? {});

    expect(fake.directory.byId(ana.ID)).toMatchObject({ isActive: true, accessLevelID: guidOf('level'), homeTeamID: guidOf('team') });
  });

  it('names the active user who has the address by now', async () => {
    const { fake, directory, ana } = await aTenant();
    await directory.deactivate(ana.ID);
    const other = fake.directory.add({ emailAddr: 'Ana@acme.test' });

    const failure = await failureOf(directory.reactivate(ana.ID, {}));

    expect(failure).toMatchObject({
      code: 'address-taken',
      message:
        `another active user, ${other.ID}, has the address of this user; ` +
        'deactivate that user, or change its address, then order the undo again',
      cause: { code: 'refused' },
    });
    expect(fake.directory.byId(ana.ID)?.isActive).toBe(false);
  });

  it.each(['reset-after-write', 'reset-before-write'] as const)('believes the read alone if the answer is lost: %s', async (trouble) => {
    const { fake, directory, ana } = await aTenant();
    await directory.deactivate(ana.ID);
    fake.behaviour.failNext = [trouble];

    const done = directory.reactivate(ana.ID, {}).then(
      () => 'done',
      (failure: unknown) => Object(failure).code,
    );

    await expect(done).resolves.toBe(trouble === 'reset-after-write' ? 'done' : 'unreachable');
    expect(fake.directory.byId(ana.ID)?.isActive).toBe(trouble === 'reset-after-write');
  });

  it('fails if Workfront says yes and the user stays inactive', async () => {
    const { fake, directory, ana } = await aTenant();
    await directory.deactivate(ana.ID);
    fake.behaviour.ignoreWrites = true;

    expect(await failureOf(directory.reactivate(ana.ID, {}))).toMatchObject({ code: 'not-confirmed' });
  });
});

describe('a reactivation', () => {
  const state = (isActive: boolean, id = ID): Reply => ({ json: { data: { ID: id, isActive } } });
  const inactive = { json: { data: aRecord({ isActive: false }) } };

  /** A tenant that answers the write so, a read of the user so, and finds these users by the address. */
  const answering = (put: Reply, get: Reply, hits: ReturnType<typeof aRecord>[] = []) =>
    aDirectory(({ method, path, query }) => {
      if (method === 'PUT') return put;
      if (!path.endsWith('/search')) return get;
      return { json: { data: hits.filter(({ isActive }) => isActive || query.isActive === undefined) } };
    });

  it('writes that the user is active and what they get back, and asks for nothing else about them', async () => {
    const { directory, arrived } = await answering(state(true), state(true));

    await directory.reactivate(ID, { homeTeamID: OTHER });

    expect(arrived.map(({ method, query, body }) => ({ method, query, body }))).toEqual([
      { method: 'PUT', query: { fields: 'ID,isActive' }, body: JSON.stringify({ isActive: true, homeTeamID: OTHER }) },
      { method: 'GET', query: { fields: 'ID,isActive' }, body: '' },
    ]);
  });

  it('fails if the read shows another user active', async () => {
    const { directory } = await answering(state(true), state(true, OTHER));

    expect(await failureOf(directory.reactivate(ID, {}))).toMatchObject({ code: 'not-confirmed' });
  });

  const refused: Reply = { status: 422, json: { error: { class: 'java.lang.X' } } };

  it.each<[string, Reply, ReturnType<typeof aRecord>[]]>([
    ['nobody', inactive, []],
    ['only this user', inactive, [aRecord({ isActive: false })]],
    ['only this user, who is active by now', inactive, [aRecord()]],
    ['another user who is inactive', inactive, [aRecord({ ID: OTHER, isActive: false })]],
    ['somebody, but this user no address', { json: { data: aRecord({ isActive: false, emailAddr: null }) } }, [aRecord({ ID: OTHER })]],
    ['somebody, and this user is gone', { status: 404 }, [aRecord({ ID: OTHER })]],
  ])("fails for Workfront's own reason if the address has %s", async (_, get, hits) => {
    const { directory } = await answering(refused, get, hits);

    expect(await failureOf(directory.reactivate(ID, {}))).toMatchObject({ name: 'PermanentFailure', code: 'refused' });
  });

  it.each([
    [403, 'PermanentFailure', 'forbidden'],
    [404, 'PermanentFailure', 'user-not-found'],
    [302, 'StageFailure', 'redirected'],
  ])('does not blame another user with the address for status %i', async (status, name, code) => {
    const { directory } = await answering({ status }, inactive, [aRecord({ ID: OTHER })]);

    expect(await failureOf(directory.reactivate(ID, {}))).toMatchObject({ name, code });
  });
});

describe('a tenant that does not know where a user stands', () => {
  it('is asked without these fields from then on', async () => {
    const refusal = { status: 422, json: { error: { message: 'APIModel V21_0 does not support field roleID (User)' } } };
    const { directory, arrived } = await aDirectory(({ query }) =>
      query.fields?.includes('roleID') ? refusal : { json: { data: [aRecord()] } },
    );
    const find = () => directory.find([{ field: 'emailAddr', value: 'ana@acme.test' }]);

    const users = [...(await find()), ...(await find())];

    expect(users.map(({ id, placement }) => ({ id, placement }))).toEqual([{ id: ID }, { id: ID }]);
    expect(arrived).toHaveLength(3);
  });

  it('still fails if another field is unknown', async () => {
    const refusal = { status: 422, json: { error: { message: 'APIModel V21_0 does not support field DE:HR ID (User)' } } };
    const { directory } = await aDirectory(() => refusal);

    expect(await failureOf(directory.find([{ field: 'DE:HR ID', value: '1' }]))).toMatchObject({ code: 'field-unknown' });
  });
});
