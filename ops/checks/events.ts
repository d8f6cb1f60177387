import { ListSchedulesCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { scheduleName } from '../../lambda/aws/schedules.ts';
import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { brakeRecord } from '../../lambda/domain/stage/brake.ts';
import { circuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { pauseRecord } from '../../lambda/domain/stage/gate.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { DAY, MINUTE, toMillis } from '../../lambda/domain/time/time.ts';
import { type Deployment, KEEP_DAYS } from '../deployment/deployment.ts';
import { periodOf } from '../events/filter.ts';
import { bothTimes, lengthOf } from '../terminal/times.ts';
import { type Check, checked, green, red } from './check.ts';
import { cureOfCircuit, meaningOfCircuit } from './circuit.ts';
import { dailyLook, nightlySweep, pausedByWorker } from './daily-look.ts';
import { checkEnded } from './ended.ts';

/** A schedule fires within a minute, and the worker begins within another. Not sooner than `replay` acts: it is what the check advises. */
const LATE = 15 * MINUTE;
/** An event that nothing has changed for so long, and that waits for nothing: its message may be lost. */
const STUCK = 15 * MINUTE;

interface Look {
  scheduler: SchedulerClient;
  again: (command: string) => string;
}

/** Checks whether anything stops or delays a leaver whose event is in the ledger. */
export async function checkEvents(deployment: Deployment, { scheduler, again }: Look): Promise<Check[]> {
  const now = deployment.clock();
  const { ledger } = deployment;
  const paused = (await ledger.readRecord(STAGE_KEYS.pause, pauseRecord))?.value.paused;
  const latched = (await ledger.readRecord(STAGE_KEYS.brake, brakeRecord))?.value.latched;
  const open = (await ledger.readRecord(STAGE_KEYS.circuit, circuitRecord))?.value.open;
  const held = await ofStatus(deployment, ['held']);
  const failed = await ofStatus(deployment, ['failed']);
  const returned = await ofStatus(deployment, ['returned']);
  const moving = await ofStatus(deployment, ['received', 'processing']);
  const waiting = moving.flatMap((entry) => (entry.waiting === undefined ? [] : [entry.waiting]));
  const [longest] = waiting.sort((one, other) => one.since.localeCompare(other.since));
  const stuck = moving.filter((entry) => entry.waiting === undefined && now - toMillis(entry.updatedAt) > STUCK);
  return [
    await checked('pause', () => {
      if (paused === undefined) return green('not paused');
      if (paused.by === 'worker') return pausedByWorker(paused, deployment, again);
      return red(`paused since ${bothTimes(paused.at)} by ${paused.by}: ${paused.reason}`, {
        fix: `ask ${paused.by} whether the cause is gone; if it is: ${again('resume --reason "why"')}`,
      });
    }),
    await checked('brake', () =>
      latched === undefined
        ? green('released')
        : red(`latched since ${bothTimes(latched.at)}: ${latched.saw}`, { fix: again('brake status') }),
    ),
    await checked('circuit', () =>
      open === undefined
        ? green('closed')
        : red(`open since ${bothTimes(open.since)}: ${meaningOfCircuit(open)}`, {
            fix: `${cureOfCircuit(open) ?? 'fix what the Workfront checks below say'}, then: ${again('retry')}\nWithout it, the next try is at ${bothTimes(open.probeAt)}`,
          }),
    ),
    await checked('held', () =>
      held.length === 0 ? green('none') : red(`${held.length} events wait for a person`, { fix: again('list --status held') }),
    ),
    await checked('failed', () =>
      failed.length === 0 ? green('none') : red(`${failed.length} events failed`, { fix: again('list --status failed') }),
    ),
    await checked('returned', () =>
      returned.length === 0 ? green('none') : red(`${returned.length} users are active again`, { fix: again('list --status returned') }),
    ),
    await checked('waiting', () =>
      longest === undefined
        ? green('none')
        : red(`${waiting.length} events wait for trouble to pass, the longest since ${bothTimes(longest.since)}: ${longest.code}`, {
            fix: again('status'),
          }),
    ),
    await checked('stuck', () =>
      stuck.length === 0
        ? green('none')
        : red(`${stuck.length} events were begun and not finished, the oldest ${lengthOf(now - toMillis(stuck[0]?.updatedAt ?? ''))} ago`, {
            fix: `${again(`replay ${idsOf(stuck)}`)}, and look at the dead letters`,
          }),
    ),
    await checked('schedules', () => schedules(deployment, { scheduler, again })),
    await checked('daily look', () => dailyLook(deployment)),
    await checked('nightly sweep', () => nightlySweep(deployment, again)),
    ...(await checkEnded(deployment, again)),
  ];
}

async function schedules(deployment: Deployment, { scheduler, again }: Look) {
  const now = deployment.clock();
  const scheduled = await ofStatus(deployment, ['scheduled']);
  const late = scheduled.filter(({ effectiveAt, updatedAt }) => now - toMillis(effectiveAt ?? updatedAt) > LATE);
  if (late.length > 0)
    return red(`${late.length} events are due, but their schedules did not fire`, { fix: again(`replay ${idsOf(late)}`) });

  const live = await liveNames(scheduler, deployment.places.scheduleGroup);
  const lost = scheduled.filter((entry) => toMillis(entry.effectiveAt ?? '') > now && !isLive(entry, live));
  if (lost.length > 0)
    return red(`${lost.length} scheduled events have no schedule: nothing will start them`, {
      fix: `replay them when they are due: ${again(`replay ${idsOf(lost)}`)}`,
    });
  return green(scheduled.length === 0 ? 'none set' : `${scheduled.length} set`);
}

/**
 * A date far ahead is reached in hops of half of `rememberDays`, and an event that was not looked up yet comes back within an hour: any
 * schedule of the event that fires by its date brings it back in time. One that was set for a later date does not.
 */
export function isLive(entry: LedgerEntry, live: ReadonlySet<string>): boolean {
  const due = scheduleName(entry, entry.effectiveAt ?? entry.updatedAt);
  const stem = due.slice(0, due.lastIndexOf('.') + 1);
  const secondOf = (name: string) => Number.parseInt(name.slice(stem.length), 36);
  return [...live].some((name) => name.startsWith(stem) && secondOf(name) <= secondOf(due));
}

async function liveNames(scheduler: SchedulerClient, GroupName: string): Promise<Set<string>> {
  const names = new Set<string>();
  let NextToken: string | undefined;
  do {
    const page = await scheduler.send(new ListSchedulesCommand({ GroupName, ...(NextToken !== undefined && { NextToken }) }));
    for (const { Name = '' } of page.Schedules ?? []) names.add(Name);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return names;
}

const SHOWN = 5;

const idsOf = (entries: readonly LedgerEntry[]) =>
  `${entries
    .slice(0, SHOWN)
    .map(({ eventId }) => eventId)
    .join(' ')}${entries.length > SHOWN ? ' ...' : ''}`;

async function ofStatus({ ledger, clock }: Deployment, statuses: readonly EventStatus[]): Promise<LedgerEntry[]> {
  const found: LedgerEntry[] = [];
  for (const status of statuses) {
    for await (const entry of ledger.withStatus(status, periodOf({}, clock(), 10 * KEEP_DAYS * DAY))) found.push(entry);
  }
  return found.sort((one, other) => one.updatedAt.localeCompare(other.updatedAt));
}
