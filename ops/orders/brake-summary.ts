import { type BrakeRecord, brakeRecord } from '../../lambda/domain/stage/brake.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { DAY, HOUR, SECOND, toMillis } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { bothTimes } from '../terminal/times.ts';
import { selected } from './selection.ts';

/** The brake as the commands show it. Limits are undefined if the operator may not read the stage's rules. */
export interface BrakeSummary {
  latched: BrakeRecord['latched'];
  lastHour: { count: number; limit: number | undefined };
  /** The daily limit is the larger of the floor and the share of active users. */
  last24Hours: { count: number; floor: number | undefined; shareOfActive: number | undefined };
  /** How many events the brake holds. */
  held: number;
  log: NonNullable<BrakeRecord['log']>;
}

export async function brakeSummary(deployment: Deployment): Promise<BrakeSummary> {
  const record = (await deployment.ledger.readRecord(STAGE_KEYS.brake, brakeRecord))?.value;
  const rules = (await deployment.policy())?.brake;
  const held = await selected(deployment, { statuses: ['held'], filter: { reason: 'brake' }, limit: 0 });
  const times = [...(record?.entries ?? []).map(({ at }) => toMillis(at)), ...(record?.settled ?? []).map((second) => second * SECOND)];
  const within = (millis: number) => times.filter((time) => time > deployment.clock() - millis).length;
  return {
    latched: record?.latched,
    lastHour: { count: within(HOUR), limit: rules?.perHour },
    last24Hours: { count: within(DAY), floor: rules?.floorPerDay, shareOfActive: rules?.shareOfActivePerDay },
    held: held.total,
    log: record?.log ?? [],
  };
}

export function brakeLines({ latched, lastHour, last24Hours, held }: BrakeSummary, again: (command: string) => string): string[] {
  const { count, floor, shareOfActive } = last24Hours;
  const daily = shareOfActive === undefined ? 'an unknown limit' : `the larger of ${floor} and ${shareOfActive * 100} % of active users`;
  return [
    latched === undefined ? 'brake      released' : `brake      LATCHED since ${bothTimes(latched.at)}: ${latched.saw}`,
    `           ${lastHour.count} of ${lastHour.limit ?? 'an unknown limit'} in the last hour; ${count} in the last 24 hours, of ${shareOfActive === 0 ? 'none' : daily}`,
    ...(held === 0 ? [] : [`           it holds ${held} events`]),
    ...(latched === undefined && held === 0 ? [] : [`           ${again(`brake release${held === 0 ? '' : ' --events'} --reason "why"`)}`]),
  ];
}

export function logLines(log: NonNullable<BrakeRecord['log']>): string[] {
  return log.map(({ at, by, what, reason }) => `  ${bothTimes(at)}  ${what} by ${by}: ${reason}`);
}
