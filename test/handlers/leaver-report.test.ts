import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { TurnEnd } from '../../lambda/domain/deactivate/turn-end.ts';
import { EVENT_STATUSES } from '../../lambda/domain/event/event-status.ts';
import type { LeaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { MINUTE } from '../../lambda/domain/time/time.ts';
import { reportTurnEnd } from '../../lambda/handlers/leaver-report.ts';
import { aTermination } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';

const RECEIVED = '2026-11-24T12:00:00.000Z';
const due: LeaverMessage = { kind: 'due', source: 'acme-hr', eventId: 'evt-1' };
const settled = (changes: Partial<LedgerEntry>): TurnEnd => ({ kind: 'settled', entry: anEntry(aTermination(), changes) });
const waits = (changes: Partial<LedgerEntry>, end: object = {}): TurnEnd => ({
  kind: 'wait',
  entry: anEntry(aTermination(), changes),
  code: 'timed-out',
  seconds: 30,
  ...end,
});

/** What one turn's end adds to the metrics, and the lines that it writes. */
function reportOf(end: TurnEnd, message: LeaverMessage = due) {
  const metrics = new Metrics({ namespace: 'WorkfrontOffboarding', serviceName: 'worker' });
  const logger = new Logger({ serviceName: 'worker' });
  const added = jest.spyOn(metrics, 'addMetric');
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const lines: [string, ...unknown[]][] = [];
  for (const level of ['info', 'warn', 'error'] as const)
    jest.spyOn(logger, level).mockImplementation((...line: unknown[]) => void lines.push([level, ...line]));

  reportTurnEnd({ message, end }, { logger, metrics });

  return { counts: Object.fromEntries(added.mock.calls.map(([name, , value]) => [name, value])), lines };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the report of an event that is settled', () => {
  it.each([
    ['brake', 'BrakeLatched'],
    ['rescinded-after-deactivation', 'RescindedTooLate'],
    ['stale', 'NeedsDecision'],
    ['administrator', 'NeedsDecision'],
  ])('held by %s rings as %s', (reason, metric) => {
    const { counts, lines } = reportOf(settled({ status: 'held', reason }));

    expect(counts).toEqual({ Held: 1, [metric]: 1 });
    expect(lines).toMatchObject([['warn', 'event settled', { status: 'held', reason }]]);
  });

  it.each(EVENT_STATUSES)('ends the alarm on the credential only if Workfront was asked: %s', (status) => {
    const { counts } = reportOf(settled({ status }));

    const asked = ['deactivated', 'already-inactive', 'no-account', 'would-deactivate'].includes(status);
    expect([counts.CredentialTrouble, counts.StageTrouble]).toEqual(asked ? [0, 0] : [undefined, undefined]);
  });

  it.each<[LeaverMessage['kind'], LeaverMessage, object]>([
    ['due', due, {}],
    [
      'release',
      { kind: 'release', source: 'acme-hr', eventId: 'evt-1', entryVersion: 3, guard: 'stale', by: 'op', reason: 'r' },
      { Released: 1 },
    ],
    ['replay', { kind: 'replay', source: 'acme-hr', eventId: 'evt-1', entryVersion: 3, by: 'op', reason: 'r' }, { Replayed: 1 }],
  ])('by a message of kind %s counts what a person did', (_, message, counted) => {
    expect(reportOf(settled({ status: 'cancelled' }), message).counts).toEqual({ Cancelled: 1, ...counted });
  });

  it.each([
    ['it was effective before it was received', '2026-11-20T00:00:00.000Z', 5 * MINUTE],
    ['it was effective after it was received', '2026-11-24T12:04:00.000Z', MINUTE],
    ['nobody knows when it is effective', undefined, 5 * MINUTE],
  ])('deactivated takes as long as from when it had to be inactive: %s', (_, effectiveAt, fromEffective) => {
    const { counts } = reportOf(settled({ status: 'deactivated', effectiveAt, finishedAt: '2026-11-24T12:05:00.000Z' }));

    expect(counts).toEqual({
      Deactivated: 1,
      CredentialTrouble: 0,
      StageTrouble: 0,
      FromEffective: fromEffective,
      FromReceived: 5 * MINUTE,
    });
  });

  it('failed is an error', () => {
    const { counts, lines } = reportOf(settled({ status: 'failed', reason: 'forbidden' }));

    expect(counts).toEqual({ Failed: 1 });
    expect(lines).toMatchObject([
      ['error', 'event settled', { correlation_id: 'evt-1', source: 'acme-hr', kind: 'due', reason: 'forbidden' }],
    ]);
  });
});

describe('the report of an event that waits', () => {
  const waiting = { since: RECEIVED, attempts: 1, until: RECEIVED, code: 'timed-out', saw: 's' };

  it('counts the wait, and leaves it to the clock to say how late the leaver is', () => {
    const { counts, lines } = reportOf(waits({ waiting, effectiveAt: RECEIVED }, { code: 'busy', seconds: 1 }));

    expect(counts).toEqual({ Waiting: 1 });
    expect(lines).toMatchObject([['warn', 'event waits', { eventId: 'evt-1', code: 'busy', seconds: 1 }]]);
  });

  it('for its credential rings as trouble of the credential', () => {
    expect(reportOf(waits({}, { credentialTrouble: true })).counts).toMatchObject({ Waiting: 1, CredentialTrouble: 1 });
  });

  it('for a Workfront that refuses everybody rings as trouble of the stage', () => {
    expect(reportOf(waits({}, { stageTrouble: true })).counts).toMatchObject({ Waiting: 1, StageTrouble: 1 });
  });

  it('and was never read has the ids of its message', () => {
    const { lines } = reportOf({ kind: 'wait', entry: undefined, code: 'contended', seconds: 2 });

    expect(lines).toMatchObject([['warn', 'event waits', { correlation_id: 'evt-1', source: 'acme-hr', eventId: 'evt-1', kind: 'due' }]]);
  });
});

it.each([anEntry(aTermination()), undefined])('a message with nothing to do is counted as a duplicate', (entry) => {
  const { counts, lines } = reportOf({ kind: 'nothing-to-do', entry, why: 'finished before' });

  expect(counts).toEqual({ Duplicates: 1 });
  expect(lines).toMatchObject([['info', 'nothing to do for this message', { eventId: 'evt-1', why: 'finished before' }]]);
});
