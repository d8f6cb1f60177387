import type { Command } from 'commander';
import * as z from 'zod';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { actNow } from '../orders/act.ts';
import { type DigestedPlan, readPlan } from '../orders/plan-file.ts';
import { mayApply } from '../orders/plan-record.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { DEFAULT_WAIT, waitSeconds } from './release-reject-cancel-replay.ts';

const applyOptions = z.object({ json: z.boolean().optional(), plans: z.string(), wait: waitSeconds });

export function addApply(program: Command, session: Session): void {
  newCommand(program, 'apply', {
    what: 'Does exactly what a plan says, once; or nothing, where any of its events has changed since.',
    example: '--local apply plan.json',
  })
    .argument('<file or digest>')
    .option('--plans <dir>', 'where to look for the plan of a digest', '.')
    .option('--wait <seconds>', 'how long to wait for what becomes of the events, 0 for not at all', String(DEFAULT_WAIT))
    .action(async (named: string, raw: unknown) => {
      const { plans, ...options } = readOptions(applyOptions, raw);
      const plan = readPlan(named, plans);
      const deployment = await session.deployment();

      const entries = await claim(plan, deployment);

      const reason = `${plan.reason} (plan ${plan.digest.slice(0, 12)} of ${plan.by})`;
      process.exitCode = await actNow(entries, { kind: plan.kind, reason }, options, { terminal: session.terminal, deployment });
    });
}

/**
 * Makes sure that the plan still holds, and that nobody applies it a second time.
 *
 * @returns its events as they are, which is as they were
 * @throws PermanentFailure naming what stands against it; nothing was done then
 */
export async function claim(plan: DigestedPlan, deployment: Deployment): Promise<LedgerEntry[]> {
  const { name, ledgerTable } = plan.deployment;
  if (name !== deployment.name || ledgerTable !== deployment.places.ledgerTable) {
    throw new PermanentFailure('plan-of-another', `the plan is for ${name} (${ledgerTable}), this is ${deployment.name}`);
  }
  const markApplied = await mayApply(plan, await deployment.operator(), deployment);

  const entries: LedgerEntry[] = [];
  const changed: string[] = [];
  for (const { source, eventId, version, status } of plan.events) {
    const entry = await deployment.ledger.readEntry({ source, eventId });
    if (entry?.version === version && entry.status === status) entries.push(entry);
    else changed.push(`${eventId} was ${status}, is ${entry?.status ?? 'gone'}`);
  }
  if (changed.length > 0) {
    throw new PermanentFailure(
      'plan-outdated',
      `nothing was done: ${changed.length} events have changed, plan again\n  ${changed.join('\n  ')}`,
    );
  }
  await markApplied();
  return entries;
}
