import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { isTermination } from '../../lambda/domain/event/termination.ts';
import { DAY, toInstant, toMillis } from '../../lambda/domain/time/time.ts';
import { type Deployment, KEEP_DAYS } from '../deployment/deployment.ts';
import { type Check, checked, green, type Health, red, unknown } from './check.ts';

type Again = (command: string) => string;

/** Finished is not silent: what ended without a write, and may be wrong. */
export async function checkEnded(deployment: Deployment, again: Again): Promise<Check[]> {
  return [
    await checked('tried only', () => triedOnly(deployment, again)),
    await checked('without an account', () => withoutAccount(deployment, again)),
  ];
}

/** Leavers of a dry run are active until they are processed again. */
async function triedOnly(deployment: Deployment, again: Again): Promise<Health> {
  const policy = await deployment.policy();
  if (policy === undefined) return unknown('you may not read the rules of the stage');
  if (policy.dryRun) return green('the dry run goes on');
  const tried = await ended(deployment, 'would-deactivate', { from: (policy.rememberDays || KEEP_DAYS) * DAY, to: 0 });
  if (tried.length === 0) return green('none');
  const plan = again('plan replay --status would-deactivate --note "the dry run ended" --out plan.json');
  return red(`${tried.length} leavers were only tried and are active`, { fix: plan });
}

const WEEK = 7 * DAY;
const BEFORE = 30 * DAY;

/** Fewer say nothing. */
const LEAST = 10;

/**
 * Most leavers of a company may never have had an account; that their share rises suddenly has a cause: match keys, a new mail domain,
 * other numbers.
 */
async function withoutAccount(deployment: Deployment, again: Again): Promise<Health> {
  const week = await shareWithout(deployment, { from: WEEK, to: 0 });
  const before = await shareWithout(deployment, { from: WEEK + BEFORE, to: WEEK });
  const saw = `${week.without} of ${week.all} leavers of the last 7 days, ${before.without} of ${before.all} of the 30 days before`;
  const isUnusual = week.all >= LEAST && share(week) > 0.5 && share(week) > 2 * share(before);
  if (!isUnusual) return green(saw);
  return red(saw, {
    fix: `${again('list --status no-account --since 7d')}; resolve one who has an account, and compare the match keys of the stage with what Workfront has`,
  });
}

const share = ({ without, all }: { without: number; all: number }): number => (all === 0 ? 0 : without / all);

/** Counts those who ended soon after HR told of them: only these can be found whatever they ended as. */
async function shareWithout(deployment: Deployment, period: Period): Promise<{ without: number; all: number }> {
  const count = async (status: EventStatus) => (await ended(deployment, status, period)).filter(isSoon).length;
  const without = await count('no-account');
  let all = without;
  for (const status of ['deactivated', 'already-inactive', 'would-deactivate'] as const) all += await count(status);
  return { without, all };
}

const isSoon = ({ receivedAt, updatedAt }: LedgerEntry): boolean => toMillis(updatedAt) - toMillis(receivedAt) <= DAY;

/** How long ago, in milliseconds. */
interface Period {
  from: number;
  to: number;
}

/** Terminations that came to this status in the period. */
export async function ended({ ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>, status: EventStatus, { from, to }: Period) {
  const now = clock();
  const found: LedgerEntry[] = [];
  // The clock of AWS may be ahead of ours.
  const period = { since: toInstant(now - from), until: toInstant(to === 0 ? now + DAY : now - to) };
  for await (const entry of ledger.withStatus(status, period)) {
    const isIn = toMillis(entry.updatedAt) >= now - from && (to === 0 || toMillis(entry.updatedAt) < now - to);
    if (isIn && isTermination(entry)) found.push(entry);
  }
  return found;
}
