import { describe, expect, it } from '@jest/globals';
import type { Employee } from '../../../lambda/domain/event/hr-event.ts';
import type { Termination } from '../../../lambda/domain/event/termination.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { NEW_PERSON, type PersonRecord, type Word } from '../../../lambda/domain/person/person-record.ts';
import { type FoundRecord, meaningOf, standingOf } from '../../../lambda/domain/person/standing.ts';
import { policy } from '../../../lambda/domain/policy.ts';
import { aTermination } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';

const POLICY = parse(policy, { sources: { 'acme-hr': { sendsAgainForDays: 3 } } }, 'policy');
const RECEIVED = '2026-11-24T12:00:00.000Z';

const aWord = (changes: Partial<Word> = {}): Word => ({
  source: 'acme-hr',
  eventId: 'r',
  kind: 'rescinded',
  receivedAt: '2026-11-24T13:00:00.000Z',
  employee: { email: 'ana@acme.test' },
  ...changes,
});

function anEvent({
  receivedAt = RECEIVED,
  effectiveAt,
  ...event
}: Parameters<typeof aTermination>[0] & { receivedAt?: string; effectiveAt?: string } = {}) {
  const said = aTermination(event);
  const entry: Termination = { ...anEntry(said, { receivedAt, ...(effectiveAt !== undefined && { effectiveAt }) }), event: said };
  return entry;
}

const found = (record: Partial<PersonRecord>, changes: Partial<FoundRecord> = {}): FoundRecord => ({
  record: { ...NEW_PERSON, ...record },
  reached: 'key',
  isAddress: true,
  ...changes,
});

/** `void`, `perhaps-rescinded`, `perhaps-stays` or `nothing`. */
function meaning(entry: Termination, records: FoundRecord[]): string {
  const { voidedBy, perhapsRescindedBy, signsOfLife } = standingOf(entry, { found: records, policy: POLICY });
  if (voidedBy !== undefined) return 'void';
  if (perhapsRescindedBy.length > 0) return 'perhaps-rescinded';
  return signsOfLife.length > 0 ? 'perhaps-stays' : 'nothing';
}

