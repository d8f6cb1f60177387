import { TransientFailure } from '../domain/failures.ts';
import type { Greeting } from '../sources/source.ts';
import { type Reason, statusOf } from './problem.ts';

/** How the receiver dealt with a delivery. */
export type DeliveryResult =
  | {
      kind: 'accepted';
      eventIds: string[];
      ignored: number /** Why items of it were left out; the quarantine has it then. */;
      leftOut?: string[];
    }
  /** A test or a challenge, which changes nothing. */
  | { kind: 'greeted'; greeting: Greeting }
  | {
      kind: 'rejected';
      reason: Reason;
      /** For the sender, if there is more to say than the reason. */
      detail?: string;
      /** Which proof came, for the log alone: the answer is the same for every cause. */
      saw?: string;
      /** A fault on our side, for the log alone. */
      fault?: unknown;
      /** Whether the quarantine has it. */
      kept?: boolean;
      /** Whether it is answered as a success all the same: it is kept, and sending it again would change nothing. */
      asSuccess?: boolean;
    };

/** Log and metrics of the receiver. */
export interface DeliverySignals {
  log: Record<'info' | 'warn' | 'error', (sentence: string, fields: Record<string, unknown>) => void>;
  metrics: {
    count(name: 'Received' | 'Queued' | 'Ignored' | 'Unreadable', value: number): void;
    /** One more genuine delivery of this source: without any, the source has fallen silent. */
    accepted(source: string): void;
    /** A delivery that only a former secret of the source proves: that secret is still in use. */
    oldSecretUsed(source: string): void;
    rejected(reason: Reason): void;
  };
}

/**
 * Writes one log line and the counts of one delivery: ids, numbers and reasons, nothing of the content. If there was one event,
 * `correlation_id` is that event's id, as in the worker's lines; otherwise it is the id of the request.
 */
export function reportDelivery(
  { requestId, source, status, result }: { requestId: string; source: string | undefined; status: number; result: DeliveryResult },
  { log, metrics }: DeliverySignals,
): void {
  metrics.count('Received', 1);
  switch (result.kind) {
    case 'accepted': {
      const { eventIds, ignored, leftOut } = result;
      metrics.count('Queued', eventIds.length);
      metrics.count('Ignored', ignored);
      if (source !== undefined) metrics.accepted(source);
      const [only] = eventIds.length === 1 ? eventIds : [];
      const fields = { correlation_id: only ?? requestId, requestId, source, status, eventIds, ignored };
      if (leftOut === undefined) {
        log.info('delivery accepted', fields);
      } else {
        metrics.count('Unreadable', 1);
        log.error('delivery accepted in part, and kept', { ...fields, leftOut });
      }
      break;
    }
    case 'greeted':
      log.info('greeting answered', { correlation_id: requestId, requestId, source, status, greeting: result.greeting.kind });
      break;
    case 'rejected': {
      const { reason, saw, detail = saw, kept, fault, asSuccess = false } = result;
      metrics.rejected(reason);
      if (kept && reason !== 'forged') metrics.count('Unreadable', 1);
      const level = statusOf(reason) < 500 && !asSuccess ? 'warn' : 'error';
      const sentence = asSuccess ? 'delivery not understood, but kept' : 'delivery rejected';
      log[level](sentence, { correlation_id: requestId, requestId, source, status, reason, detail, kept, fault: describe(fault) });
    }
  }
}

/** Describes a fault for the log. Messages of our own failures are safe; others may quote the content, so their class and place must do. */
function describe(fault: unknown): object | undefined {
  if (fault === undefined) return undefined;
  if (fault instanceof TransientFailure) return { code: fault.code, saw: fault.message };
  if (!(fault instanceof Error)) return { name: typeof fault };
  return { name: fault.name, at: fault.stack?.split('\n').filter((line) => /^\s+at /.test(line)) };
}
