import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { AccessEnd } from '../domain/console-access/wait-for-console.ts';
import type { ConsoleAccessMessage } from '../domain/event/leaver-message.ts';
import type { LeaverSignals } from './leaver-report.ts';

/** Writes one log line of one turn in the Admin Console, and what an alarm needs. No name of a group and nothing personal is in it. */
export function reportAccess(
  { message, end }: { message: ConsoleAccessMessage; end: AccessEnd },
  { logger, metrics }: LeaverSignals,
): void {
  const { source, eventId, kind } = message;
  const ids = { correlation_id: eventId, source, eventId, kind };
  const count = (name: string, value: number) => metrics.addMetric(name, MetricUnit.Count, value);
  switch (end.kind) {
    case 'wait':
      if (end.trouble) count('ConsoleTrouble', 1);
      logger.info('console access waits', { ...ids, code: end.code, seconds: end.seconds });
      break;
    case 'nothing-to-do':
      logger.info('nothing to do for this message', { ...ids, why: end.why });
      break;
    case 'settled': {
      const { status, code } = end.record;
      const isForPerson = status === 'held' || status === 'failed';
      if (isForPerson) count('ConsoleNeedsPerson', 1);
      // A zero ends an alarm: the Console has answered.
      else count('ConsoleTrouble', 0);
      logger[isForPerson ? 'warn' : 'info']('console access settled', { ...ids, status, code });
    }
  }
}
