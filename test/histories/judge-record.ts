import { parse } from '../../lambda/domain/parse.ts';
import { brakeRecord } from '../../lambda/domain/stage/brake.ts';
import { ownerOf } from './directory.ts';
import { violated, type World } from './world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A worker may have asked who is active some time before it asks the brake. */
const DRIFT = 12;

/** Watches the brake: what it allows must fit the windows, and once latched it allows nothing until a person released it. */
export function judgeRecord(world: World, { key, value, by }: { key: string; value: object; by: string }): void {
  if (key === 'stage/circuit' && JSON.stringify(value).includes('hr-')) violated(world, 'hr-trouble-stays-with-its-source', key);
  if (key !== 'stage/brake') return;
  const { brake, policy, directory, now } = world;
  const record = parse(brakeRecord, value, key);
  if (by === 'operator') {
    brake.reserved = [];
    brake.latched = false;
    return;
  }

  const known = new Set(brake.reserved.map(({ event, at }) => `${event} ${at}`));
  const added = record.entries
    .map(({ event, at }) => ({ event, at: Date.parse(at) }))
    .filter(({ event, at }) => !known.has(`${event} ${at}`));
  if (brake.latched && added.length > 0) violated(world, 'latched-brake-allows-nothing', `${added[0]?.event}`);
  if (brake.latched && record.latched === undefined) violated(world, 'only-a-person-releases-the-brake', by);

  const { activeUsers } = ownerOf(directory, now);
  const share = (active: number) =>
    policy.brake.shareOfActivePerDay === 0 ? 0 : Math.max(policy.brake.floorPerDay, Math.floor(active * policy.brake.shareOfActivePerDay));
  const within = (length: number, until = now) => brake.reserved.filter(({ at }) => at > until - length).length;
  if (record.latched !== undefined && !brake.latched) {
    const asked = Date.parse(record.latched.at);
    if (asked > now || asked < now - HOUR) violated(world, 'latches-carry-their-time', record.latched.at);
    const full = within(HOUR, asked) >= policy.brake.perHour || within(DAY, asked) >= share(activeUsers - DRIFT);
    if (!full) violated(world, 'brake-holds-only-what-is-too-much', record.latched.saw);
  }
  for (const one of added) {
    if (one.at > now || one.at < now - HOUR) violated(world, 'reservations-carry-their-time', one.event);
    brake.reserved.push(one);
    brake.allowed.add(one.event);
    if (within(HOUR) > policy.brake.perHour) violated(world, 'brake-per-hour', `${within(HOUR)} of ${policy.brake.perHour}`);
    if (within(DAY) > share(activeUsers + DRIFT)) violated(world, 'brake-per-day', `${within(DAY)} of ${share(activeUsers)}`);
  }
  brake.latched ||= record.latched !== undefined;
  brake.everLatched ||= brake.latched;
}
