import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Disposition } from '../domain/deactivate/disposition.ts';
import type { EventRef, LeaverMessage } from '../domain/event/leaver-message.ts';
import type { LedgerEntry } from '../domain/event/ledger-entry.ts';
import { PermanentFailure, TransientFailure } from '../domain/failures.ts';
import { SECOND, toMillis } from '../domain/time/time.ts';

/** Where the worker says what it did. */
export interface Signals {
  logger: Logger;
  metrics: Metrics;
}

/**
 * One log line and the counts of one message: ids, statuses and codes, nothing personal. Lines of one event have its id as
 * `correlation_id`.
 *
 * @param now milliseconds since the epoch
 */
export function reportDisposition(message: LeaverMessage, disposition: Disposition, now: number, signals: Signals): void {
  switch (disposition.kind) {
    case 'wait':
      reportWait(message, disposition, now, signals);
      break;
    case 'nothing-to-do':
      count('Duplicates', signals);
      signals.logger.info('nothing to do for this message', { ...idsOf(disposition.entry ?? message, message), why: disposition.why });
      break;
    case 'settled':
      reportSettled(message, disposition.entry, signals);
  }
}

/** A body that is no message of ours. @param why what was expected and what it got, without values */
export function reportDeadLetter({ messageId, why }: { messageId: string; why: string }, signals: Signals): void {
  count('DeadLettered', signals);
  signals.logger.error('message moved to the dead-letter queue', { messageId, why });
}

/** What no rule foresees: the ledger or the schedules cannot be reached, or a mistake in the code. */
export function reportUnexpected(message: LeaverMessage, failure: unknown, signals: Signals): void {
  count('Unexpected', signals);
  signals.logger.error('message could not be worked on', { ...idsOf(message, message), failure: nameOf(failure) });
}

/** The ledger has the outcome, but those who listen do not. */
export function reportUnannounced(entry: LedgerEntry, failure: unknown, signals: Signals): void {
  count('Unannounced', signals);
  const { source, eventId, status } = entry;
  signals.logger.error('outcome could not be announced', { correlation_id: eventId, source, eventId, status, failure: nameOf(failure) });
}

function reportWait(message: LeaverMessage, wait: Extract<Disposition, { kind: 'wait' }>, now: number, signals: Signals): void {
  const { entry, code, seconds, credentialTrouble } = wait;
  count('Waiting', signals, code);
  if (credentialTrouble) count('CredentialTrouble', signals);
  // Only waiting for trouble says how late a leaver is: another worker at the same event is no delay.
  if (entry?.waiting !== undefined) signals.metrics.addMetric('Overdue', MetricUnit.Seconds, sinceDue(entry, now) / SECOND);
  signals.logger.warn('event waits', { ...idsOf(entry ?? message, message), code, seconds });
}

function reportSettled(message: LeaverMessage, entry: LedgerEntry, signals: Signals): void {
  const { status, reason, workfrontUserId, finishedAt } = entry;
  count(metricOf(status), signals, status === 'held' || status === 'failed' ? reason : undefined);
  if (status === 'held') count(heldBy(reason), signals);
  // Nought says that Workfront let us in: the alarm on the credential is over.
  if (ASKED_WORKFRONT.includes(status)) signals.metrics.addMetric('CredentialTrouble', MetricUnit.Count, 0);
  if (message.kind === 'release') count('Released', signals);
  if (message.kind === 'replay') count('Replayed', signals);
  if (status === 'deactivated' && finishedAt !== undefined) {
    const at = toMillis(finishedAt);
    signals.metrics.addMetric('FromEffective', MetricUnit.Milliseconds, sinceDue(entry, at));
    signals.metrics.addMetric('FromReceived', MetricUnit.Milliseconds, Math.max(0, at - toMillis(entry.receivedAt)));
  }
  const level = status === 'failed' ? 'error' : status === 'held' ? 'warn' : 'info';
  signals.logger[level]('event settled', { ...idsOf(entry, message), status, reason, workfrontUserId });
}

/** Statuses that only Workfront's own answer leads to. */
const ASKED_WORKFRONT: readonly LedgerEntry['status'][] = ['deactivated', 'already-inactive', 'no-account', 'would-deactivate'];

/** One of three, as a person acts on each in another way. */
function heldBy(guard: string | undefined): string {
  switch (guard) {
    case 'brake':
      return 'BrakeLatched';
    case 'rescinded-after-deactivation':
      return 'RescindedTooLate';
    default:
      return 'NeedsDecision';
  }
}

/** A count, and where it has a reason also the count of that reason. */
function count(name: string, { metrics }: Signals, reason?: string): void {
  metrics.addMetric(name, MetricUnit.Count, 1);
  if (reason !== undefined) metrics.singleMetric().addDimension('reason', reason).addMetric(name, MetricUnit.Count, 1);
}

/** Milliseconds since the leaver had to be inactive and we knew of it. */
function sinceDue({ effectiveAt, receivedAt }: LedgerEntry, now: number): number {
  return Math.max(0, now - Math.max(toMillis(effectiveAt ?? receivedAt), toMillis(receivedAt)));
}

const idsOf = ({ source, eventId }: EventRef, { kind }: LeaverMessage) => ({ correlation_id: eventId, source, eventId, kind });

/** `already-inactive` is counted as `AlreadyInactive`. */
const metricOf = (status: LedgerEntry['status']): string => status.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A failure of ours by its code, another by its class: a message of unknown origin may hold anything. */
function nameOf(failure: unknown): string {
  if (failure instanceof TransientFailure || failure instanceof PermanentFailure) return failure.code;
  return failure instanceof Error ? failure.name : typeof failure;
}
