import type { Termination } from '../event/termination.ts';
import { withStatus } from '../event/transition.ts';
import { registerPerson, underLegalHold } from '../person/known-person.ts';
import { standingOf } from '../person/standing.ts';
import type { Desk, Turn } from '../ports.ts';
import { passGate, reportTurn } from '../stage/gate.ts';
import { toInstant, toMillis } from '../time/time.ts';
import { waitForHr } from './ask-hr.ts';
import { cancelTermination, rescindedBy } from './cancel-termination.ts';
import { concludeCutShort } from './conclude-cut-short.ts';
import { decideLeaver } from './decide-leaver.ts';
import { type EffectiveTime, effectiveTime } from './effective-time.ts';
import { readOthers } from './other-terminations.ts';
import { cancelReplaced } from './replace-termination.ts';
import { scheduleLeaver } from './schedule-leaver.ts';
import type { TurnEnd } from './turn-end.ts';

/**
 * Takes one termination as far as it can go now: scheduled, cancelled, held, or to its outcome.
 * Every step is written before the next begins, so that after a crash between any two of them the event goes on where it
 * stopped. The order of the last steps decides: intent first, then a last look at the person, then the one write.
 *
 * @throws Contended, Blocked, TransientFailure, CredentialFailure, PermanentFailure: the caller turns them into waiting or failing
 */
export async function deactivateLeaver(opened: Termination, desk: Desk, turn: Turn): Promise<TurnEnd> {
  const busy = leaseOfAnother(opened, turn, desk.clock());
  if (busy !== undefined) return { kind: 'wait', entry: opened, code: 'busy', seconds: busy };

  const due = effectiveTime(opened.putOff ?? opened.event.effective, desk.policy, opened.receivedAt);
  const isEarly = desk.clock() < toMillis(due.at);
  // Before the person's record names it: whoever finds a later last day there must be able to read it.
  const written = isEarly && opened.version === 0 ? await desk.ledger.writeEntry(opened) : opened;

  const known = await registerPerson(written, desk);
  const { found, others: refs } = known;
  const isHeld = found.some(({ record }) => record.legalHold !== undefined);
  const entry = isHeld ? await underLegalHold(written, desk) : written;
  const { voidedBy } = standingOf(entry, { found, policy: desk.policy });
  if (voidedBy !== undefined) return cancelTermination(entry, rescindedBy(voidedBy), desk);

  if (isEarly) return scheduleLeaver(entry, { due }, desk);

  const { replacedBy } = await readOthers(entry, { refs, reached: 'key' }, desk);
  if (replacedBy !== undefined) return cancelReplaced(entry, replacedBy, desk);

  await waitForHr(entry, desk);
  const circuit = await passGate(desk);
  const leased = await takeLease(entry, due, { desk, turn });
  const end = (await concludeCutShort(leased, desk)) ?? (await decideLeaver(leased, desk, { circuit, known }));
  if (circuit === 'doubtful') await reportTurn(desk);
  return end;
}

/** Seconds for which another worker still has the event; undefined when nobody has. */
function leaseOfAnother(entry: Termination, turn: Turn, now: number): number | undefined {
  if (entry.lease === undefined || entry.lease.owner === turn.worker) return undefined;
  const left = toMillis(entry.lease.until) - now;
  return left > 0 ? Math.ceil(left / 1000) : undefined;
}

/** An event that is new is opened by the same write. */
async function takeLease(entry: Termination, due: EffectiveTime, { desk, turn }: { desk: Desk; turn: Turn }): Promise<Termination> {
  const now = desk.clock();
  const lease = { owner: turn.worker, until: toInstant(turn.leaseUntil) };
  const times = { effectiveAt: due.at, ...(due.from === undefined ? {} : { effectiveFrom: due.from }) };
  if (entry.status === 'processing') return desk.ledger.writeEntry({ ...entry, ...times, lease, updatedAt: toInstant(now) });
  const by = entry.status === 'scheduled' ? 'schedule' : 'worker';
  return desk.ledger.writeEntry({ ...withStatus(entry, 'processing', { ...times, by, why: 'due', now }), lease });
}
