import * as z from 'zod/mini';
import { Contended, PermanentFailure } from '../../lambda/domain/failures.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { DigestedPlan } from './plan-file.ts';

/** What the ledger knows of a plan: who made it cannot be changed in a file, and it is applied once. */
const planRecord = z.object({
  by: z.string(),
  at: z.string(),
  applied: z.optional(z.object({ by: z.string(), at: z.string() })),
});

const keyOf = ({ digest }: DigestedPlan): string => `plan/${digest}`;

export async function recordPlan(plan: DigestedPlan, { ledger }: Pick<Deployment, 'ledger'>): Promise<void> {
  await ledger.writeRecord(keyOf(plan), { by: plan.by, at: plan.at }, 0);
}

/** @returns how to mark it as applied @throws PermanentFailure where the plan may not be applied by this operator, or was before */
export async function mayApply(
  plan: DigestedPlan,
  by: string,
  { ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>,
): Promise<() => Promise<void>> {
  const record = await ledger.readRecord(keyOf(plan), planRecord);
  if (record === undefined || record.value.by !== plan.by) {
    throw new PermanentFailure('plan-unknown', 'the ledger knows no such plan of this planner: plan again');
  }
  const { applied } = record.value;
  if (applied !== undefined) throw new PermanentFailure('plan-applied', `applied before, by ${applied.by} at ${applied.at}: plan again`);
  if (plan.events.length > plan.secondAbove && by === plan.by) {
    throw new PermanentFailure(
      'second-person',
      `more than ${plan.secondAbove} events (${plan.events.length}) are applied by somebody else than ${plan.by}, who planned them`,
    );
  }
  return async () => {
    try {
      await ledger.writeRecord(keyOf(plan), { ...record.value, applied: { by, at: toInstant(clock()) } }, record.version);
    } catch (failure) {
      if (failure instanceof Contended) throw new PermanentFailure('plan-applied', 'somebody applies it just now');
      throw failure;
    }
  };
}
