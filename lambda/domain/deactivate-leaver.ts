import { askHr, waitForHr } from './ask-hr.ts';
import type { Disposition } from './disposition.ts';
import { type EffectiveTime, effectiveTime } from './effective-time.ts';
import { isVoidFor, NEW_PERSON, namedKey, personKeys, personRecord, recordedAt, withTermination } from './generation.ts';
import { contradiction, firstHold, type GuardView, HR_GUARD, inconclusive, MATCH_GUARDS, WRITE_GUARDS } from './guards.ts';
import { keysToMatch } from './keys-to-match.ts';
import { resolveLeaver } from './leaver-match.ts';
import type { EventRef } from './leaver-message.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import type { CredentialOwner, Desk, Turn } from './ports.ts';
import { changeRecord, passGate, pinnedCustomer, reportSuccess, requestBrake, stopIfPaused } from './stage-state.ts';
import type { Effective, TerminationEvent } from './termination-event.ts';
import { toInstant, toMillis } from './time.ts';
import { moved } from './transition.ts';

export type Termination = LedgerEntry & { event: TerminationEvent };

/**
 * Takes one termination as far as it can go now: scheduled, cancelled, held, or to its outcome.
 * Every step is written before the next begins, so that a crash between any two of them is taken up again where it
 * stopped. The order of the last steps decides: intent first, then a last look at the person, then the one write.
 *
 * @throws Contended, TransientFailure, CredentialFailure, PermanentFailure: the caller turns them into waiting or failing
 */
export async function deactivateLeaver(entry: Termination, desk: Desk, turn: Turn): Promise<Disposition> {
  const { ledger, schedules, clock } = desk;

  const busy = leaseOfAnother(entry, turn, clock());
  if (busy !== undefined) return { kind: 'wait', entry, code: 'busy', seconds: busy };

  const others = await registerPerson(entry, desk);
  if (await isVoid(entry, desk))
    return cancel(entry, 'rescinded', 'HR took the termination back, or rehired the person, after it was recorded', desk);

  const due = effectiveTime(entry.putOff ?? entry.event.effective, desk.policy, entry.receivedAt);
  if (clock() < toMillis(due.at)) {
    const scheduled =
      entry.effectiveAt === due.at && entry.status === 'scheduled' ? entry : await ledger.writeEntry(waitForDate(entry, due, clock()));
    await schedules.set(scheduled, due.at);
    return { kind: 'settled', entry: scheduled };
  }
  const later = await laterDate(entry, others, desk);
  if (later !== undefined)
    return cancel(entry, 'superseded', `HR recorded a later date: ${later.effectiveAt} by event ${later.eventId}`, desk);

  await waitForHr(entry, desk);
  const circuit = await passGate(desk);
  const leased = await takeLease(entry, due, desk, turn);
  return (await finishAfterCrash(leased, desk)) ?? decide(leased, desk, circuit);
}

