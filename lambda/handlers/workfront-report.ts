import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** One call over the wire. @param call milliseconds without waiting for a turn, and the HTTP status where there was an answer */
export function reportCall({ ms, status }: { ms: number; status: number | 'no-answer' }, metrics: Metrics): void {
  metrics.addMetric('WorkfrontCalls', MetricUnit.Count, 1);
  metrics.addMetric('WorkfrontLatency', MetricUnit.Milliseconds, ms);
  if (status === 429) metrics.addMetric('WorkfrontThrottled', MetricUnit.Count, 1);
}

/** What CloudWatch is told of a credential that does not end: it knows no infinity. */
const NO_END_DAYS = 1000;

/**
 * How long the API key will last. What does not end is told too: the alarm of the key that it replaced is then over.
 *
 * @param daysLeft undefined where nobody knows
 */
export function reportKey(daysLeft: number | undefined, metrics: Metrics): void {
  if (daysLeft !== undefined) metrics.addMetric('WorkfrontKeyDaysLeft', MetricUnit.NoUnit, Math.min(daysLeft, NO_END_DAYS));
}
