import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { TurnEnd } from '../domain/deactivate/turn-end.ts';
import type { ConsoleAccessMessage, EventRef, LeaverMessage } from '../domain/event/leaver-message.ts';
import type { LedgerEntry } from '../domain/event/ledger-entry.ts';
import { sinceDue } from '../domain/event/since-due.ts';
import { PermanentFailure, TransientFailure } from '../domain/failures.ts';
import { toMillis } from '../domain/time/time.ts';

/** Log and metrics of the worker. */
export interface LeaverSignals {
  logger: Logger;
  metrics: Metrics;
}

/**
 * Writes one log line and the counts of one message: ids, statuses and codes, nothing personal. All lines of one event have its id as
 * `correlation_id`.
 */
export function reportTurnEnd({ message, end }: { message: LeaverMessage; end: TurnEnd }, signals: LeaverSignals): void {
  switch (end.kind) {
    case 'wait':
      reportWait({ message, wait: end }, signals);
      break;
    case 'nothing-to-do':
      count('Duplicates', signals);
      signals.logger.info('nothing to do for this message', { ...idsOf(end.entry ?? message, message), why: end.why });
      break;
    case 'settled':
      reportSettled(message, end.entry, signals);
  }
}

/** Reports a body that is not one of our messages. @param why what was expected and what it has, without values */
export function reportDeadLetter({ messageId, why }: { messageId: string; why: string }, signals: LeaverSignals): void {
  count('DeadLettered', signals);
  signals.logger.error('message moved to the dead-letter queue', { messageId, why });
}

/** Reports a failure that no rule foresees: the ledger or the schedules cannot be reached, or the code has a mistake. */
export function reportUnexpected(message: LeaverMessage | ConsoleAccessMessage, failure: unknown, signals: LeaverSignals): void {
  count('Unexpected', signals);
  signals.logger.error('message could not be processed', { ...idsOf(message, message), failure: codeOf(failure) });
}

/** Reports an outcome that is in the ledger but could not be announced to other systems. */
export function reportUnannounced(entry: LedgerEntry, failure: unknown, signals: LeaverSignals): void {
  count('Unannounced', signals);
  const { source, eventId, status } = entry;
  signals.logger.error('outcome could not be announced', { correlation_id: eventId, source, eventId, status, failure: codeOf(failure) });
}

function reportWait({ message, wait }: { message: LeaverMessage; wait: Extract<TurnEnd, { kind: 'wait' }> }, signals: LeaverSignals): void {
  const { entry, code, seconds, credentialTrouble, stageTrouble } = wait;
  count('Waiting', signals, code);
  if (credentialTrouble) count('CredentialTrouble', signals);
  if (stageTrouble) count('StageTrouble', signals);
  signals.logger.warn('event waits', { ...idsOf(entry ?? message, message), code, seconds });
}

function reportSettled(message: LeaverMessage, entry: LedgerEntry, signals: LeaverSignals): void {
  const { status, reason, workfrontUserId, finishedAt } = entry;
  count(metricOf(status), signals, status === 'held' || status === 'failed' ? reason : undefined);
  if (status === 'held') count(heldBy(reason), signals);
  // Nobody was found by a credential that does not see everybody: that is no proof that there is no account.
  if (status === 'no-account' && reason !== undefined) count('NoAccountLimited', signals);
  // An approval would give the leaver access again.
  if (status === 'already-inactive' && reason !== undefined) count('PendingApproval', signals);
  // A zero ends an alarm: Workfront has accepted the credential, and answered. Events that still wait count ones beside it.
  if (ASKED_WORKFRONT.includes(status)) {
    for (const name of ['CredentialTrouble', 'StageTrouble']) signals.metrics.addMetric(name, MetricUnit.Count, 0);
  }
  if (message.kind === 'release') count('Released', signals);
  if (message.kind === 'replay') count('Replayed', signals);
  // Who came back was in time the first time.
  if (status === 'deactivated' && finishedAt !== undefined && !entry.history.some(({ to }) => to === 'returned')) {
    const at = toMillis(finishedAt);
    signals.metrics.addMetric('FromEffective', MetricUnit.Milliseconds, sinceDue(entry, at));
    signals.metrics.addMetric('FromReceived', MetricUnit.Milliseconds, Math.max(0, at - toMillis(entry.receivedAt)));
  }
  const level = status === 'failed' ? 'error' : status === 'held' || status === 'returned' ? 'warn' : 'info';
  signals.logger[level]('event settled', { ...idsOf(entry, message), status, reason, workfrontUserId });
}

/** Statuses that an event reaches only by an answer of Workfront. */
const ASKED_WORKFRONT: readonly LedgerEntry['status'][] = ['deactivated', 'already-inactive', 'no-account', 'would-deactivate'];

/** The metric of a held event. There are three, because a person reacts to each in a different way. */
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

/** Adds one to a count and, if there is a reason, to the count of that reason. */
function count(name: string, { metrics }: LeaverSignals, reason?: string): void {
  metrics.addMetric(name, MetricUnit.Count, 1);
  if (reason !== undefined) metrics.singleMetric().addDimension('reason', reason).addMetric(name, MetricUnit.Count, 1);
}

const idsOf = ({ source, eventId }: EventRef, { kind }: Pick<LeaverMessage | ConsoleAccessMessage, 'kind'>) => ({
  correlation_id: eventId,
  source,
  eventId,
  kind,
});

/** The metric of `already-inactive` is `AlreadyInactive`. */
const metricOf = (status: LedgerEntry['status']): string => status.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The code of our own failure, the class of any other: a message of unknown origin may contain anything. */
function codeOf(failure: unknown): string {
  if (failure instanceof TransientFailure || failure instanceof PermanentFailure) return failure.code;
  return failure instanceof Error ? failure.name : typeof failure;
}