/** Asks HR, resolves, asks every guard, and writes. */
async function decide(entry: Termination, desk: Desk, circuit: 'clean' | 'doubtful'): Promise<Disposition> {
  const { directory, policy, clock, ledger } = desk;
  const heard = await askHr(entry, desk);
  switch (heard.kind) {
    case 'later':
      return putOff(entry, heard, desk);
    case 'no-termination':
      return cancel(entry, 'not-a-termination', heard.saw, desk);
  }
  const contradicted = heard.kind === 'contradicts' && !entry.released.includes(HR_GUARD.name) ? contradiction(heard.saw) : undefined;
  if (contradicted !== undefined && heard.kind === 'contradicts' && heard.inconclusive) return hold(entry, contradicted, desk, {});
  const event = { ...entry.event, employee: heard.employee };
  const owner = await directory.owner();
  const keys = keysToMatch(event, heard.kind, policy);

  const match = await resolveLeaver(keys, directory);
  if (circuit === 'doubtful') await reportSuccess(desk);
  const pinnedCustomerId = await pinnedCustomer(owner, desk);
  const unfounded = inconclusive({ match, chosenUserId: entry.chosenUserId, owner, pinnedCustomerId });
  if (unfounded !== undefined) return hold(entry, unfounded, desk, {});
  if (match.kind === 'none') {
    const why = `no user has this ${keys.map(({ field }) => field).join(' or ')}; the credential sees ${owner.activeUsers} active users`;
    return settle(moved(entry, 'no-account', { why, now: clock() }), desk);
  }

  const chosen = match.users.find(({ id }) => id === entry.chosenUserId);
  const user = chosen ?? match.users[0];
  const view: GuardView = {
    event,
    effectiveAt: entry.effectiveAt ?? entry.receivedAt,
    keys,
    match,
    user,
    chosen: chosen !== undefined,
    owner,
    pinnedCustomerId,
    activeAdministrators: user.isAdmin && user.isActive ? await directory.countActiveAdministrators() : undefined,
    policy,
    brakeRefused: undefined,
    repeats: entry.repeats,
    now: clock(),
  };
  const found = { workfrontUserId: user.id, matchedBy: match.matchedBy };

  const mismatch = firstHold(MATCH_GUARDS, view, entry.released);
  if (mismatch !== undefined) return hold(entry, mismatch, desk, match.users.length > 1 ? {} : found);
  if (!user.isActive) {
    return settle(
      moved(entry, 'already-inactive', {
        ...found,
        why: `user ${user.id}, found by ${match.matchedBy}, is inactive already`,
        now: clock(),
      }),
      desk,
    );
  }

  const guarded = contradicted ?? firstHold(WRITE_GUARDS, view, entry.released);
  if (guarded !== undefined) return hold(entry, guarded, desk, found);
  if (policy.dryRun) {
    return settle(
      moved(entry, 'would-deactivate', {
        ...found,
        why: `dry run: user ${user.id}, found by ${match.matchedBy}, would be deactivated`,
        now: clock(),
      }),
      desk,
    );
  }
  const refused = entry.released.includes('brake') ? undefined : await requestBrake(entry, owner.activeUsers, desk);
  const braked = firstHold(WRITE_GUARDS, { ...view, brakeRefused: refused }, entry.released);
  if (braked !== undefined) return hold(entry, braked, desk, found);

  const intent = { userId: user.id, at: toInstant(clock()) };
  return write(await ledger.writeEntry({ ...entry, ...found, intent, updatedAt: intent.at }), user.id, owner, desk);
}

/** HR has a later day: the event waits for that, and HR is asked again. */
async function putOff(entry: Termination, { effective, saw }: { effective: Effective; saw: string }, desk: Desk): Promise<Disposition> {
  const due = effectiveTime(effective, desk.policy, entry.receivedAt);
  const scheduled = await desk.ledger.writeEntry({ ...waitForDate(entry, due, desk.clock(), `${saw}: `), putOff: effective });
  await desk.schedules.set(scheduled, due.at);
  return { kind: 'settled', entry: scheduled };
}

/**
 * The one write. A rescission raises the person's generation before it looks for an intent, and we write the intent before
 * we look at the generation: one of the two always sees the other.
 */
async function write(entry: LedgerEntry, userId: string, owner: CredentialOwner, desk: Desk): Promise<Disposition> {
  const { directory, clock } = desk;
  if (!isTermination(entry)) throw new Error('only a termination is written');
  if (await isVoid(entry, desk)) return cancel(entry, 'rescinded', 'HR took the termination back just before the write', desk);
  await stopIfPaused(desk);

  const { confirmedBy } = await directory.deactivate(userId);
  const proof = confirmedBy === 'answer' ? 'answered isActive false for this user' : 'shows isActive false when read again';
  const why = `user ${userId}, found by ${entry.matchedBy}, deactivated as user ${owner.userId}; Workfront ${proof}`;
  return settle(moved(entry, 'deactivated', { why, now: clock() }), desk);
}

/** An intent without an outcome: the write may have taken effect. Workfront knows. */
async function finishAfterCrash(entry: Termination, desk: Desk): Promise<Disposition | undefined> {
  if (entry.intent === undefined) return undefined;

  const user = await desk.directory.read(entry.intent.userId);
  if (user === undefined || user.isActive) return undefined;
  const why = `user ${user.id} is inactive after a write at ${entry.intent.at} that was cut short; Workfront shows isActive false when read again`;
  return settle(moved(entry, 'deactivated', { workfrontUserId: user.id, why, now: desk.clock() }), desk);
}

