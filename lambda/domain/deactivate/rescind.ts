import { isFinished } from '../event/event-status.ts';
import type { RescissionEvent } from '../event/hr-event.ts';
import type { EventRef } from '../event/leaver-message.ts';
import type { Hold, LedgerEntry } from '../event/ledger-entry.ts';
import { isTermination, type Termination } from '../event/termination.ts';
import { withStatus } from '../event/transition.ts';
import { Blocked } from '../failures.ts';
import { isVoidFor, NEW_PERSON, namedKey, type PersonRecord, personKeys, personRecord, raised } from '../person/generation.ts';
import type { Desk } from '../ports.ts';
import { changeRecord } from '../stage/stage-state.ts';
import type { Disposition } from './disposition.ts';

export type Rescission = LedgerEntry & { event: RescissionEvent };

/** How long a rescission waits, at least, for a write to Workfront that is under way, in seconds. */
const UNTIL_WRITTEN = 5;

/**
 * Takes a rescission to its end: first the person's generation is raised, so that no termination recorded until then can
 * act any more, then those already known are cancelled. One that was deactivated before is for a person: never a
 * reactivation.
 *
 * @throws Blocked while one of them is being written; Contended, TransientFailure, CredentialFailure, PermanentFailure
 */
export async function rescind(entry: Rescission, desk: Desk): Promise<Disposition> {
  const refs = await raiseGeneration(entry, desk);
  const tooLate: string[] = [];
  const cancelled: string[] = [];
  const dealtWith: EventRef[] = [];

  for (const ref of refs) {
    const termination = await desk.ledger.readEntry(ref);
    if (termination === undefined || !isTermination(termination) || !isMeant(termination, entry)) continue;
    if (termination.intent !== undefined && termination.status === 'processing') {
      throw new Blocked('write-under-way', `event ${termination.eventId} is being written`, { retryAfterSeconds: UNTIL_WRITTEN });
    }
    if (termination.status === 'deactivated') tooLate.push(termination.workfrontUserId ?? 'unknown');
    else if (await wasCutShort(termination, desk)) tooLate.push(termination.intent?.userId ?? 'unknown');
    dealtWith.push(ref);
    if (isFinished(termination.status)) continue;
    await cancel(termination, entry, desk);
    cancelled.push(termination.eventId);
  }
  const settled = await desk.ledger.writeEntry(conclusion(entry, cancelled, tooLate, desk));
  await forget(dealtWith, entry, desk);
  return { kind: 'settled', entry: settled };
}

/** @returns every termination known of this person, and the one that the rescission names */
async function raiseGeneration(entry: Rescission, { ledger }: Desk): Promise<EventRef[]> {
  const refs = new Map<string, EventRef>();
  const raise = (key: string) =>
    changeRecord(ledger, key, personRecord, (record) => {
      const person: PersonRecord = record ?? NEW_PERSON;
      for (const ref of person.events) refs.set(namedKey(ref), ref);
      const next = raised(person, entry);
      return next === record ? undefined : next;
    });

  for (const key of personKeys(entry.source, entry.event.employee)) await raise(key);
  if (entry.event.rescinds !== undefined) {
    const named = { source: entry.source, eventId: entry.event.rescinds };
    await raise(namedKey(named));
    refs.set(namedKey(named), named);
  }
  return [...refs.values()];
}

/** What this rescission has dealt with is no news to the next one: the person came back in between. */
async function forget(dealtWith: readonly EventRef[], entry: Rescission, { ledger }: Desk): Promise<void> {
  const past = new Set(dealtWith.map(namedKey));
  for (const key of personKeys(entry.source, entry.event.employee)) {
    await changeRecord(ledger, key, personRecord, (person) => {
      const events = person?.events.filter((ref) => !past.has(namedKey(ref)));
      return person === undefined || events?.length === person.events.length ? undefined : { ...person, events: events ?? [] };
    });
  }
}

function isMeant(termination: Termination, rescission: Rescission): boolean {
  const named = termination.source === rescission.source && termination.eventId === rescission.event.rescinds;
  return named || isVoidFor(termination, raised(NEW_PERSON, rescission));
}

/** A write that was cut short, in an event that waited for a person since, or that we cancelled before a crash: it may have taken effect. */
async function wasCutShort({ intent }: Termination, { directory }: Desk): Promise<boolean> {
  if (intent === undefined) return false;
  const user = await directory.read(intent.userId);
  return user !== undefined && !user.isActive;
}

async function cancel(termination: Termination, rescission: Rescission, { ledger, schedules, clock }: Desk): Promise<void> {
  const why = `HR took the termination back: rescission ${rescission.eventId} of ${rescission.source}`;
  await ledger.writeEntry({ ...withStatus(termination, 'cancelled', { why, now: clock() }), reason: 'rescinded' });
  if (termination.effectiveAt !== undefined) await schedules.remove(termination, termination.effectiveAt);
}

function conclusion(entry: Rescission, cancelled: string[], tooLate: string[], { clock }: Desk): LedgerEntry {
  const now = clock();
  const hold = needsPerson(entry, cancelled, tooLate);
  if (hold === undefined)
    return withStatus(entry, 'rescinded', { why: `generation raised, ${cancelled.length} open terminations cancelled`, now });
  return { ...withStatus(entry, 'held', { why: `${hold.guard}: ${hold.saw}`, now }), hold, reason: hold.guard };
}

function needsPerson({ event }: Rescission, cancelled: string[], tooLate: string[]): Hold | undefined {
  if (tooLate.length > 0) {
    return {
      guard: 'rescinded-after-deactivation',
      saw: `user ${tooLate.join(', ')} was deactivated before HR took the termination back`,
      releasing:
        'records that a person has decided about the account; it reactivates nothing: do that in Workfront, where an access level must be chosen',
    };
  }
  const unnamed = event.rescinds === undefined ? [] : cancelled.filter((eventId) => eventId !== event.rescinds);
  if (unnamed.length === 0) return undefined;
  return {
    guard: 'cancelled-more-than-named',
    saw: `HR took back ${event.rescinds}; ${unnamed.join(', ')} of the same person, recorded before that, was cancelled with it`,
    releasing: 'records that a person has asked HR whether the leaver stays; if not, HR must send the termination again',
  };
}
