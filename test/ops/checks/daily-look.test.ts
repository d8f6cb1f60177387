import { describe, expect, it } from '@jest/globals';
import { scheduleName } from '../../../lambda/aws/schedules.ts';
import { lookAtStage } from '../../../lambda/domain/stage/daily-look.ts';
import { pauseRecord } from '../../../lambda/domain/stage/gate.ts';
import { dailyLook, pausedByWorker } from '../../../ops/checks/daily-look.ts';
import { isLive } from '../../../ops/checks/events.ts';
import { aDirectory, aTermination } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDeployment } from '../a-deployment.ts';

const HOUR = 3_600_000;

function aStage() {
  const deployment = aDeployment({ users: aDirectory() });
  return { ...deployment, places: { ...deployment.places, workerFunction: 'worker' } };
}

describe('the check of the daily look', () => {
  it.each([
    { hours: 26, health: 'green' },
    { hours: 27, health: 'red' },
  ])('$hours hours after the last one is $health', async ({ hours, health }) => {
    const stage = aStage();
    await lookAtStage(undefined, stage.desk);
    stage.desk.now += hours * HOUR;

    expect((await dailyLook(stage)).health).toBe(health);
  });

  it('is open on a new stage, and no matter of the local system', async () => {
    expect((await dailyLook(aStage())).health).toBe('unknown');
    expect((await dailyLook(aDeployment({ users: aDirectory() }))).health).toBe('green');
  });
});

it('a stage that was paused because its table was restored says from when HR must send again', async () => {
  const stage = aStage();
  await lookAtStage(undefined, stage.desk);
  stage.desk.now += 24 * HOUR;
  // The table knows only of the first look, and the schedule of the second.
  await lookAtStage('2026-11-25T12:00:00.000Z', stage.desk);
  const paused = (await stage.ledger.readRecord('stage/pause', pauseRecord))?.value.paused;
  if (paused === undefined) throw new Error('expected a pause');

  const health = await pausedByWorker(paused, stage, (command) => `ops ${command}`);

  expect(health).toMatchObject({ health: 'red', saw: expect.stringContaining('restored to an earlier time') });
  expect('cure' in health && health.cure).toMatch(/send again every delivery since 2026-11-24 12:00:00/);
});

describe('the schedule of an event', () => {
  const DUE = '2027-06-01T00:00:00.000Z';
  const entry = anEntry(aTermination(), { status: 'scheduled', effectiveAt: DUE });
  const at = (when: string, eventId = 'evt-1') => new Set([scheduleName({ source: 'acme-hr', eventId }, when)]);

  it.each([
    { what: 'its date', live: at(DUE), is: true },
    { what: 'a hop before its date', live: at('2027-01-15T00:00:00.000Z'), is: true },
    { what: 'an hour from now, since it was not looked up yet', live: at('2026-11-24T13:00:00.000Z'), is: true },
    { what: 'a later date', live: at('2027-06-02T00:00:00.000Z'), is: false },
    { what: 'another event', live: at(DUE, 'evt-10'), is: false },
    { what: 'nothing', live: new Set<string>(), is: false },
  ])('that is of $what: $is', ({ live, is }) => {
    expect(isLive(entry, live)).toBe(is);
  });
});
