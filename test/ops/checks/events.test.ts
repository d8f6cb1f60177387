import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { expect, it, jest } from '@jest/globals';
import { MINUTE, toInstant } from '../../../lambda/domain/time/time.ts';
import { checkEvents } from '../../../ops/checks/events.ts';
import { judge } from '../../../ops/orders/order.ts';
import { aTermination } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDeployment } from '../a-deployment.ts';

const scheduler = new SchedulerClient({ region: 'eu-west-1' });
jest.spyOn(scheduler, 'send').mockImplementation(async () => ({ $metadata: {}, Schedules: [] }));

/** The check of the schedules, for an event that was due so many minutes ago, and what a replay of it would do. */
async function dueFor(minutes: number) {
  const deployment = aDeployment({ users: [] });
  const effectiveAt = toInstant(deployment.clock() - minutes * MINUTE);
  const entry = await deployment.ledger.writeEntry(anEntry(aTermination(), { status: 'scheduled', effectiveAt }));
  const checks = await checkEvents(deployment, { scheduler, again: (command) => command });
  const check = checks.find((one) => one.check === 'schedules');
  return { check, replay: judge(entry, { kind: 'replay', reason: undefined }, deployment.clock()).kind };
}

it.each([1, 5, 10, 11, 14, 15, 16, 20, 30, 60, 600])(
  '%i minutes after a schedule was lost its check advises only what works',
  async (minutes) => {
    const { check, replay } = await dueFor(minutes);

    expect(check?.health).toBe(minutes > 15 ? 'red' : 'green');
    expect(replay).toBe(minutes > 15 ? 'act' : 'nothing');
    if (minutes > 15) expect(check).toMatchObject({ saw: '1 events are due, but their schedules did not fire', cure: 'replay evt-1' });
  },
);
