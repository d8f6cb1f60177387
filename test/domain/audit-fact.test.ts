import { describe, expect, it } from '@jest/globals';
import { auditFact } from '../../lambda/domain/audit-fact.ts';
import { type LedgerEntry, ledgerEntry } from '../../lambda/domain/ledger-entry.ts';
import { isTest, rowOf } from '../../ops/leaver-row.ts';
import { aTermination, guid } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';

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
    released: ['protected'],
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
  it('tells an auditor the same as the event did', () => {
    expect(rowOf(auditFact(entry))).toEqual(rowOf(entry));
    expect(rowOf(entry)).toMatchObject({ outcome: 'deactivated', delay: 300_000, decided: [{ by: OPERATOR, did: 'released' }] });
  });

  it('holds nothing of the person, and no word that an operator or Workfront wrote', () => {
    expect(JSON.stringify(auditFact(entry))).not.toMatch(/ana|silva|NR-4711|HR-ID-9|HRID-7|Lisbon|dddd/i);
  });

  it('keeps the proof of the deactivation', () => {
    expect(auditFact(entry).history.at(-1)).toEqual(entry.history.at(-1));
  });

  it('reads as an entry', () => {
    expect(ledgerEntry.parse(auditFact(entry))).toEqual(auditFact(entry));
  });

  it('is still known for a test event', () => {
    const test = anEntry(aTermination({ employee: { email: 'ops-test-1@offboarding-test.invalid' } }));

    expect([isTest(auditFact(test)), isTest(auditFact(entry))]).toEqual([true, false]);
  });
});
