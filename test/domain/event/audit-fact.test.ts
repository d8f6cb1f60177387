import { describe, expect, it } from '@jest/globals';
import { auditFact } from '../../../lambda/domain/event/audit-fact.ts';
import { type LedgerEntry, ledgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { isTest, rowOf } from '../../../ops/report/leaver-row.ts';
import { aRescission, aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';

const OPERATOR = 'arn:aws:sts::111122223333:assumed-role/Ops/on-call';
const at = (minute: number) => `2026-11-24T12:0${minute}:00.000Z`;

/** Everything that an entry can say of a person, in every place that can. */
const entry = anEntry(
  aTermination({
    employee: {
      email: 'ana@acme.test',
      employeeNumber: 'NR-4711',
      ssoUsername: 'ana.sso',
      sourceId: 'HR-ID-9',
      givenName: 'Ana',
      familyName: 'Silva',
      customFields: { 'DE:HR ID': 'HRID-7' },
    },
    effective: { date: '2026-11-24', timeZone: 'Europe/Lisbon' },
  }),
  {
    status: 'deactivated',
    digest: 'd'.repeat(64),
    effectiveAt: at(0),
    finishedAt: at(5),
    workfrontUserId: guid(1),
    matchedBy: 'emailAddr',
    hold: { guard: 'protected', saw: 'ana@acme.test is protected', releasing: 'deactivates Ana Silva' },
    released: [{ guard: 'protected', of: `user ${guid(1)}`, at: at(2) }],
    intent: { userId: guid(1), at: at(4) },
    waiting: { since: at(1), attempts: 1, until: at(2), code: 'server-error', saw: 'Ana' },
    history: [
      { at: at(0), to: 'received', by: 'acme-hr', why: 'a verified delivery' },
      { at: at(1), from: 'processing', to: 'held', by: 'worker', why: 'protected: ana@acme.test is protected' },
      { at: at(2), from: 'held', to: 'processing', by: OPERATOR, why: 'released: Ana Silva asked for it' },
      { at: at(3), from: 'processing', to: 'failed', by: 'worker', why: 'Workfront refuses Ana Silva' },
      { at: at(5), from: 'processing', to: 'deactivated', by: 'worker', why: `user ${guid(1)}, found by emailAddr, deactivated` },
    ],
  } satisfies Partial<LedgerEntry>,
);

describe('what stays of an event that has expired', () => {
  it('tells an auditor the same as the event did, but for what an operator wrote', () => {
    const { decided, ...row } = rowOf(entry);

    expect(rowOf(auditFact(entry))).toEqual({ ...row, decided: decided.map(({ reason: _, ...one }) => one) });
    expect(rowOf(entry)).toMatchObject({ outcome: 'deactivated', delay: 300_000, decided: [{ by: OPERATOR, did: 'released' }] });
  });

  it('holds nothing of the person, and no word that an operator or Workfront wrote', () => {
    expect(JSON.stringify(auditFact(entry))).not.toMatch(/ana|silva|NR-4711|HR-ID-9|HRID-7|Lisbon|dddd/i);
  });

  it('keeps the proof of the deactivation', () => {
    expect(auditFact(entry).history.at(-1)).toEqual(entry.history.at(-1));
  });

  it.each([
    [
      'the proof that the user was inactive already',
      { to: 'already-inactive', by: 'worker', why: 'user 1 is inactive already' },
      'user 1 is inactive already',
    ],
    ['what an operator did', { to: 'processing', by: OPERATOR, why: 'replayed: Ana Silva asked' }, 'replayed'],
    ['no word of the source', { to: 'received', by: 'acme-hr', why: 'a delivery: Ana' }, ''],
    ['no word of the worker', { to: 'held', by: 'worker', why: 'protected: Ana' }, ''],
    ['no word of the schedule', { to: 'processing', by: 'schedule', why: 'due: Ana' }, ''],
  ] as const)('keeps of a step %s', (_, step, why) => {
    expect(auditFact({ ...entry, history: [{ at: at(1), ...step }] }).history).toEqual([{ at: at(1), ...step, why }]);
  });

  it('keeps every time, id and code that there is, and nothing else', () => {
    const { employee: _, ...rest } = aTermination({ effective: { date: '2026-11-24' } });

    expect(auditFact({ ...entry, reason: 'beyond-doubt', history: [] })).toStrictEqual({
      source: 'acme-hr',
      eventId: 'evt-1',
      version: 0,
      status: 'deactivated',
      reason: 'beyond-doubt',
      event: { ...rest, employee: { sourceId: 'expired evt-1' }, effective: { date: '2026-11-24', at: undefined, immediate: undefined } },
      digest: '',
      receivedAt: at(0),
      updatedAt: at(0),
      effectiveAt: at(0),
      finishedAt: at(5),
      workfrontUserId: guid(1),
      matchedBy: 'emailAddr',
      released: [{ guard: 'protected', of: `user ${guid(1)}`, at: at(2) }],
      history: [],
    });
  });

  it('keeps of a rescission that there was one', () => {
    const rescission = aRescission({ occurredAt: at(0), rescinds: 'evt-0' });

    expect(auditFact(anEntry(rescission, { status: 'rescinded', eventId: 'evt-r', history: [] }))).toStrictEqual({
      source: 'acme-hr',
      eventId: 'evt-r',
      version: 0,
      status: 'rescinded',
      event: { type: 'employee.termination_rescinded', employee: { sourceId: 'expired evt-r' } },
      digest: '',
      receivedAt: at(0),
      updatedAt: at(0),
      released: [],
      history: [],
    });
  });

  it('keeps of a sign of life which one it was', () => {
    const sign = { type: 'employee.sign_of_life', sign: 'hired', startsOn: '2026-12-01', employee: { email: 'ana@acme.test' } } as const;

    expect(auditFact(anEntry(sign, { status: 'noted' })).event).toStrictEqual({
      type: 'employee.sign_of_life',
      sign: 'hired',
      employee: { sourceId: 'expired evt-1' },
    });
  });

  it('reads as an entry, however long the id', () => {
    const fact = auditFact({ ...entry, eventId: 'x'.repeat(200) });

    expect(ledgerEntry.parse(fact)).toEqual(fact);
  });

  it('reads as an entry', () => {
    expect(ledgerEntry.parse(auditFact(entry))).toEqual(auditFact(entry));
  });

  it('is still known for a test event', () => {
    const test = anEntry(aTermination({ employee: { email: 'ops-test-1@offboarding-test.invalid' } }));

    expect([isTest(auditFact(test)), isTest(auditFact(entry))]).toEqual([true, false]);
  });
});
