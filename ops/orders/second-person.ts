import { policy as policySchema } from '../../lambda/domain/policy.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { Usage } from '../terminal/exit-code.ts';

/** The number of events from which a second person must apply what the first one planned: the stage's, not the planner's. */
export async function secondPersonAbove({ policy }: Pick<Deployment, 'policy'>): Promise<number> {
  return ((await policy()) ?? policySchema.parse({})).secondPersonAbove;
}

/** @throws Usage if so many events need a plan that somebody else applies */
export async function secondPersonCheck(
  count: number,
  { deployment, again }: { deployment: Pick<Deployment, 'policy'>; again: (command: string) => string },
): Promise<void> {
  const most = await secondPersonAbove(deployment);
  if (count <= most) return;
  throw new Usage(
    `${count} events to release, and this stage wants a second person above ${most} (policy.secondPersonAbove); make a plan, and let somebody else apply it:\n  ${again('plan release --since 30d --note "why" --out plan.json')}`,
  );
}
