import * as z from 'zod/mini';
import { instant } from '../../lambda/domain/event/hr-event.ts';
import { type EventRef, eventRef } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { Contended } from '../../lambda/domain/failures.ts';
import { changePerson } from '../../lambda/domain/person/known-person.ts';
import { relationOf } from '../../lambda/domain/person/one-person.ts';
import { accountKey, isSameEvent, NEW_PERSON, personKeys, spokenOf } from '../../lambda/domain/person/person-record.ts';
import { type Policy, policy as policySchema } from '../../lambda/domain/policy.ts';
import { changeRecord } from '../../lambda/domain/stage/shared-record.ts';
import { DAY, toInstant } from '../../lambda/domain/time/time.ts';
import { type Deployment, KEEP_DAYS } from '../deployment/deployment.ts';

/** The record of all legal holds. It does not expire. */
const KEY = 'stage/legal-holds';

/** The holds that count, and every one that was set or lifted, the latest last. */
const legalHolds = z.object({
  held: z.array(z.object({ ...eventRef.shape, by: z.string(), at: instant, reason: z.string() })),
  log: z.array(z.object({ ...eventRef.shape, by: z.string(), at: instant, what: z.enum(['held', 'lifted']), reason: z.string() })),
});

export type LegalHolds = z.infer<typeof legalHolds>;

type LegalHold = NonNullable<LedgerEntry['legalHold']>;

/** What a legal hold reached. */
export interface Kept {
  events: number;
  records: number;
}

/** The legal holds of the stage, and who set and lifted them. */
export async function readLegalHolds({ ledger }: Pick<Deployment, 'ledger'>): Promise<LegalHolds> {
  return (await ledger.readRecord(KEY, legalHolds))?.value ?? { held: [], log: [] };
}

/**
 * Keeps everything that is recorded of one person from expiring: their records, and every event of theirs. What is recorded later
 * is kept too. May be repeated.
 *
 * @throws Contended if an event is worked on all the time
 */
export async function holdRecords(entry: LedgerEntry, reason: string, deployment: Deployment): Promise<Kept> {
  const hold = { by: await deployment.operator(), at: toInstant(deployment.clock()), reason };
  const ref = { source: entry.source, eventId: entry.eventId };
  // First who ordered it: what follows may break off, and is repeated.
  await changeLog(deployment, ({ held, log }) => ({
    held: [...held.filter((one) => !isSameEvent(one, ref)), { ...ref, ...hold }],
    log: [...log, { ...ref, ...hold, what: 'held' }],
  }));
  const { entries: _, ...kept } = await mark(entry, hold, deployment);
  return kept;
}

/**
 * Lifts the legal hold of one person: what is recorded expires as ever, counted from now.
 *
 * @throws Contended if an event is worked on all the time
 */
export async function liftHold(entry: LedgerEntry, reason: string, deployment: Deployment): Promise<Kept> {
  const lifted = { by: await deployment.operator(), at: toInstant(deployment.clock()), reason };
  const ref = { source: entry.source, eventId: entry.eventId };
  const { entries, ...kept } = await mark(entry, undefined, deployment);
  await changeLog(deployment, ({ held, log }) => ({
    held: held.filter((one) => !entries.some((other) => isSameEvent(one, other))),
    log: [...log, { ...ref, ...lifted, what: 'lifted' }],
  }));
  return kept;
}

const changeLog = ({ ledger }: Pick<Deployment, 'ledger'>, change: (holds: LegalHolds) => LegalHolds) =>
  changeRecord(ledger, { key: KEY, schema: legalHolds }, (holds) => change(holds ?? { held: [], log: [] }));

async function mark(entry: LedgerEntry, hold: LegalHold | undefined, deployment: Deployment): Promise<Kept & { entries: EventRef[] }> {
  const { keys } = await everythingOf(entry, deployment);
  let records = 0;
  for (const key of keys) {
    await changePerson(
      key,
      (record) => {
        // Nothing is known under this key: there is nothing to lift.
        if (record === undefined && hold === undefined) return undefined;
        const { legalHold: _before, ...person } = record ?? NEW_PERSON;
        records += 1;
        return { ...person, ...(hold && { legalHold: hold }) };
      },
      deployment,
    );
  }
  // Read again: what arrives from now on finds the hold in the records.
  const { entries } = await everythingOf(entry, deployment);
  for (const one of entries) await markEntry(one, hold, deployment);
  return { events: entries.length, records, entries };
}

const TRIES = 5;

async function markEntry(ref: EventRef, hold: LegalHold | undefined, { ledger }: Pick<Deployment, 'ledger'>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const entry = await ledger.readEntry(ref);
    if (entry === undefined) return;
    const { legalHold: _before, ...unmarked } = entry;
    try {
      await ledger.writeEntry({ ...unmarked, ...(hold && { legalHold: hold }) });
      return;
    } catch (failure) {
      if (!(failure instanceof Contended) || attempt === TRIES) throw failure;
    }
  }
}

/** Longer than any stage remembers what is finished; what is not finished does not expire. */
const EVER = 10 * KEEP_DAYS * DAY;

interface Everything {
  /** Of the person's records. */
  keys: Set<string>;
  entries: LedgerEntry[];
}

/**
 * Every event that is, or may be, of the person of this one, and the keys under which the person is known. A record forgets the
 * terminations that a rescission has dealt with, so that the whole ledger is read, again for every round of new keys.
 */
async function everythingOf(entry: LedgerEntry, deployment: Deployment): Promise<Everything> {
  const policy = (await deployment.policy()) ?? policySchema.parse({});
  const now = deployment.clock();
  const found: Everything = { keys: new Set(keysOf(entry)), entries: [entry] };
  for (let before = -1; before < found.keys.size; ) {
    before = found.keys.size;
    for await (const other of deployment.ledger.entries({ since: toInstant(now - EVER), until: toInstant(now + DAY) })) {
      if (!found.entries.some((one) => isSameEvent(one, other))) take(other, { entry, found, policy });
    }
  }
  return found;
}

function take(other: LedgerEntry, { entry, found, policy }: { entry: LedgerEntry; found: Everything; policy: Policy }): void {
  const keys = keysOf(other);
  if (!keys.some((key) => found.keys.has(key))) return;
  const reached = personKeys(spokenOf(other)).some((key) => found.keys.has(key)) ? 'key' : 'user';
  const relation = relationOf(spokenOf(other), { of: spokenOf(entry), reached, policy });
  if (relation === 'other') return;
  found.entries.push(other);
  // What is only perhaps of this person leads to nobody else.
  if (relation === 'same') for (const key of keys) found.keys.add(key);
}

/** Every key under which something may be recorded of the person of an event. */
function keysOf(entry: LedgerEntry): string[] {
  const { sighted, workfrontUserId, chosenUserId, intent, kept = [] } = entry;
  const users = [...kept, ...(sighted?.users ?? []).map(({ userId }) => userId), workfrontUserId, chosenUserId, intent?.userId];
  return [...new Set([...personKeys(spokenOf(entry)), ...users.flatMap((id) => (id === undefined ? [] : [accountKey(id)]))])];
}
