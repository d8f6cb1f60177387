import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DeliverySignals } from './delivery-report.ts';

/** Sends the receiver's counts to CloudWatch: the totals, and some of them by source or by reason. */
export function deliveryMetrics(metrics: Metrics): DeliverySignals['metrics'] {
  const by = (dimension: string, value: string, name: string) =>
    metrics.singleMetric().addDimension(dimension, value).addMetric(name, MetricUnit.Count, 1);

  return {
    count: (name, value) => void metrics.addMetric(name, MetricUnit.Count, value),
    accepted: (source) => void by('source', source, 'Accepted'),
    oldSecretUsed: (source) => void by('source', source, 'OldSecretUsed'),
    rejected(reason) {
      metrics.addMetric('Rejected', MetricUnit.Count, 1);
      by('reason', reason, 'Rejected');
    },
  };
}