describe('a rescission of the same person means', () => {
  const timed = (recorded: string, spoken: string) => [anEvent({ occurredAt: recorded }), aWord({ occurredAt: spoken })] as const;

  it.each<{ what: string; pair: readonly [Termination, Word]; is: string }>([
    { what: 'recorded after it, by HR’s times', pair: timed('2026-11-24T09:00:30Z', '2026-11-24T10:00:30Z'), is: 'void' },
    { what: 'recorded before it, by HR’s times', pair: timed('2026-11-24T10:00:30Z', '2026-11-24T09:00:30Z'), is: 'nothing' },
    {
      what: 'recorded in the same minute, and received within the hour after it',
      pair: timed('2026-11-24T10:00:00Z', '2026-11-24T10:00:00Z'),
      is: 'perhaps-rescinded',
    },
    {
      what: 'recorded in the same minute, and received later',
      pair: [
        anEvent({ occurredAt: '2026-11-24T10:00:00Z' }),
        aWord({ occurredAt: '2026-11-24T10:00:00Z', receivedAt: '2026-11-24T14:00:00.000Z' }),
      ],
      is: 'void',
    },
    { what: 'without times, received after it', pair: [anEvent(), aWord()], is: 'void' },
    { what: 'without times, received with it', pair: [anEvent(), aWord({ receivedAt: RECEIVED })], is: 'perhaps-rescinded' },
    {
      what: 'without times, received a day before it',
      pair: [anEvent(), aWord({ receivedAt: '2026-11-23T12:00:00.000Z' })],
      is: 'perhaps-rescinded',
    },
    {
      what: 'without times, received before it by all the time in which the source sends again',
      pair: [anEvent(), aWord({ receivedAt: '2026-11-21T12:00:00.000Z' })],
      is: 'perhaps-rescinded',
    },
    {
      what: 'without times, received before it by more',
      pair: [anEvent(), aWord({ receivedAt: '2026-11-21T11:59:59.999Z' })],
      is: 'nothing',
    },
    {
      what: 'with a time, received before one without',
      pair: [anEvent(), aWord({ occurredAt: '2026-11-24T11:00:30Z', receivedAt: '2026-11-24T11:30:00.000Z' })],
      is: 'perhaps-rescinded',
    },
    {
      what: 'that may only repeat one received before the termination',
      pair: [anEvent(), aWord({ repeats: '2026-11-23T12:00:00.000Z' })],
      is: 'perhaps-rescinded',
    },
    {
      what: 'that may only repeat one received after the termination',
      pair: [anEvent(), aWord({ repeats: '2026-11-24T12:30:00.000Z' })],
      is: 'void',
    },
    {
      what: 'that may only repeat one received at the same instant as the termination',
      pair: [anEvent(), aWord({ repeats: RECEIVED })],
      is: 'void',
    },
    {
      what: 'that names it, before it',
      pair: [anEvent(), aWord({ rescinds: 'evt-1', receivedAt: '2026-01-01T00:00:00.000Z' })],
      is: 'void',
    },
    {
      what: 'that names it, of another person by all else',
      pair: [anEvent(), aWord({ rescinds: 'evt-1', employee: { email: 'x@acme.test', employeeNumber: '9' } })],
      is: 'void',
    },
    {
      what: 'that names another, received before it by more',
      pair: [anEvent(), aWord({ rescinds: 'evt-2', receivedAt: '2026-01-01T00:00:00.000Z' })],
      is: 'nothing',
    },
    {
      what: 'that names an event of that id of another source',
      pair: [
        anEvent({ employee: { employeeNumber: '1' } }),
        aWord({ source: 'payroll', rescinds: 'evt-1', employee: { employeeNumber: '1' } }),
      ],
      is: 'perhaps-rescinded',
    },
    { what: 'of another source', pair: [anEvent(), aWord({ source: 'okta' })], is: 'perhaps-rescinded' },
    {
      what: 'of another source, received long before it',
      pair: [anEvent(), aWord({ source: 'okta', receivedAt: '2026-01-01T00:00:00.000Z' })],
      is: 'nothing',
    },
    {
      what: 'of somebody of another name',
      pair: [
        anEvent({ employee: { email: 'ana@acme.test', familyName: 'Silva' } }),
        aWord({ employee: { email: 'ana@acme.test', familyName: 'Berg' } }),
      ],
      is: 'nothing',
    },
  ])('$is: $what', ({ pair: [entry, word], is }) => {
    expect(meaning(entry, [found({ words: [word] })])).toBe(is);
    expect(meaningOf(word, entry, { reached: 'key', policy: POLICY })).toBe(is.split('-')[0]);
  });
});

