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
  const tried = await ended(deployment, 'would-deactivate', (policy.rememberDays || KEEP_DAYS) * DAY);
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
  const { week, before } = await endedSoon(deployment);
  const saw = `${week.without} of ${week.all} leavers of the last 7 days, ${before.without} of ${before.all} of the 30 days before`;
  const isUnusual = week.all >= LEAST && share(week) > 0.5 && share(week) > 2 * share(before);
  if (!isUnusual) return green(saw);
  return red(saw, {
    fix: `${again('list --status no-account --since 7d')}; resolve one who has an account, and compare the match keys of the stage with what Workfront has`,
  });
}

interface Counted {
  without: number;
  all: number;
}

const share = ({ without, all }: Counted): number => (all === 0 ? 0 : without / all);

const LOOKED_FOR: readonly EventStatus[] = ['no-account', 'deactivated', 'already-inactive', 'would-deactivate'];

/** Counts the leavers who ended within a day after HR told of them: one list has them, whatever they ended as. */
async function endedSoon({ ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>): Promise<{ week: Counted; before: Counted }> {
  const now = clock();
  const [week, before] = [
    { without: 0, all: 0 },
    { without: 0, all: 0 },
  ];
  for await (const entry of ledger.entries({ since: toInstant(now - WEEK - BEFORE - DAY), until: toInstant(now + DAY) })) {
    const at = toMillis(entry.updatedAt);
    const isSoon = at - toMillis(entry.receivedAt) <= DAY;
    if (!isTermination(entry) || !LOOKED_FOR.includes(entry.status) || !isSoon || at < now - WEEK - BEFORE) continue;
    const counted = at >= now - WEEK ? week : before;
    counted.all += 1;
    if (entry.status === 'no-account') counted.without += 1;
  }
  return { week, before };
}

/** Terminations that came to this status within so many milliseconds. */
export async function ended({ ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>, status: EventStatus, within: number) {
  const now = clock();
  const found: LedgerEntry[] = [];
  // The clock of AWS may be ahead of ours.
  for await (const entry of ledger.withStatus(status, { since: toInstant(now - within), until: toInstant(now + DAY) })) {
    if (toMillis(entry.updatedAt) >= now - within && isTermination(entry)) found.push(entry);
  }
  return found;
}
