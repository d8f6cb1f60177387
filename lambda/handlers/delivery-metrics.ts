import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Signals } from './delivery-report.ts';

/** The receiver's counts as CloudWatch metrics; by source and by reason beside the whole. */
export function deliveryMetrics(metrics: Metrics): Signals['metrics'] {
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
