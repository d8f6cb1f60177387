import { afterEach, describe, expect, it } from '@jest/globals';
import { credentialFromSecret } from '../../lambda/workfront/credentials.ts';
import { workfrontDirectory } from '../../lambda/workfront/directory.ts';
import { startFakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import { guidOf } from '../../local/workfront/users/user.ts';
import { aDirectory, aRecord, closeAll, failureOf, ID, noToken } from './a-directory.ts';

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

    expect(failure).toMatchObject({ code: 'address-taken', message: expect.stringContaining(other.ID) });
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
