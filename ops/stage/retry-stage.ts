import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { policy as policySchema } from '../../lambda/domain/policy.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { openWorkfront } from '../deployment/workfront-access.ts';
import { tryAccessAgain } from '../orders/console-orders.ts';
import { closeHrCircuits, tryAgain, whoPaused } from '../orders/try-now.ts';

/**
 * Asks Workfront, only by reading. If it answers, closes the circuits, and sends what waits for trouble to pass to the worker.
 *
 * @returns how many active users Workfront shows, and how many events were sent
 * @throws PermanentFailure `paused`; the failures of the directory
 */
export async function retryStage(
  deployment: Deployment,
  { again }: { again: (command: string) => string },
): Promise<{ activeUsers: number; sent: number }> {
  if ((await whoPaused(deployment)) !== undefined)
    throw new PermanentFailure('paused', `the stage is paused, so nothing goes on; ask why, then ${again('resume --reason "why"')}`);

  const settings = await functionSettings(deployment);
  const { matchKeys } = policySchema.parse({});
  const { activeUsers } = await openWorkfront(deployment, { settings, matchKeys }).owner();
  await closeHrCircuits(deployment, Object.keys(settings.LOOK_UPS));
  await tryAccessAgain(deployment);
  return { activeUsers, sent: await tryAgain(deployment) };
}
