import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { toInstant } from '../../../lambda/domain/time/time.ts';
import { checkEnded } from '../../../ops/checks/ended.ts';
import { aDirectory, aTermination } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';

const DAY = 86_400_000;

async function put(
  deployment: TestDeployment,
  { daysAgo, count = 1, ...changes }: Partial<LedgerEntry> & { daysAgo: number; count?: number },
) {
  const updatedAt = toInstant(deployment.clock() - daysAgo * DAY);
  for (let number = 0; number < count; number += 1) {
    const eventId = `evt-${deployment.desk.ledger.entries.size}`;
    await deployment.ledger.writeEntry(anEntry(aTermination(), { eventId, receivedAt: updatedAt, updatedAt, ...changes }));
  }
}

const deploymentWith = (rules = {}) => aDeployment({ users: aDirectory(), rules });
const checkOf = async (deployment: TestDeployment, name: string) =>
  (await checkEnded(deployment, (command) => `ops ${command}`)).find(({ check }) => check === name);

describe('the check of what a dry run only tried', () => {
  it('is red once the dry run ended, and names the plan', async () => {
    const deployment = deploymentWith({});
    await put(deployment, { daysAgo: 30, status: 'would-deactivate', count: 3 });

    expect(await checkOf(deployment, 'tried only')).toMatchObject({
      health: 'red',
      saw: '3 leavers were only tried and are active',
      cure: expect.stringContaining('ops plan replay --status would-deactivate'),
    });
  });

  it.each([
    { what: 'while the dry run goes on', rules: { dryRun: true }, daysAgo: 1 },
    { what: 'about what is older than the stage remembers', rules: { rememberDays: 35 }, daysAgo: 36 },
  ])('is green $what', async ({ rules, daysAgo }) => {
    const deployment = deploymentWith(rules);
    await put(deployment, { daysAgo, status: 'would-deactivate' });

    expect((await checkOf(deployment, 'tried only'))?.health).toBe('green');
  });
});

describe('the check of the share without an account', () => {
  it.each([
    { what: 'more than half, and more than twice as many as before', week: [6, 4], before: [2, 8], health: 'red' },
    { what: 'no more than half', week: [5, 5], before: [0, 10], health: 'green' },
    { what: 'too few to say', week: [9, 0], before: [0, 10], health: 'green' },
    { what: 'most, as ever', week: [9, 1], before: [80, 20], health: 'green' },
    { what: 'twice as many as before, and no more', week: [6, 4], before: [30, 70], health: 'green' },
  ])('of $what is $health', async ({ week: [without = 0, others = 0], before: [withoutBefore = 0, othersBefore = 0], health }) => {
    const deployment = deploymentWith();
    await put(deployment, { daysAgo: 6, status: 'no-account', count: without });
    await put(deployment, { daysAgo: 1, status: 'deactivated', count: others });
    await put(deployment, { daysAgo: 8, status: 'no-account', count: withoutBefore });
    await put(deployment, { daysAgo: 36, status: 'already-inactive', count: othersBefore });

    expect((await checkOf(deployment, 'without an account'))?.health).toBe(health);
  });

  it('says the numbers that it compares, of those who ended within a day of their delivery', async () => {
    const deployment = deploymentWith();
    await put(deployment, { daysAgo: 1, status: 'no-account', receivedAt: toInstant(deployment.clock() - 2.1 * DAY) });
    await put(deployment, { daysAgo: 1, status: 'cancelled' });
    await put(deployment, { daysAgo: 1, status: 'no-account', count: 10 });
    await put(deployment, { daysAgo: 8, status: 'deactivated', count: 2 });
    await put(deployment, { daysAgo: 38, status: 'deactivated', count: 5 });

    expect((await checkOf(deployment, 'without an account'))?.saw).toBe(
      '10 of 10 leavers of the last 7 days, 0 of 2 of the 30 days before',
    );
  });
});

it('rules that cannot be read leave open whether a dry run ended', async () => {
  const deployment = { ...deploymentWith(), policy: async () => undefined };

  expect((await checkOf(deployment, 'tried only'))?.health).toBe('unknown');
});