/** Cancels; unless a write cut short had taken effect already, which then is the truth. */
async function cancel(entry: Termination, reason: string, why: string, desk: Desk): Promise<Disposition> {
  const crashed = await finishAfterCrash(entry, desk);
  if (crashed !== undefined) return crashed;

  const cancelled = await settle({ ...moved(entry, 'cancelled', { why, now: desk.clock() }), reason }, desk);
  if (entry.effectiveAt !== undefined) await desk.schedules.remove(entry, entry.effectiveAt);
  return cancelled;
}

/** Makes the termination findable for a rescission. @returns the person's other events */
async function registerPerson(entry: Termination, { ledger }: Desk): Promise<EventRef[]> {
  const others = new Map<string, EventRef>();
  for (const key of personKeys(entry.source, entry.event.employee)) {
    await changeRecord(ledger, key, personRecord, (record) => {
      const person = withTermination(record ?? NEW_PERSON, { source: entry.source, eventId: entry.eventId });
      for (const ref of person.events) others.set(namedKey(ref), ref);
      return person === record ? undefined : person;
    });
  }
  others.delete(namedKey(entry));
  return [...others.values()];
}

async function isVoid(entry: Termination, { ledger }: Desk): Promise<boolean> {
  for (const key of personKeys(entry.source, entry.event.employee)) {
    const person = await ledger.readRecord(key, personRecord);
    if (person !== undefined && isVoidFor(entry, person.value)) return true;
  }
  return (await ledger.readRecord(namedKey(entry), personRecord)) !== undefined;
}

/**
 * A last day that HR has put off: the termination recorded later, and still to come, is the one that counts.
 * An order to act at once stands, whatever date follows it.
 */
async function laterDate(entry: Termination, others: readonly EventRef[], { ledger }: Desk): Promise<LedgerEntry | undefined> {
  if (entry.event.effective.immediate) return undefined;
  for (const ref of others) {
    const other = await ledger.readEntry(ref);
    if (other?.status === 'scheduled' && recordedAt(other) > recordedAt(entry)) return other;
  }
  return undefined;
}

function waitForDate(entry: Termination, due: EffectiveTime, now: number, because = ''): LedgerEntry {
  const range = due.from === undefined ? '' : `; the time zone is unknown, the date may mean any instant from ${due.from}`;
  const times = { effectiveAt: due.at, ...(due.from === undefined ? {} : { effectiveFrom: due.from }) };
  return moved(entry, 'scheduled', { ...times, why: `${because}effective at ${due.at}${range}`, now });
}

/** Seconds for which another worker still has the event; undefined when nobody has. */
function leaseOfAnother(entry: Termination, turn: Turn, now: number): number | undefined {
  if (entry.lease === undefined || entry.lease.owner === turn.owner) return undefined;
  const left = toMillis(entry.lease.until) - now;
  return left > 0 ? Math.ceil(left / 1000) : undefined;
}

async function takeLease(entry: Termination, due: EffectiveTime, { ledger, clock }: Desk, turn: Turn): Promise<Termination> {
  const now = clock();
  const lease = { owner: turn.owner, until: toInstant(turn.leaseUntil) };
  const times = { effectiveAt: due.at, ...(due.from === undefined ? {} : { effectiveFrom: due.from }) };
  const working =
    entry.status === 'processing'
      ? { ...entry, ...times, lease, updatedAt: toInstant(now) }
      : { ...moved(entry, 'processing', { ...times, by: entry.status === 'scheduled' ? 'schedule' : 'worker', why: 'due', now }), lease };
  const written = await ledger.writeEntry(working);
  return { ...written, event: entry.event };
}

async function hold(
  entry: Termination,
  held: NonNullable<LedgerEntry['hold']>,
  desk: Desk,
  found: Partial<LedgerEntry>,
): Promise<Disposition> {
  const next = moved(entry, 'held', { ...found, why: `${held.guard}: ${held.saw}`, now: desk.clock() });
  return settle({ ...next, hold: held, reason: held.guard }, desk);
}

async function settle(entry: LedgerEntry, { ledger }: Desk): Promise<Disposition> {
  return { kind: 'settled', entry: await ledger.writeEntry(entry) };
}

export function isTermination(entry: LedgerEntry): entry is Termination {
  return entry.event.type === 'employee.terminated';
}
