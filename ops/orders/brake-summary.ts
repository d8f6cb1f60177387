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
  /** How many of them each source sent. */
  heldBySource: Record<string, number>;
  log: NonNullable<BrakeRecord['log']>;
}

export async function brakeSummary(deployment: Deployment): Promise<BrakeSummary> {
  const record = (await deployment.ledger.readRecord(STAGE_KEYS.brake, brakeRecord))?.value;
  const rules = (await deployment.policy())?.brake;
  const held = await selected(deployment, { statuses: ['held'], filter: { reason: 'brake' } });
  const bySource = Map.groupBy(held.entries, ({ source }) => source);
  const times = [...(record?.entries ?? []).map(({ at }) => toMillis(at)), ...(record?.settled ?? []).map((second) => second * SECOND)];
  const within = (millis: number) => times.filter((time) => time > deployment.clock() - millis).length;
  return {
    latched: record?.latched,
    lastHour: { count: within(HOUR), limit: rules?.perHour },
    last24Hours: { count: within(DAY), floor: rules?.floorPerDay, shareOfActive: rules?.shareOfActivePerDay },
    held: held.total,
    heldBySource: Object.fromEntries([...bySource].map(([source, entries]) => [source, entries.length])),
    log: record?.log ?? [],
  };
}

/** @param isPersonShown whether who waits is on the screen already: before that, releasing is not offered */
export function brakeLines(
  { latched, lastHour, last24Hours, held, heldBySource }: BrakeSummary,
  { again, isPersonShown }: { again: (command: string) => string; isPersonShown: boolean },
): string[] {
  const { count, floor, shareOfActive } = last24Hours;
  const daily = shareOfActive === undefined ? 'an unknown limit' : `the larger of ${floor} and ${shareOfActive * 100} % of active users`;
  return [
    latched === undefined ? 'brake      released' : `brake      LATCHED since ${bothTimes(latched.at)}: ${latched.saw}`,
    `           ${lastHour.count} of ${lastHour.limit ?? 'an unknown limit'} in the last hour; ${count} in the last 24 hours, of ${shareOfActive === 0 ? 'none' : daily}`,
    ...(held === 0
      ? []
      : [
          `           it holds ${held} events: ${Object.entries(heldBySource)
            .map(([source, count]) => `${count} of ${source}`)
            .join(', ')}`,
        ]),
    ...waysOn({ isLatched: latched !== undefined, held, isPersonShown }).flatMap(([command, does]) => [
      `           ${again(command)}`,
      `               ${does}`,
    ]),
  ];
}

/** Who waits comes first: a release cannot be undone by this product. */
function waysOn({
  isLatched,
  held,
  isPersonShown,
}: {
  isLatched: boolean;
  held: number;
  isPersonShown: boolean;
}): [command: string, does: string][] {
  if (!isLatched && held === 0) return [];
  if (held === 0) return [['brake release --reason "why"', 'lets as many leave as the limits allow']];
  if (!isPersonShown) return [['brake status --person', 'shows first who waits, by source, and what HR says of each']];
  return [
    ['brake release --events --reason "why"', 'it is a real lay-off, as HR says on the phone: all of them lose access'],
    ['reject --guard brake --reason "why"', 'it is a broken export: all of them keep access; first pause, then let HR fix it'],
  ];
}

export function logLines(log: NonNullable<BrakeRecord['log']>): string[] {
  return log.map(({ at, by, what, reason }) => `  ${bothTimes(at)}  ${what} by ${by}: ${reason}`);
}
