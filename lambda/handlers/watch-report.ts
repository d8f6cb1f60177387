import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { TurnEnd } from '../domain/deactivate/turn-end.ts';
import type { LeaverMessage } from '../domain/event/leaver-message.ts';
import type { Compared } from '../domain/watch/compare.ts';
import type { Finding } from '../domain/watch/findings.ts';
import type { Looked } from '../domain/watch/look-again.ts';
import type { Swept } from '../domain/watch/sweep.ts';
import type { LeaverSignals } from './leaver-report.ts';

/** One log line and one count of a look that changed nothing. A user who came back is reported as an event that settled. */
export function reportLook({ message, end }: { message: LeaverMessage; end: Looked | Compared }, { logger, metrics }: LeaverSignals): void {
  const { source, eventId, kind } = message;
  const about = { correlation_id: eventId, source, eventId, kind };
  if (end.kind === 'looked') {
    metrics.addMetric('Watched', MetricUnit.Count, 1);
    logger.info('user read again', { ...about, saw: end.saw });
    return;
  }
  if (end.found !== undefined) metrics.addMetric('Findings', MetricUnit.Count, 1);
  logger[end.found === undefined ? 'info' : 'warn']('event compared with HR', { ...about, found: end.found });
}

/** Once a night, or as often as it has to wait. An alarm rings if a finding is there, or if nobody has swept. */
export function reportSweep(
  { swept, findings }: { swept: Swept | Extract<TurnEnd, { kind: 'wait' }>; findings: readonly Finding[] },
  { logger, metrics }: LeaverSignals,
): void {
  metrics.addMetric('Findings', MetricUnit.Count, findings.length);
  if (swept.kind === 'wait') {
    logger.warn('the nightly sweep waits', { code: swept.code });
    return;
  }
  metrics.addMetric('Swept', MetricUnit.Count, 1);
  logger.info('nightly sweep begun', {
    people: swept.people,
    leftOut: swept.leftOut,
    looks: swept.messages.length,
    findings: findings.length,
  });
}
