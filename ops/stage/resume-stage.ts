import { resume } from '../../lambda/domain/stage/stage-orders.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { changePause } from '../orders/pause-stage.ts';
import { sendWaiting } from '../orders/try-now.ts';

export const RESUME_QUESTION = 'Leavers whose events waited lose access at once. Resume?';

/** Ends a pause, and sends what waited to the worker. @returns whether there was a pause, and how many events were sent */
export async function resumeStage(deployment: Deployment, reason: string): Promise<{ changed: boolean; sent: number }> {
  const { changed } = await changePause(deployment, { decide: resume, reason });
  return { changed, sent: changed ? await sendWaiting(deployment) : 0 };
}
