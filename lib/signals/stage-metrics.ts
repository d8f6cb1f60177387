import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

const NAMESPACE = 'WorkfrontOffboarding';

/** Selects among the values that our functions emit; a reason or source narrows it to that one. */
interface Which {
  statistic?: string;
  reason?: string;
  source?: string;
  period?: Duration;
  label?: string;
}

/** The metrics that receiver and worker emit in a stage. A test compares the names with what the code emits. */
export interface StageMetrics {
  receiver(metricName: string, which?: Which): Metric;
  worker(metricName: string, which?: Which): Metric;
  /** A search expression for one metric, by reason. A graph can show it; an alarm cannot use it. */
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
