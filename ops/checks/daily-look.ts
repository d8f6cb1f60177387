import { dailyLookRecord } from '../../lambda/domain/stage/daily-look.ts';
import type { PauseRecord } from '../../lambda/domain/stage/gate.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { HOUR, toMillis } from '../../lambda/domain/time/time.ts';
import { findingsRecord } from '../../lambda/domain/watch/findings.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { isLocal } from '../deployment/function-settings.ts';
import { openFindings } from '../events/findings.ts';
import { bothTimes } from '../terminal/times.ts';
import { green, type Health, red, unknown } from './check.ts';

/** Once a day, and two hours for a start that was tried again. */
const LONGEST = 26 * HOUR;

/** Whether the worker looks at the stage each day: for lost schedules, and for a table that was restored. */
export async function dailyLook(deployment: Deployment): Promise<Health> {
  if (isLocal(deployment)) return green('the local system needs none');
  const lookedAt = await lastLook(deployment);
  if (lookedAt === undefined) return unknown('it has not run yet: a new stage has its first at 05:00 UTC');
  const saw = `last ${bothTimes(lookedAt)}`;
  if (deployment.clock() - toMillis(lookedAt) <= LONGEST) return green(saw);
  return red(saw, { fix: 'check that the schedule Canary exists, then look into the log of the worker at 05:00 UTC' });
}

/** Whether the worker sweeps each night, and what it found. */
export async function nightlySweep(deployment: Deployment, again: (command: string) => string): Promise<Health> {
  const findings = await openFindings(deployment);
  if (findings.length > 0) return red(`${findings.length} findings wait for a person`, { fix: again('todo') });
  if (isLocal(deployment)) return green('the local system needs none');
  if ((await deployment.policy())?.watch.sweepDays === 0) return green('switched off');
  const record = (await deployment.ledger.readRecord(STAGE_KEYS.findings, findingsRecord))?.value;
  if (record?.sweptAt === undefined) return unknown('it has not run yet: a new stage has its first at 03:00 UTC');
  const { sweptAt, people, leftOut } = record;
  const saw = `last ${bothTimes(sweptAt)}, ${people} events${leftOut === 0 ? '' : `, and ${leftOut} left out`}`;
  if (deployment.clock() - toMillis(sweptAt) <= LONGEST) return green(saw);
  return red(saw, { fix: 'check that the schedule NightlySweep exists, then look into the log of the worker at 03:00 UTC' });
}

/** What a pause by the worker means: it found that the table was restored to an earlier time, or that schedules are lost. */
export async function pausedByWorker(
  { reason, at }: NonNullable<PauseRecord['paused']>,
  deployment: Deployment,
  again: (command: string) => string,
): Promise<Health> {
  const lookedAt = await lastLook(deployment);
  const from = lookedAt === undefined ? 'the time to which the table was restored' : bothTimes(lookedAt);
  return red(`paused by the worker since ${bothTimes(at)}: ${reason}`, {
    fix: `let HR send again every delivery since ${from}, wait until they are received, then ${again('resume --reason "HR sent again"')}`,
  });
}

/** When the stage was last looked at, as the ledger knows it: what a restored table has forgotten is later. */
async function lastLook({ ledger }: Pick<Deployment, 'ledger'>): Promise<string | undefined> {
  return (await ledger.readRecord(STAGE_KEYS.dailyLook, dailyLookRecord))?.value.lookedAt;
}
