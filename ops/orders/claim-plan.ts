import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { DigestedPlan } from './plan-file.ts';
import { mayApply } from './plan-record.ts';
import { directoryOf, judgeAll, type OpenDirectory } from './repetition.ts';

/**
 * Makes sure that a plan still holds, and that nobody applies it a second time.
 *
 * @returns its events, all still as they were planned
 * @throws PermanentFailure `plan-of-another`, `plan-outdated`, and as {@link mayApply}; nothing was done then
 */
export async function claimPlan(
  plan: DigestedPlan,
  deployment: Deployment,
  open: OpenDirectory = directoryOf(deployment),
): Promise<LedgerEntry[]> {
  const { name, ledgerTable } = plan.deployment;
  if (name !== deployment.name || ledgerTable !== deployment.places.ledgerTable) {
    throw new PermanentFailure(
      'plan-of-another',
      `the plan is for ${name} (${ledgerTable}), not for ${deployment.name}; apply it there, or plan again`,
    );
  }
  const markApplied = await mayApply(plan, await deployment.operator(), deployment);

  const entries: LedgerEntry[] = [];
  const changed: string[] = [];
  for (const { source, eventId, version, status } of plan.events) {
    const entry = await deployment.ledger.readEntry({ source, eventId });
    if (entry?.version === version && entry.status === status) entries.push(entry);
    else changed.push(`${eventId} was ${status}, is ${entry?.status ?? 'gone'}`);
  }
  changed.push(...(await foundOthers(plan, entries, { deployment, open })));
  if (changed.length > 0) {
    throw new PermanentFailure(
      'plan-outdated',
      `${changed.length} events have changed since, nothing was done; plan again\n  ${changed.join('\n  ')}`,
    );
  }
  await markApplied();
  return entries;
}

/** Events that are processed again, and for which a search finds another user now than it did for the plan. */
async function foundOthers(
  { kind, reason, events }: DigestedPlan,
  entries: readonly LedgerEntry[],
  reach: { deployment: Deployment; open: OpenDirectory },
): Promise<string[]> {
  const judged = await judgeAll(entries, { kind, reason }, reach);
  return judged.flatMap(({ entry: { source, eventId }, userId }) => {
    const before = events.find((one) => one.source === source && one.eventId === eventId)?.foundUserId;
    return before === userId ? [] : [`${eventId} led to ${before ?? 'nobody'}, leads to ${userId ?? 'nobody'}`];
  });
}
