import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { isTermination } from '../../lambda/domain/event/termination.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { recordedAt, recordedOf } from '../../lambda/domain/person/recorded-order.ts';
import { allMatchKeys, type Policy } from '../../lambda/domain/policy.ts';
import { DAY, toMillis } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { openWorkfront, type ReadOnlyDirectory } from '../deployment/workfront-access.ts';
import { type Resolution, resolveNow } from '../events/resolution.ts';
import { isRepetition, judge, type Order, type Verdict } from './order.ts';

/** An event, what an order would do to it, and the user found now, if it would be processed again. */
export interface Judged {
  entry: LedgerEntry;
  verdict: Verdict;
  userId?: string | undefined;
}

/** Opens Workfront for reading, if an order has to know which user it would be about. */
export type OpenDirectory = (policy: Policy) => Promise<ReadOnlyDirectory>;

/** @returns how to open the deployment's Workfront, with its own credential */
export const directoryOf =
  (deployment: Deployment): OpenDirectory =>
  async (policy) =>
    openWorkfront(deployment, { settings: await functionSettings(deployment), matchKeys: allMatchKeys(policy) });

/**
 * Judges events. One that ended and is to be processed again is looked up in Workfront first: who matches now may be another than the
 * leaver, if the event is old.
 *
 * @throws PermanentFailure `no-policy`; the failures of the directory
 */
export async function judgeAll(
  entries: readonly LedgerEntry[],
  order: Order,
  { deployment, open = directoryOf(deployment) }: { deployment: Deployment; open?: OpenDirectory },
): Promise<Judged[]> {
  const now = deployment.clock();
  const judged: Judged[] = entries.map((entry) => ({ entry, verdict: judge(entry, order, now) }));
  if (!judged.some(({ entry, verdict }) => verdict.kind === 'act' && isRepetition(entry, order))) return judged;

  const policy = await deployment.policy();
  if (policy === undefined) {
    throw new PermanentFailure('no-policy', `the rules of ${deployment.name} cannot be read; ask for cloudformation:GetTemplate`);
  }
  const directory = await open(policy);
  const looked: Judged[] = [];
  for (const one of judged) {
    const isAgain = one.verdict.kind === 'act' && isRepetition(one.entry, order);
    looked.push(isAgain ? await judgeRepetition(one.entry, order, { ledger: deployment.ledger, directory, policy, now }) : one);
  }
  return looked;
}

type Reach = Parameters<typeof resolveNow>[1];

async function judgeRepetition(entry: LedgerEntry, { userId }: Order, reach: Reach): Promise<Judged> {
  const { source, event } = entry;
  const found = await resolveNow(event.employee, { ...reach, source, known: knownOf(entry) }).catch((failure: unknown) => {
    // The event names HR's own id alone: only the worker, who asks HR, can find the user.
    if (failure instanceof PermanentFailure && failure.code === 'no-match-key') return undefined;
    throw failure;
  });
  const hits = found?.hits ?? [];
  if (userId !== undefined) return { entry, verdict: chosen(userId, { hits, entry }), userId };

  const one = hits.length === 1 ? hits[0] : undefined;
  const old = ageOf(entry, reach) > reach.policy.staleAfterDays * DAY;
  if (old && one?.nameOrNumber !== true && !(hits.length === 0 && event.employee.sourceId === undefined)) {
    const why = `older than ${reach.policy.staleAfterDays} days, and neither a name nor a number of a user agrees; look at it, then name the user with --user GUID`;
    return { entry, verdict: { kind: 'refused', why: `${foundText(found)}; ${why}` } };
  }
  if (hits.length === 0 && event.employee.sourceId === undefined) {
    return { entry, verdict: { kind: 'nothing', why: 'nobody is found now either' } };
  }
  const verdict: Verdict = { kind: 'act', does: `processes it again: ${foundText(found)}` };
  return { entry, verdict, ...(one !== undefined && { userId: one.userId }) };
}

/** What the guards may know of the event beside who it names. */
function knownOf(entry: LedgerEntry): NonNullable<Reach['known']> {
  const { receivedAt, effectiveAt = receivedAt, sighted, repeats, released } = entry;
  const times = { receivedAt, effectiveAt, recordedAt: recordedAt(recordedOf(entry)) };
  return { ...times, ...(isTermination(entry) && { event: entry.event }), sighted, repeats, released };
}

function chosen(userId: string, { hits, entry }: { hits: Resolution['hits']; entry: LedgerEntry }): Verdict {
  const known = [...hits.map((hit) => hit.userId), ...(entry.sighted?.users ?? []).map((user) => user.userId)];
  if (known.length > 0 && !known.includes(userId)) {
    return { kind: 'refused', why: `the event leads to user ${known.join(', ')}; --user names none of them` };
  }
  return { kind: 'act', does: `processes it again, for user ${userId}` };
}

/** Since when the leaver must be inactive: an order to act at once counts from when HR recorded it. */
function ageOf(entry: LedgerEntry, { now }: Pick<Reach, 'now'>): number {
  const { event, effectiveAt, receivedAt } = entry;
  const immediate = event.type === 'employee.terminated' && event.effective.immediate === true;
  return now - toMillis(immediate ? recordedAt(recordedOf(entry)) : (effectiveAt ?? receivedAt));
}

function foundText(found: Resolution | undefined): string {
  if (found === undefined) return 'HR is asked who it is, the event has its own id alone';
  const { hits, would } = found;
  if (hits.length === 0) return 'nobody is found by what the event says';
  const users = hits.map(({ userId, isActive, agrees }) => `user ${userId}${isActive ? '' : ', inactive'}, by ${agrees.join(' + ')}`);
  return `${users.join('; ')}; would be ${would.become}${would.become === 'held' ? ` (${would.why})` : ''}`;
}
