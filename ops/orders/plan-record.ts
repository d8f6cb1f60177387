import * as z from 'zod/mini';
import { Contended, PermanentFailure } from '../../lambda/domain/failures.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { DigestedPlan } from './plan-file.ts';
import { secondPersonAbove } from './second-person.ts';

/** What the ledger keeps of a plan, so that nobody can change its planner in the file, or apply it twice. */
const planRecord = z.object({
  by: z.string(),
  at: z.string(),
  applied: z.optional(z.object({ by: z.string(), at: z.string() })),
});

const keyOf = ({ digest }: DigestedPlan): string => `plan/${digest}`;

export async function recordPlan(plan: DigestedPlan, { ledger }: Pick<Deployment, 'ledger'>): Promise<void> {
  await ledger.writeRecord(keyOf(plan), { value: { by: plan.by, at: plan.at }, version: 0 });
}

/**
 * Checks that an operator may apply a plan.
 *
 * @returns how to mark it as applied
 * @throws PermanentFailure `plan-unknown`, `plan-applied`, `second-person`
 */
export async function mayApply(
  plan: DigestedPlan,
  by: string,
  { ledger, clock, policy }: Pick<Deployment, 'ledger' | 'clock' | 'policy'>,
): Promise<() => Promise<void>> {
  const record = await ledger.readRecord(keyOf(plan), planRecord);
  if (record === undefined || record.value.by !== plan.by) {
    throw new PermanentFailure('plan-unknown', 'the ledger has no such plan of this planner; plan again');
  }
  const { applied } = record.value;
  if (applied !== undefined)
    throw new PermanentFailure('plan-applied', `${applied.by} already applied this plan at ${applied.at}; plan again`);
  // A plan of an earlier version may have another number of its own.
  const most = Math.min(plan.secondAbove, await secondPersonAbove({ policy }));
  if (plan.events.length > most && by === plan.by) {
    throw new PermanentFailure(
      'second-person',
      `the plan has ${plan.events.length} events, more than ${most}; someone other than ${plan.by} must apply it`,
    );
  }
  return async () => {
    try {
      const value = { ...record.value, applied: { by, at: toInstant(clock()) } };
      await ledger.writeRecord(keyOf(plan), { value, version: record.version });
    } catch (failure) {
      if (failure instanceof Contended)
        throw new PermanentFailure('plan-applied', 'somebody else is applying this plan right now; look at its events with list');
      throw failure;
    }
  };
}
