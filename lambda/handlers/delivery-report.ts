import { TransientFailure } from '../domain/failures.ts';
import type { Greeting } from '../sources/source.ts';
import { type Reason, statusOf } from './problem.ts';

/** What became of a delivery. */
export type Outcome =
  | { kind: 'accepted'; eventIds: string[]; ignored: number }
  /** A test or a challenge, which changes nothing. */
  | { kind: 'greeted'; greeting: Greeting }
  | {
      kind: 'rejected';
      reason: Reason;
      /** For the sender, where there is more to say than the reason. */
      detail?: string;
      /** Ours, and for the log alone. */
      fault?: unknown;
      /** Whether the quarantine has it. */
      kept?: boolean;
      /** Whether the sender is told of success nevertheless: it is kept, and to send it again would change nothing. */
      asSuccess?: boolean;
    };

/** Where the receiver says what it did. */
export interface Signals {
  log: Record<'info' | 'warn' | 'error', (sentence: string, fields: Record<string, unknown>) => void>;
  metrics: {
    count(name: 'Received' | 'Queued' | 'Ignored' | 'Unreadable', value: number): void;
    /** One more delivery that is this source's own: what its silence is told by. */
    accepted(source: string): void;
    /** A delivery that only a former secret of the source proves: it is still in use. */
    oldSecretUsed(source: string): void;
    rejected(reason: Reason): void;
  };
}

/**
 * One log line and the counts of one delivery: ids, numbers and reasons, nothing that was sent. Where it brought one event,
 * `correlation_id` is that event's id, as in the worker's lines; else the request's.
 */
export function reportDelivery(
  { requestId, source, status, outcome }: { requestId: string; source: string | undefined; status: number; outcome: Outcome },
  { log, metrics }: Signals,
): void {
  metrics.count('Received', 1);
  switch (outcome.kind) {
    case 'accepted': {
      const { eventIds, ignored } = outcome;
      metrics.count('Queued', eventIds.length);
      metrics.count('Ignored', ignored);
      if (source !== undefined) metrics.accepted(source);
      const [only] = eventIds.length === 1 ? eventIds : [];
      log.info('delivery accepted', { correlation_id: only ?? requestId, requestId, source, status, eventIds, ignored });
      break;
    }
    case 'greeted':
      log.info('greeting answered', { correlation_id: requestId, requestId, source, status, greeting: outcome.greeting.kind });
      break;
    case 'rejected': {
      const { reason, detail, kept, fault, asSuccess = false } = outcome;
      metrics.rejected(reason);
      if (kept && reason !== 'forged') metrics.count('Unreadable', 1);
      log[statusOf(reason) < 500 && !asSuccess ? 'warn' : 'error'](asSuccess ? 'delivery kept unread' : 'delivery rejected', {
        correlation_id: requestId,
        requestId,
        source,
        status,
        reason,
        detail,
        kept,
        fault: describe(fault),
      });
    }
  }
}

/** Messages of our own failures are safe to log; those of others may quote what was sent, so only their class and place are. */
function describe(fault: unknown): object | undefined {
  if (fault === undefined) return undefined;
  if (fault instanceof TransientFailure) return { code: fault.code, saw: fault.message };
  if (!(fault instanceof Error)) return { name: typeof fault };
  return { name: fault.name, at: fault.stack?.split('\n').filter((line) => /^\s+at /.test(line)) };
}
