import { DAY, HOUR, MINUTE } from '../world/scenario.ts';
import { type Judge, type Judged, type Sent, schedule, truthOf, violated } from '../world/world.ts';
import { judgeRemoval } from './judge-console.ts';
import { judgeEntry, judgeTurnEnd } from './judge-entry.ts';
import { judgeLeaver, judgeRest } from './judge-rest.ts';
import { expectLooks, judgeFinding } from './judge-return.ts';
import { judgeGiving } from './judge-undo.ts';
import { judgeLanding, judgeWrite } from './judge-write.ts';
import { isFinal, OTHERS, SOON } from './truth.ts';

/** A worker may have counted the active users some time before it asks the brake. */
const DRIFT = 12;

/** Judges by labels: who and what an event is about, not what is written in it. */
export const judge: Judge = {
  entryWritten(world, written) {
    judgeEntry(world, written);
    const { event, before, after } = written;
    if (!isFinal(after.status) || before?.status === after.status) return;
    expectLooks(world, written);
    for (const { person, fact } of truthOf(world, event).labels) {
      const at = Math.max(world.now, fact.says === 'ends' ? fact.endsAt : 0) + SOON + MINUTE;
      schedule(world, at, () => judgeLeaver(world, person));
    }
  },
  writeBegins: judgeWrite,
  writeLands: judgeLanding,
  givingBegins: judgeGiving,
  removalBegins: judgeRemoval,
  compared: judgeFinding,
  turnEnds: judgeTurnEnd,
  brakeWritten: judgeLatch,
  atRest: judgeRest,
};

/** A write that was cut short took effect at a time that nobody can know, at most so long after it did. */
const IN_DOUBT = 20 * MINUTE;

/** The brake was asked a moment before its answer is written, and counts in whole seconds. */
const LATE = MINUTE;

/** When a write took effect, as late as anybody may think who knows of it by the time of its record. */
const latest = ({ finishedAt, now }: Judged, { event }: Sent, changedAt: number): number =>
  Math.min(finishedAt.get(event) ?? now, changedAt + IN_DOUBT);

/** The brake latches on deactivations that happened. */
function judgeLatch(world: Judged, { latched, by }: { latched: boolean; by: 'worker' | 'operator' }): void {
  const { brake, now } = world;
  if (by === 'operator' || !latched) {
    brake.latched = latched;
    return;
  }
  if (brake.latched) return;
  brake.latched = true;
  const within = (span: number) => {
    const from = Math.max(now - span - LATE, world.brakeReleasedAt);
    return world.sent.filter((sent) => sent.changedAt !== undefined && latest(world, sent, sent.changedAt) > from).length;
  };
  const { perHour = 20, shareOfActivePerDay = 0.05, floorPerDay = 5 } = world.rules.brake ?? {};
  const active = [...world.accounts.values()].filter(({ isActive }) => isActive).length + OTHERS - DRIFT;
  const perDay = shareOfActivePerDay === 0 ? 0 : Math.max(floorPerDay, Math.floor(active * shareOfActivePerDay));
  if (within(HOUR) < perHour && within(DAY) < perDay)
    violated(world, 'the-brake-latches-on-what-happened', {
      detail: `latched after ${within(HOUR)} of ${perHour} in an hour, ${within(DAY)} of ${perDay} in a day`,
    });
}
