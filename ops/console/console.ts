import type { Deployment } from '../deployment/deployment.ts';
import type { DigestedPlan } from '../orders/plan-file.ts';
import type { Session } from '../session.ts';
import type { Frame } from './page.ts';

/** What every page of an open console gets. */
export interface Console extends Frame, Pick<Session, 'again'> {
  deployment: Deployment;
  /** The session of the command, which opened the deployment. */
  session: Pick<Session, 'again' | 'deployment'>;
  /** Is aborted when the terminal ends the console. */
  signal: AbortSignal;
  /** Plans that were made or opened here, by digest. They are in memory only. */
  plans: Map<string, DigestedPlan>;
}
