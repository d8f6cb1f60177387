import type { Termination } from '../event/termination.ts';
import type { Known } from '../person/known-person.ts';
import type { Desk } from '../ports.ts';
import type { Health } from '../stage/gate.ts';
import { askHr } from './ask-hr.ts';
import { cancelTermination } from './cancel-termination.ts';
import { conclude, hold } from './conclude.ts';
import { concludeCutShort } from './conclude-cut-short.ts';
import { effectiveTime } from './effective-time.ts';
import { findLeaver } from './find-leaver.ts';
import { HR_CONTRADICTS, hrHold, isReleasedFromHr } from './guards/order.ts';
import { hearOfPerson, type Judged, judgeLeaver, weighKnown } from './judge-leaver.ts';
import { cancelReplaced, replaceEarlier } from './replace-termination.ts';
import { scheduleLeaver } from './schedule-leaver.ts';
import type { TurnEnd } from './turn-end.ts';
import { writeLeaver } from './write-leaver.ts';

/**
 * From a leased termination that is due to where it rests: hear HR, find the user, ask every guard, write.
 *
 * @param begun `circuit`: which of Workfront's good answers are news to report; `known`: of the person, under the keys of the event
 * @throws Contended, Blocked, TransientFailure, CredentialFailure, StageFailure, PermanentFailure
 */
export async function decideLeaver(
  entry: Termination,
  desk: Desk,
  { circuit, known }: { circuit: Health; known: Known },
): Promise<TurnEnd> {
  const heard = await askHr(entry, desk);
  if (heard.kind === 'later') {
    const due = effectiveTime(heard.effective, desk.policy, entry.receivedAt);
    // HR speaks again on that day: what a person said against its last answer is over.
    const released = entry.released.filter(({ guard }) => guard !== HR_CONTRADICTS);
    return scheduleLeaver({ ...entry, released }, { due, because: `${heard.saw}: `, putOff: heard.effective }, desk);
  }
  if (heard.kind === 'no-termination') return cancelTermination(entry, { reason: 'not-a-termination', why: heard.saw }, desk);
  if (heard.kind === 'contradicts' && heard.inconclusive && !isReleasedFromHr(entry.released, { saw: heard.saw, now: desk.clock() })) {
    return hold(entry, hrHold(heard.saw), { desk });
  }

  // What HR said just now answers the doubt that the event alone left.
  const doubt = heard.kind === 'not-asked' ? entry.event.doubt : undefined;
  const event = { ...entry.event, employee: heard.employee, doubt };
  const found = await findLeaver({ entry, event, heard: heard.kind, circuit }, desk);
  if (found.kind !== 'found') return found;

  const question = { ...found, hrDoubt: heard.kind === 'contradicts' ? heard.saw : undefined };
  // Whoever nothing holds by what the event's own keys led to is judged again, by everything, between the intent and the write.
  const first = found.user.isActive ? await judgeLeaver(question, await weighKnown(found, known, desk), desk) : undefined;
  const judged = first?.kind === 'go' ? first : await judgeLeaver(question, await hearOfPerson(found, desk), desk);
  if (judged.kind !== 'go') return rest(entry, judged, desk);

  const written = await writeLeaver(question, judged, desk);
  return written.kind === 'stopped' ? rest(written.entry, written.judged, desk) : written;
}

async function rest(entry: Termination, judged: Exclude<Judged, { kind: 'go' }>, desk: Desk): Promise<TurnEnd> {
  switch (judged.kind) {
    case 'held':
      return hold(entry, judged.hold, { desk, found: judged.found });
    case 'cancelled':
      return cancelTermination(entry, judged.because, desk);
    case 'replaced':
      return cancelReplaced(entry, judged.by, desk);
    case 'rests':
      if (judged.rest.status === 'already-inactive') {
        const landed = await concludeCutShort(entry, desk);
        if (landed !== undefined) return landed;
        await replaceEarlier(entry, judged.found.workfrontUserId ?? '', { desk });
      }
      return conclude(entry, { ...judged.rest, ...judged.found }, desk);
  }
}
