import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Counts one HTTP call. @param call milliseconds in flight, without the wait for a free connection, and the HTTP status if there was an answer */
export function reportCall({ ms, status }: { ms: number; status: number | 'no-answer' }, metrics: Metrics): void {
  metrics.addMetric('WorkfrontCalls', MetricUnit.Count, 1);
  metrics.addMetric('WorkfrontLatency', MetricUnit.Milliseconds, ms);
  if (status === 429) metrics.addMetric('WorkfrontThrottled', MetricUnit.Count, 1);
}

/** The number that CloudWatch gets for a credential that does not expire, because it has no infinity. */
const NEVER_DAYS = 1000;

/**
 * Sends how long the API key is still valid. A credential that does not expire is sent too, because that ends the alarm on the key
 * that it replaced.
 *
 * @param daysLeft undefined if nobody knows
 */
export function reportKey(daysLeft: number | undefined, metrics: Metrics): void {
  if (daysLeft !== undefined) metrics.addMetric('WorkfrontKeyDaysLeft', MetricUnit.NoUnit, Math.min(daysLeft, NEVER_DAYS));
}