describe('a sign of life means', () => {
  it.each<{ what: string; entry: Termination; word: Word; is: string }>([
    { what: 'hired after the termination', entry: anEvent(), word: aWord({ kind: 'hired' }), is: 'perhaps-stays' },
    {
      what: 'hired before the termination',
      entry: anEvent(),
      word: aWord({ kind: 'hired', receivedAt: '2026-11-24T11:00:00.000Z' }),
      is: 'nothing',
    },
    {
      what: 'hired before the termination, to begin after it',
      entry: anEvent(),
      word: aWord({ kind: 'hired', receivedAt: '2026-11-24T11:00:00.000Z', startsOn: '2026-12-01' }),
      is: 'perhaps-stays',
    },
    {
      what: 'hired before the termination, even with the id of what it would withdraw',
      entry: anEvent(),
      word: aWord({ kind: 'hired', receivedAt: '2026-11-24T11:00:00.000Z', rescinds: 'evt-1' }),
      is: 'nothing',
    },
    {
      what: 'transferred after the termination',
      entry: anEvent(),
      word: aWord({ kind: 'transferred', source: 'payroll' }),
      is: 'perhaps-stays',
    },
    {
      what: 'activated after the last day',
      entry: anEvent({ effectiveAt: RECEIVED }),
      word: aWord({ kind: 'activated', source: 'okta' }),
      is: 'perhaps-stays',
    },
    {
      what: 'activated before the last day',
      entry: anEvent({ effectiveAt: '2026-12-01T00:00:00.000Z' }),
      word: aWord({ kind: 'activated', source: 'okta' }),
      is: 'nothing',
    },
    {
      what: 'activated at the very end of the last day',
      entry: anEvent({ effectiveAt: '2026-11-24T13:00:00.000Z' }),
      word: aWord({ kind: 'activated', source: 'okta' }),
      is: 'perhaps-stays',
    },
    {
      what: 'activated at the instant at which HR recorded it',
      entry: anEvent({ effectiveAt: '2026-11-20T00:00:00.000Z' }),
      word: aWord({ kind: 'activated', source: 'okta', receivedAt: RECEIVED }),
      is: 'nothing',
    },
    {
      what: 'hired at the instant at which HR recorded the termination',
      entry: anEvent(),
      word: aWord({ kind: 'hired', receivedAt: RECEIVED }),
      is: 'nothing',
    },
    {
      what: 'activated on the last day, before HR recorded it',
      entry: anEvent({ effectiveAt: '2026-11-20T00:00:00.000Z' }),
      word: aWord({ kind: 'activated', receivedAt: '2026-11-24T11:00:00.000Z' }),
      is: 'nothing',
    },
    {
      what: 'hired, of another name with the address',
      entry: anEvent({ employee: { email: 'ana@acme.test', familyName: 'Silva' } }),
      word: aWord({ kind: 'hired', employee: { email: 'ana@acme.test', familyName: 'Berg' } }),
      is: 'nothing',
    },
  ])('$is: $what', ({ entry, word, is }) => {
    expect(meaning(entry, [found({ words: [word] })])).toBe(is);
    expect(meaningOf(word, entry, { reached: 'key', policy: POLICY })).toBe(is.split('-')[0]);
  });
});

describe('what one source says of another record of perhaps the same person means', () => {
  const employee = { sourceId: '1', email: 'ana@acme.test' };
  const other = { sourceId: '2', email: 'Ana@acme.test' };
  const BEFORE = '2026-11-22T12:00:00.000Z';
  const said = (changes: Partial<Word> = {}) => aWord({ kind: 'hired', employee: other, receivedAt: BEFORE, ...changes });

  it.each<{ what: string; of?: Employee; word: Word; is: string }>([
    { what: 'hired days before', word: said(), is: 'perhaps-stays' },
    { what: 'transferred days before', word: said({ kind: 'transferred' }), is: 'perhaps-stays' },
    { what: 'hired, and the word withdrawn days before', word: said({ kind: 'rescinded' }), is: 'perhaps-rescinded' },
    {
      what: 'hired exactly as long before as the source sends again',
      word: said({ receivedAt: '2026-11-21T12:00:00.000Z' }),
      is: 'perhaps-stays',
    },
    { what: 'hired longer before', word: said({ receivedAt: '2026-11-21T11:59:59.999Z' }), is: 'nothing' },
    { what: 'activated: an account is no record', word: said({ kind: 'activated' }), is: 'nothing' },
    { what: 'hired, by another source', word: said({ source: 'payroll' }), is: 'nothing' },
    {
      what: 'hired, without an id',
      word: said({ employee: { email: 'ana@acme.test', employeeNumber: '2' } }),
      of: { ...employee, employeeNumber: '1' },
      is: 'nothing',
    },
    {
      what: 'hired, while the termination has no id',
      word: said({ employee: { ...other, employeeNumber: '2' } }),
      of: { email: 'ana@acme.test', employeeNumber: '1' },
      is: 'nothing',
    },
    { what: 'hired, with the id of the termination', word: said({ employee }), is: 'nothing' },
    {
      what: 'hired, with the id of the termination and another number',
      word: said({ employee: { ...employee, employeeNumber: '2' } }),
      of: { ...employee, employeeNumber: '1' },
      is: 'nothing',
    },
    { what: 'hired, without an address', word: said({ employee: { sourceId: '2' } }), is: 'perhaps-stays' },
    { what: 'hired, while the termination has no address', word: said(), of: { sourceId: '1' }, is: 'perhaps-stays' },
    { what: 'hired, with another address', word: said({ employee: { ...other, email: 'bo@acme.test' } }), is: 'nothing' },
    {
      what: 'hired, with other names',
      word: said({ employee: { ...other, familyName: 'Berg' } }),
      of: { ...employee, familyName: 'Silva' },
      is: 'nothing',
    },
  ])('$is: $what', ({ of = employee, word, is }) => {
    expect(meaning(anEvent({ employee: of }), [found({ words: [word] })])).toBe(is);
  });

  it('nothing for a termination that it is the same person of, but says more of', () => {
    const [entry, word] = [
      anEvent({ employee: { ...employee, employeeNumber: '7' } }),
      said({ employee: { ...other, employeeNumber: '7' } }),
    ];

    expect(meaning(entry, [found({ words: [word] })])).toBe('perhaps-stays');
    expect(meaning(entry, [found({ words: [{ ...word, employee: { employeeNumber: '7' } }] })])).toBe('nothing');
  });
});

