import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CanaryReport } from '../domain/stage/canary.ts';
import type { Signals } from './leaver-report.ts';

/** One log line and one count a day; `CanaryPassed` missing for longer says that nobody looked. */
export function reportCanary(report: CanaryReport, { logger, metrics }: Signals): void {
  switch (report.kind) {
    case 'well':
      metrics.addMetric('CanaryPassed', MetricUnit.Count, 1);
      // Nought says that Workfront let us in: the alarm on the credential is over.
      metrics.addMetric('CredentialTrouble', MetricUnit.Count, 0);
      logger.info('credential looked at: well', { activeUsers: report.activeUsers });
      break;
    case 'credential-trouble':
      metrics.addMetric('CanaryFailed', MetricUnit.Count, 1);
      metrics.addMetric('CredentialTrouble', MetricUnit.Count, 1);
      logger.error('credential looked at: in trouble', { code: report.code });
      break;
    case 'other-trouble':
      metrics.addMetric('CanaryFailed', MetricUnit.Count, 1);
      logger.warn('credential could not be looked at', { code: report.code });
  }
}
