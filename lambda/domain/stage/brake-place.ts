import type { EventRef } from '../event/leaver-message.ts';
import { Blocked } from '../failures.ts';
import type { Desk } from '../ports.ts';
import { toMillis } from '../time/time.ts';
import { askBrake, type BrakeAnswer, brakeRecord, givenBack, RELEASED_BRAKE, settled, underWay } from './brake.ts';
import { changeRecord, STAGE_KEYS } from './shared-record.ts';

const BRAKE = { key: STAGE_KEYS.brake, schema: brakeRecord };

/** How long an event waits for the writes under way, in seconds. */
const UNTIL_SETTLED = 5;

const nameOf = ({ source, eventId }: EventRef): string => `${source}/${eventId}`;

/** Places with the names of their events: with more, the record would need a second unit for each write. */
const MOST_NAMED = 8;

/**
 * Takes a place at the brake for one deactivation. What became of the writes before is looked up only if that matters, or there are many:
 * nobody tells the brake of a write that took effect.
 *
 * @returns why the brake refused, or undefined if the place is taken
 * @throws Blocked `brake-busy` while the last free places are taken by writes under way
 */
export async function takeBrakePlace(ref: EventRef, activeUsers: number, desk: Desk): Promise<string | undefined> {
  const first = await ask(ref, activeUsers, { desk });
  const answer = first.mustSettle
    ? (await ask(ref, activeUsers, { desk, tookEffect: await tookEffectOf(first.open, desk) })).answer
    : first.answer;
  if (answer?.kind === 'wait') throw new Blocked('brake-busy', answer.saw, { retryAfterSeconds: UNTIL_SETTLED });
  return answer?.kind === 'refused' ? answer.saw : undefined;
}

interface Asked {
  answer: BrakeAnswer | undefined;
  /** Nothing was changed: what became of the open places has to be known first. */
  mustSettle: boolean;
  open: string[];
}

async function ask(
  ref: EventRef,
  activeUsers: number,
  { desk, tookEffect }: { desk: Desk; tookEffect?: ReadonlyMap<string, number> },
): Promise<Asked> {
  const asked: Asked = { answer: undefined, mustSettle: false, open: [] };
  await changeRecord(desk.ledger, BRAKE, (record) => {
    const before = settled(record ?? RELEASED_BRAKE, tookEffect ?? new Map());
    const question = { event: nameOf(ref), now: desk.clock(), activeUsers, limits: desk.policy.brake };
    const answer = askBrake(before, question);
    const open = underWay(before.entries).map(({ event }) => event);
    const matters = answer.kind === 'wait' || (answer.kind === 'go' && open.length > MOST_NAMED);
    Object.assign(asked, { answer, open, mustSettle: tookEffect === undefined && matters });
    if (asked.mustSettle) return undefined;
    return answer.changed || before !== record ? answer.record : undefined;
  });
  return asked;
}

/** When each of the events was recorded as deactivated; those that were not are left out. */
async function tookEffectOf(events: readonly string[], { ledger }: Desk): Promise<Map<string, number>> {
  const refs = events.map((name) => ({ source: name.slice(0, name.indexOf('/')), eventId: name.slice(name.indexOf('/') + 1) }));
  const had = await ledger.readTogether({ entries: refs });
  const found = refs.flatMap((ref) => {
    const { status, finishedAt } = had.entry(ref) ?? {};
    return status === 'deactivated' && finishedAt !== undefined ? [[nameOf(ref), toMillis(finishedAt)] as const] : [];
  });
  return new Map(found);
}

/** Gives the place back: the write was refused, or never sent. */
export const giveBrakePlaceBack = (ref: EventRef, { ledger }: Desk): Promise<void> =>
  changeRecord(ledger, BRAKE, (record) => givenBack(record, nameOf(ref)));