describe('a word that is found twice', () => {
  it('counts once, as of the key that the event itself names', () => {
    const word = aWord({ employee: { employeeNumber: '10042' } });
    const records = [found({ words: [word] }, { reached: 'user', isAddress: false }), found({ words: [word] })];

    for (const inOrder of [records, records.toReversed()]) {
      const { voidedBy, perhapsRescindedBy } = standingOf(anEvent(), { found: inOrder, policy: POLICY });
      expect({ voidedBy, perhapsRescindedBy }).toEqual({ voidedBy: undefined, perhapsRescindedBy: [word] });
    }
  });

  it('is void through the user, if nothing that both have differs', () => {
    const word = aWord({ employee: { employeeNumber: '10042' } });

    expect(meaning(anEvent(), [found({ words: [word] })])).toBe('perhaps-rescinded');
    expect(meaning(anEvent(), [found({ words: [word] }, { reached: 'user', isAddress: false })])).toBe('void');
    expect(meaning(anEvent({ employee: { employeeNumber: '1' } }), [found({ words: [word] }, { reached: 'user' })])).toBe(
      'perhaps-rescinded',
    );
  });
});

describe('a record of version 0.1', () => {
  const OLD = { generation: 1, voidUntil: '2026-11-24T10:00:00.000Z' };

  it.each([
    { what: 'recorded before', occurredAt: '2026-11-24T09:59:59.999Z', isAddress: false, is: 'void' },
    { what: 'recorded at the same instant', occurredAt: '2026-11-24T11:00:00+01:00', isAddress: false, is: 'void' },
    { what: 'recorded after', occurredAt: '2026-11-24T10:00:00.001Z', isAddress: false, is: 'nothing' },
    {
      what: 'recorded before, under an address that may be of another',
      occurredAt: '2026-11-24T09:00:00Z',
      isAddress: true,
      is: 'perhaps-rescinded',
    },
  ])('voids a termination $what: $is', ({ occurredAt, isAddress, is }) => {
    expect(meaning(anEvent({ occurredAt }), [found(OLD, { isAddress })])).toBe(is);
  });

  it('is a rescission of the source itself, before all that this version recorded', () => {
    const entry = anEvent({ occurredAt: '2026-11-24T09:00:00Z' });

    expect(standingOf(entry, { found: [found(OLD, { isAddress: false })], policy: POLICY }).voidedBy).toEqual({
      source: 'acme-hr',
      eventId: 'before-0.2',
      kind: 'rescinded',
      receivedAt: OLD.voidUntil,
      employee: entry.event.employee,
    });
  });

  it('says nothing if it was never rescinded', () => {
    expect(meaning(anEvent({ occurredAt: '1999-01-01T00:00:00Z' }), [found({}, { isAddress: false })])).toBe('nothing');
  });
});
