import type { EventRef } from '../event/leaver-message.ts';
import { Blocked } from '../failures.ts';
import type { Desk } from '../ports.ts';
import { askBrake, type BrakeAnswer, brakeRecord, confirmed, givenBack, RELEASED_BRAKE } from './brake.ts';
import { changeRecord, STAGE_KEYS } from './shared-record.ts';

const BRAKE = { key: STAGE_KEYS.brake, schema: brakeRecord };

/** How long an event waits for the writes under way, in seconds. */
const UNTIL_SETTLED = 5;

const nameOf = ({ source, eventId }: EventRef): string => `${source}/${eventId}`;

/**
 * Takes a place at the brake for one deactivation.
 *
 * @returns why the brake refused, or undefined if the place is taken
 * @throws Blocked `brake-busy` while the last free places are taken by writes under way
 */
export async function takeBrakePlace(ref: EventRef, activeUsers: number, desk: Desk): Promise<string | undefined> {
  let answer: BrakeAnswer | undefined;
  await changeRecord(desk.ledger, BRAKE, (record) => {
    const question = { event: nameOf(ref), now: desk.clock(), activeUsers, limits: desk.policy.brake };
    answer = askBrake(record ?? RELEASED_BRAKE, question);
    return answer.changed ? answer.record : undefined;
  });
  if (answer?.kind === 'wait') throw new Blocked('brake-busy', answer.saw, { retryAfterSeconds: UNTIL_SETTLED });
  return answer?.kind === 'refused' ? answer.saw : undefined;
}

/** Counts the write: it took effect. */
export const confirmBrakePlace = (ref: EventRef, { ledger, clock }: Desk): Promise<void> =>
  changeRecord(ledger, BRAKE, (record) => confirmed(record, nameOf(ref), clock()));

/** Gives the place back: the write was refused, or never sent. */
export const giveBrakePlaceBack = (ref: EventRef, { ledger }: Desk): Promise<void> =>
  changeRecord(ledger, BRAKE, (record) => givenBack(record, nameOf(ref)));
