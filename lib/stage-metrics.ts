import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

const NAMESPACE = 'WorkfrontOffboarding';

/** Which of the numbers that our functions emit; with a reason or source, those of that alone. */
interface Which {
  statistic?: string;
  reason?: string;
  source?: string;
  period?: Duration;
  label?: string;
}

/** The metrics that receiver and worker emit in a stage; a test compares the names with what the code emits. */
export interface StageMetrics {
  receiver(metricName: string, which?: Which): Metric;
  worker(metricName: string, which?: Which): Metric;
  /** A search for one metric by each of its reasons: a graph shows it, an alarm cannot. */
  byReason(service: 'receiver' | 'worker', metricName: string): string;
  bySource(metricName: string): string;
}

export function stageMetrics(stageName: string): StageMetrics {
  const metric =
    (service: 'receiver' | 'worker') =>
    (metricName: string, { statistic = 'Sum', period = Duration.minutes(5), reason, source, label }: Which = {}) =>
      new Metric({
        namespace: NAMESPACE,
        metricName,
        dimensionsMap: { service, stage: stageName, ...(reason !== undefined && { reason }), ...(source !== undefined && { source }) },
        statistic,
        period,
        ...(label !== undefined && { label }),
      });
  const search = (service: string, metricName: string, by: string) =>
    `SEARCH('{${NAMESPACE},service,stage,${by}} MetricName="${metricName}" service="${service}" stage="${stageName}"', 'Sum')`;

  return {
    receiver: metric('receiver'),
    worker: metric('worker'),
    byReason: (service, metricName) => search(service, metricName, 'reason'),
    bySource: (metricName) => search('receiver', metricName, 'source'),
  };
}
