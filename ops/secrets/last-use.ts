import { cloudWatch, LOOKED_BACK_DAYS } from '../deployment/cloudwatch.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { isLocal } from '../deployment/function-settings.ts';
import { bothTimes } from '../terminal/times.ts';
import { sentenceOf } from '../terminal/trouble.ts';

/** When a source's former secret was last used. */
interface LastUse {
  /** Whether the count could be read. */
  known: boolean;
  at: string | null;
  sentence: string;
}

/** Reads when only the former secret of a source proved a delivery. The receiver counts that; without CloudWatch nobody keeps the count. */
export async function lastUse(source: string, deployment: Deployment): Promise<LastUse> {
  const unknown = (why: string) => ({ known: false, at: null, sentence: `It is unknown when the former secret was last used: ${why}.` });
  if (isLocal(deployment)) return unknown('only CloudWatch keeps the count, on a stage');
  try {
    const at = await cloudWatch(deployment).oldSecretLastUsed(source);
    if (at === undefined)
      return { known: true, at: null, sentence: `The former secret was not used in the last ${LOOKED_BACK_DAYS} days.` };
    return { known: true, at, sentence: `The former secret was last used within the hour after ${bothTimes(at)}.` };
  } catch (error) {
    return unknown(sentenceOf(error));
  }
}
