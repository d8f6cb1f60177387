import { describe, expect, it } from '@jest/globals';
import type { AccessRecord } from '../../../lambda/domain/console-access/access-record.ts';
import { accessToContinue, openAccess, readAccess, writeAccess } from '../../../lambda/domain/console-access/open-access.ts';
import type { EventRef } from '../../../lambda/domain/event/leaver-message.ts';
import { DAY, HOUR, MINUTE, toInstant, toMillis } from '../../../lambda/domain/time/time.ts';
import { anAccess, EVENT } from '../../admin-console/a-console.ts';
import { InMemoryLedger } from '../../support/in-memory-desk.ts';

/** "Constraints in Amazon DynamoDB": an item has at most 400 KB. */
const DYNAMODB_ITEM = 400 * 1024;

const NOON = toMillis('2026-11-24T12:00:00.000Z');
const refsOf = (records: readonly AccessRecord[]) => records.map(({ source, eventId }) => `${source}/${eventId}`).sort();

/** Writes the next version of a removal. */
async function put(ledger: InMemoryLedger, record: AccessRecord): Promise<void> {
  await writeAccess({ value: record, version: (await readAccess(record, ledger))?.version ?? 0 }, ledger);
}

async function ledgerWith(...records: AccessRecord[]): Promise<InMemoryLedger> {
  const ledger = new InMemoryLedger();
  for (const record of records) await put(ledger, record);
  return ledger;
}

/** What the lists of open removals have, whether or not it is still open. */
const listed = ({ records }: InMemoryLedger) => [...records].filter(([key]) => key.startsWith('stage/console-access/'));

/** The worker is killed when it is about to write such a record. */
function killedAt(ledger: InMemoryLedger, prefix: string): InMemoryLedger {
  const write = ledger.writeRecord.bind(ledger);
  ledger.writeRecord = (key, ...rest) =>
    key.startsWith(prefix) ? Promise.reject(new Error('the worker was killed')) : write(key, ...rest);
  return ledger;
}

describe('what is open in the Admin Console', () => {
  it.each<{ status: AccessRecord['status']; lookAgainAt?: string; isListed: boolean }>([
    { status: 'waiting', isListed: true },
    { status: 'held', isListed: true },
    { status: 'failed', isListed: true },
    { status: 'removed', lookAgainAt: '2026-11-25T12:00:00.000Z', isListed: true },
    { status: 'nothing-to-remove', lookAgainAt: '2026-11-25T12:00:00.000Z', isListed: true },
    { status: 'removed', isListed: false },
    { status: 'would-remove', isListed: false },
    { status: 'nothing-to-remove', isListed: false },
    { status: 'closed', isListed: false },
  ])('has it or not, and keeps what it has from expiring: $status, $lookAgainAt: $isListed', async ({ isListed, ...changes }) => {
    const ledger = await ledgerWith(anAccess(), anAccess(changes));

    expect(refsOf(await openAccess(ledger))).toEqual(isListed ? ['acme-hr/evt-1'] : []);
    expect(ledger.records.get('console-access/acme-hr/evt-1')?.kept).toBe(isListed);
  });

  it('loses the one that is settled, and none of the others', async () => {
    const others: EventRef[] = [
      { source: 'other-hr', eventId: EVENT.eventId },
      ...Array.from({ length: 60 }, (_, number) => ({ source: EVENT.source, eventId: `other-${number}` })),
    ];
    const ledger = await ledgerWith(anAccess(), ...others.map((ref) => anAccess(ref)));

    await put(ledger, anAccess({ status: 'closed' }));

    expect(refsOf(await openAccess(ledger))).toEqual(others.map(({ source, eventId }) => `${source}/${eventId}`).sort());
    expect(JSON.stringify(listed(ledger))).not.toContain('"source":"acme-hr","eventId":"evt-1"');
  });

  it('has each once, however often it is written', async () => {
    const ledger = await ledgerWith(anAccess(), anAccess({ status: 'held' }), anAccess({ status: 'waiting' }));

    expect(refsOf(await openAccess(ledger))).toEqual(['acme-hr/evt-1']);
  });

  it('has no removal whose worker was killed before it wrote anything, and it gets a message', async () => {
    const ledger = killedAt(new InMemoryLedger(), 'console-access/');
    await expect(put(ledger, anAccess())).rejects.toThrow('killed');

    expect(await openAccess(ledger)).toEqual([]);
    expect(await accessToContinue(ledger, NOON)).toEqual([EVENT]);
  });

  it('has no removal whose worker was killed just after it settled it, and the next look tidies up', async () => {
    const ledger = await ledgerWith(anAccess());
    const write = ledger.writeRecord.bind(ledger);
    killedAt(ledger, 'stage/console-access/');
    await expect(put(ledger, anAccess({ status: 'closed' }))).rejects.toThrow('killed');
    ledger.writeRecord = write;

    expect(await openAccess(ledger)).toEqual([]);
    expect(JSON.stringify(listed(ledger))).toContain('evt-1');
    expect(await accessToContinue(ledger, NOON + DAY)).toEqual([]);
    expect(JSON.stringify(listed(ledger))).not.toContain('evt-1');
  });

  it('never had what is settled from the beginning', async () => {
    expect(listed(await ledgerWith(anAccess({ status: 'closed' })))).toEqual([]);
  });

  it('fits into the items of the ledger if 3000 leavers are open: a list of them all would not', async () => {
    const leavers = Array.from({ length: 3000 }, (_, number) => ({ source: 'acme-hr', eventId: `${number}-${'x'.repeat(150)}` }));
    expect(JSON.stringify(leavers).length).toBeGreaterThan(DYNAMODB_ITEM);

    const ledger = await ledgerWith(...leavers.map((ref) => anAccess(ref)));

    expect(await openAccess(ledger)).toHaveLength(3000);
    for (const [, { value }] of ledger.records) expect(JSON.stringify(value).length).toBeLessThan(DYNAMODB_ITEM / 4);
  });
});

describe('a removal gets a message again', () => {
  const waiting = (until: number) => ({
    since: toInstant(NOON),
    attempts: 1,
    until: toInstant(until),
    code: 'console-throttled',
    saw: 'busy',
  });
  const second = { status: 'removed', lookAgainAt: toInstant(NOON + DAY) } as const;
  const HALF = 30 * MINUTE;

  it.each<{ what: string; changes: Partial<AccessRecord>; from: number }>([
    { what: 'that was begun, half an hour after it should have gone on', changes: {}, from: NOON + HALF + 1 },
    {
      what: 'that waits for the Console, half an hour after the end of its wait',
      changes: { waiting: waiting(NOON + 5 * MINUTE) },
      from: NOON + 35 * MINUTE + 1,
    },
    { what: 'that is to be looked at a day later, just then', changes: second, from: NOON + DAY },
    {
      what: 'whose second look met trouble, half an hour after the end of its wait',
      changes: { ...second, waiting: waiting(NOON + DAY + MINUTE) },
      from: NOON + DAY + MINUTE + HALF + 1,
    },
  ])('$what, and not a moment before', async ({ changes, from }) => {
    const ledger = await ledgerWith(anAccess(changes));

    expect(await accessToContinue(ledger, from - 1)).toEqual([]);
    expect(await accessToContinue(ledger, from)).toEqual([EVENT]);
  });

  it.each(['held', 'failed'] as const)('never if it is %s: it waits for a person', async (status) => {
    const ledger = await ledgerWith(anAccess({ status }));

    for (const now of [NOON, NOON + HOUR, NOON + 30 * DAY]) expect(await accessToContinue(ledger, now)).toEqual([]);
  });
});
