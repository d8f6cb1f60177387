import type { Effective } from '../event/hr-event.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import { isTermination, type Termination } from '../event/termination.ts';
import { withStatus } from '../event/transition.ts';
import { Blocked } from '../failures.ts';
import { isVoid } from '../person/known-person.ts';
import { resolveLeaver } from '../person/leaver-match.ts';
import type { CredentialOwner, Desk, UserDirectory } from '../ports.ts';
import { pinnedCustomer, reportSuccess, requestBrake, stopIfPaused } from '../stage/stage-state.ts';
import { toInstant } from '../time/time.ts';
import { askHr } from './ask-hr.ts';
import { cancel, hold, settle } from './conclude.ts';
import type { Disposition } from './disposition.ts';
import { effectiveTime } from './effective-time.ts';
import { contradiction, firstHold, type GuardView, HR_GUARD, inconclusive, MATCH_GUARDS, WRITE_GUARDS } from './guards.ts';
import { keysToMatch } from './keys-to-match.ts';
import { waitForDate } from './wait-for-date.ts';

/**
 * Asks HR, resolves, asks every guard, and writes: from a leased termination that is due to where it rests.
 *
 * @throws Contended, TransientFailure, CredentialFailure, PermanentFailure
 */
export async function decideLeaver(entry: Termination, desk: Desk, circuit: 'clean' | 'doubtful'): Promise<Disposition> {
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
  await mustStillBe(owner, directory);
  if (circuit === 'doubtful') await reportSuccess(desk);
  const pinnedCustomerId = await pinnedCustomer(owner, desk);
  const unfounded = inconclusive({ match, chosenUserId: entry.chosenUserId, owner, pinnedCustomerId });
  if (unfounded !== undefined) return hold(entry, unfounded, desk, {});
  if (match.kind === 'none') {
    const why = `no user has this ${keys.map(({ field }) => field).join(' or ')}; the credential sees ${owner.activeUsers} active users`;
    return settle(withStatus(entry, 'no-account', { why, now: clock() }), desk);
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
      withStatus(entry, 'already-inactive', {
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
      withStatus(entry, 'would-deactivate', {
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

/**
 * A secret replaced in the middle of a turn may look into another customer's Workfront: what some searches did not find there
 * says nothing. The directory remembers who a credential is, so that asking again costs no call.
 *
 * @throws Blocked for a moment; the event starts over
 */
async function mustStillBe({ userId, customerId }: CredentialOwner, directory: UserDirectory): Promise<void> {
  const now = await directory.owner();
  if (now.userId === userId && now.customerId === customerId) return;
  throw new Blocked('credential-replaced', 'expected one credential for the whole search, got another in the middle of it, starts over');
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
  return settle(withStatus(entry, 'deactivated', { why, now: clock() }), desk);
}
