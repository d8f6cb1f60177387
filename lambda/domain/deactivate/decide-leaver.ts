import type { Termination } from '../event/termination.ts';
import type { Desk } from '../ports.ts';
import type { Health } from '../stage/gate.ts';
import { askHr } from './ask-hr.ts';
import { cancelTermination } from './cancel-termination.ts';
import { conclude, hold } from './conclude.ts';
import { concludeCutShort } from './conclude-cut-short.ts';
import { effectiveTime } from './effective-time.ts';
import { findLeaver } from './find-leaver.ts';
import { HR_CONTRADICTS, hrHold, isReleasedFromHr } from './guards/order.ts';
import { type Judged, judgeLeaver } from './judge-leaver.ts';
import { cancelReplaced, replaceEarlier } from './replace-termination.ts';
import { scheduleLeaver } from './schedule-leaver.ts';
import type { TurnEnd } from './turn-end.ts';
import { writeLeaver } from './write-leaver.ts';

/**
 * From a leased termination that is due to where it rests: hear HR, find the user, ask every guard, write.
 *
 * @param circuit which of Workfront's good answers are news to report
 * @throws Contended, Blocked, TransientFailure, CredentialFailure, PermanentFailure
 */
export async function decideLeaver(entry: Termination, desk: Desk, circuit: Health): Promise<TurnEnd> {
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

  const hrDoubt = heard.kind === 'contradicts' ? heard.saw : undefined;
  const judged = await judgeLeaver({ ...found, hrDoubt }, desk);
  return judged.kind === 'go' ? writeLeaver(found, judged, desk) : rest(entry, judged, desk);
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
        await replaceEarlier(entry, judged.found.workfrontUserId ?? '', desk);
      }
      return conclude(entry, { ...judged.rest, ...judged.found }, desk);
  }
}
