import { describe, expect, it } from '@jest/globals';
import { EVENT_STATUSES } from '../../../lambda/domain/event/event-status.ts';
import { ledgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { outcomeEvent, outcomeEventOf } from '../../../lambda/domain/event/outcome-event.ts';
import { testOutcome } from '../../../lambda/domain/event/test-outcome.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { aRescission, aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';

const at = (minute: number) => `2026-11-24T12:0${minute}:00.000Z`;

describe('what is told of an event', () => {
  const held = anEntry(aTermination(), {
    version: 7,
    status: 'held',
    reason: 'administrator',
    workfrontUserId: guid(1),
    effectiveAt: at(1),
    updatedAt: at(4),
    hold: { guard: 'administrator', saw: 'ana@acme.test is one', releasing: 'deactivates her' },
    history: [
      { at: at(0), to: 'received', by: 'acme-hr', why: 'a verified delivery' },
      { at: at(2), from: 'received', to: 'processing', by: 'worker', why: 'due' },
      { at: at(3), from: 'processing', to: 'held', by: 'worker', why: 'administrator: ana@acme.test is one' },
    ],
  });

  it('is all that another system may know, and nothing of the person', () => {
    expect(outcomeEventOf(held, 'production')).toStrictEqual({
      version: 1,
      id: 'acme-hr/evt-1/7',
      stage: 'production',
      source: 'acme-hr',
      eventId: 'evt-1',
      type: 'employee.terminated',
      status: 'held',
      reason: 'administrator',
      workfrontUserId: guid(1),
      receivedAt: at(0),
      effectiveAt: at(1),
      at: at(3),
    });
  });

  it('leaves out what is not known', () => {
    expect(outcomeEventOf(anEntry(aRescission(), { status: 'rescinded' }), 'test')).toStrictEqual({
      version: 1,
      id: 'acme-hr/evt-1/0',
      stage: 'test',
      source: 'acme-hr',
      eventId: 'evt-1',
      type: 'employee.termination_rescinded',
      status: 'rescinded',
      receivedAt: at(0),
      at: at(0),
    });
  });

  it('of a test is all that there can be, of nobody', () => {
    const NOBODY = '0'.repeat(32);
    const test = testOutcome({ kind: 'test-outcome', source: 'acme-hr', eventId: 'ops-test-1', at: at(3), by: 'ops-person' });

    expect(parse(ledgerEntry, test, 'entry')).toEqual(test);
    expect(test.history).toEqual([{ at: at(3), to: 'deactivated', by: 'ops-person', why: 'a test' }]);
    expect(test.event).toEqual({ type: 'employee.terminated', employee: { sourceId: 'ops-test-1' }, effective: { immediate: true } });
    expect(test.released).toEqual([]);
    expect(outcomeEvent.parse(outcomeEventOf(test, 'test'))).toEqual({
      version: 1,
      id: 'acme-hr/ops-test-1/1',
      stage: 'test',
      source: 'acme-hr',
      eventId: 'ops-test-1',
      type: 'employee.terminated',
      status: 'deactivated',
      test: true,
      workfrontUserId: NOBODY,
      managerUserId: NOBODY,
      impact: { counts: { projects: 3, approvals: 1 }, unknown: [] },
      receivedAt: at(3),
      effectiveAt: at(3),
      at: at(3),
    });
  });

  it('is dated by the last write where no history is left', () => {
    expect(outcomeEventOf({ ...held, history: [] }, 'production')?.at).toBe(at(4));
  });

  const SILENT = ['received', 'scheduled', 'processing', 'rejected', 'noted', 'accepted'];

  it('is nothing while the event is on its way, or where an operator ended it', () => {
    expect(EVENT_STATUSES.filter((status) => outcomeEventOf({ ...held, status }, 'production') === undefined)).toEqual(SILENT);
  });

  it.each(EVENT_STATUSES.filter((status) => !SILENT.includes(status)))('reads as an outcome, of either kind of event: %s', (status) => {
    for (const event of [aTermination(), aRescission()]) {
      const told = outcomeEventOf({ ...held, event, status }, 'production');

      expect(outcomeEvent.parse(told)).toMatchObject({ status, type: event.type });
    }
  });
});
