import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CanaryReport } from '../domain/stage/canary.ts';
import type { DailyLook } from '../domain/stage/daily-look.ts';
import type { LateLook } from '../domain/stage/late-look.ts';
import { SECOND } from '../domain/time/time.ts';
import type { LeaverSignals } from './leaver-report.ts';

/** Writes one log line and one count a day. An alarm rings if `CanaryPassed` is missing for longer: then nobody has checked. */
export function reportCanary(report: CanaryReport, { logger, metrics }: LeaverSignals): void {
  switch (report.kind) {
    case 'well':
      metrics.addMetric('CanaryPassed', MetricUnit.Count, 1);
      // A zero ends an alarm: Workfront has accepted the credential, and answered.
      metrics.addMetric('CredentialTrouble', MetricUnit.Count, 0);
      metrics.addMetric('StageTrouble', MetricUnit.Count, 0);
      logger.info('credential check passed', { activeUsers: report.activeUsers });
      break;
    case 'credential-trouble':
      metrics.addMetric('CanaryFailed', MetricUnit.Count, 1);
      metrics.addMetric('CredentialTrouble', MetricUnit.Count, 1);
      logger.error('credential check failed', { code: report.code });
      break;
    case 'stage-trouble':
      metrics.addMetric('CanaryFailed', MetricUnit.Count, 1);
      metrics.addMetric('StageTrouble', MetricUnit.Count, 1);
      logger.error('credential check failed', { code: report.code });
      break;
    case 'other-trouble':
      metrics.addMetric('CanaryFailed', MetricUnit.Count, 1);
      logger.warn('credential could not be checked', { code: report.code });
  }
}

/** A schedule that was lost, and a stage that was paused because its table was restored, each ring. */
export function reportDailyLook(look: DailyLook, { logger, metrics }: LeaverSignals): void {
  if (look.kind === 'paused') {
    metrics.addMetric('LedgerRestored', MetricUnit.Count, 1);
    logger.error('the stage was paused', { why: look.why });
  }
  if (look.scheduledAgain.length === 0) return;
  metrics.addMetric('ScheduledAgain', MetricUnit.Count, look.scheduledAgain.length);
  for (const { source, eventId } of look.scheduledAgain) logger.error('a schedule was lost and is set again', { source, eventId });
}

/** Events of one log line: the ledger has all of them. */
const NAMED = 5;

/** Says every few minutes how late the latest leaver is. An alarm rings if nobody says so for longer. */
export function reportLateLook({ longest, notStarted }: LateLook, { logger, metrics }: LeaverSignals): void {
  metrics.addMetric('Overdue', MetricUnit.Seconds, longest / SECOND);
  metrics.addMetric('NotStarted', MetricUnit.Count, notStarted.length);
  for (const { source, eventId } of notStarted.slice(0, NAMED))
    logger.error('a scheduled event is due and was not begun', { source, eventId });
}
