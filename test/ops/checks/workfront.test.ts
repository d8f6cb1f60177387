import { describe, expect, it } from '@jest/globals';
import { CredentialFailure, StageFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import { reportRefusal } from '../../../lambda/domain/stage/gate.ts';
import { toInstant } from '../../../lambda/domain/time/time.ts';
import { checkWorkfront } from '../../../ops/checks/workfront.ts';
import { aDirectory, aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';

const DAY = 86_400_000;

/** @param own what is not as usual with the user of the credential */
function withOwnUser(own: { isAdmin?: boolean; madeAt?: undefined }): TestDeployment {
  const [owner, ...others] = aDirectory();
  return aDeployment({ users: owner === undefined ? others : [{ ...owner, ...own }, ...others] });
}

async function notFound(deployment: TestDeployment, { daysAgo, reason }: { daysAgo: number; reason?: string }) {
  const updatedAt = toInstant(deployment.clock() - daysAgo * DAY);
  await deployment.ledger.writeEntry(anEntry(aTermination(), { status: 'no-account', updatedAt, ...(reason !== undefined && { reason }) }));
}

async function checkOf(deployment: TestDeployment, name: string, apiVersion = 'v21.0') {
  const { directory, policy } = deployment.desk;
  const look = { directory, policy, apiVersion, baseUrl: 'https://acme.test', again: (command: string) => `ops ${command}` };
  return (await checkWorkfront(deployment, look)).find(({ check }) => check === name);
}

describe('the check of what the credential sees', () => {
  it('is red while it does not see everybody, and leavers ended without an account', async () => {
    const deployment = withOwnUser({ isAdmin: false });
    await notFound(deployment, { daysAgo: 29, reason: 'limited-sight' });

    expect(await checkOf(deployment, 'limited sight')).toMatchObject({
      health: 'red',
      saw: expect.stringMatching(/^1 leavers/),
      cure: expect.stringContaining('plan replay --status no-account --reason limited-sight'),
    });
  });

  it.each([
    { what: 'once it sees everybody', own: { isAdmin: true }, ended: { daysAgo: 1, reason: 'limited-sight' } },
    { what: 'about those of more than 30 days ago', own: { isAdmin: false }, ended: { daysAgo: 31, reason: 'limited-sight' } },
    { what: 'about those who ended while it saw everybody', own: { isAdmin: false }, ended: { daysAgo: 1 } },
  ])('is green $what', async ({ own, ended }) => {
    const deployment = withOwnUser(own);
    await notFound(deployment, ended);

    expect((await checkOf(deployment, 'limited sight'))?.health).toBe('green');
  });
});

it.each([
  { what: 'is red if Workfront does not say when its own user was made', own: { madeAt: undefined }, health: 'red' },
  { what: 'is green if Workfront says it', own: {}, health: 'green' },
])('the check of the dates of accounts $what', async ({ own, health }) => {
  expect((await checkOf(withOwnUser(own), 'account dates'))?.health).toBe(health);
});

it.each([
  { version: 'v21.0', health: 'green', saw: 'v21.0 is served' },
  { version: 'v17.0', health: 'unknown', saw: expect.stringMatching(/^served today; .*v17\.0 no more since 2026-10/) },
])('the check of the API version warns about one out of support: $version', async ({ version, health, saw }) => {
  expect(await checkOf(withOwnUser({}), 'api version', version)).toMatchObject({ health, saw });
});

it.each([
  { code: 'redirected', check: 'workfront reached', cure: /baseUrl/ },
  { code: 'not-found', check: 'workfront reached', cure: /apiVersion/ },
  { code: 'forbidden', check: 'credential', cure: /IP allowlist/ },
  { code: 'field-unknown', check: 'api version', cure: /match keys/ },
  { code: 'api-version-gone', check: 'api version', cure: /one that Workfront supports/ },
  { code: 'refused', check: 'api version', cure: /one that Workfront supports/ },
])('$code to everybody is red at: $check', async ({ code, check, cure }) => {
  const deployment = withOwnUser({});
  deployment.desk.directory.owner = () => Promise.reject(new StageFailure(code, 'expected users, got another answer; do this'));

  expect(await checkOf(deployment, check)).toMatchObject({ health: 'red', cure: expect.stringMatching(cure) });
});

it('the check of the right to edit is red while every write is refused', async () => {
  const deployment = withOwnUser({});
  for (const number of [1, 2, 3]) {
    const refused = { code: 'forbidden', userId: guid(number), source: 'acme-hr', eventId: `evt-${number}` };
    await reportRefusal(refused, deployment.desk);
  }

  expect(await checkOf(deployment, 'right to edit')).toMatchObject({
    health: 'red',
    saw: expect.stringMatching(/^refused for every user since .* \(forbidden\)$/),
    cure: expect.stringMatching(/^give the credential's user the right .*; all events go on by themselves within 5 minutes$/),
  });
});

it('names every check once, in any trouble', async () => {
  const deployment = withOwnUser({});
  const well = await Promise.all(['users visible', 'limited sight', 'own user', 'account dates'].map((name) => checkOf(deployment, name)));
  expect(well.map((check) => check?.health)).toEqual(['green', 'green', 'green', 'green']);

  deployment.desk.directory.users.delete(guid(0xadd));
  expect((await checkOf(deployment, 'account dates'))?.health).toBe('unknown');
});

it('the checks of Workfront are unknown, and not red, if the operator may not read the secret', async () => {
  const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  const failure = new CredentialFailure('secret-unreadable', 'the secret cannot be read', {
    cause: new TransientFailure('x', 'y', { cause: denied }),
  });
  const deployment = aDeployment({ users: [] });
  deployment.desk.directory.owner = () => Promise.reject(failure);
  const look = {
    directory: deployment.desk.directory,
    policy: deployment.desk.policy,
    apiVersion: 'v21.0',
    baseUrl: 'https://acme.my.workfront.com',
    again: (command: string) => command,
  };

  const health = (await checkWorkfront(deployment, look)).map((check) => check.health);

  expect(new Set(health)).toEqual(new Set(['unknown']));
});
