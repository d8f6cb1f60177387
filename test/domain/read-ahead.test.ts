import { describe, expect, it } from '@jest/globals';
import * as z from 'zod/mini';
import { readAhead } from '../../lambda/domain/read-ahead.ts';
import { aTermination } from '../support/builders.ts';
import { anEntry } from '../support/entries.ts';
import { InMemoryLedger } from '../support/in-memory-desk.ts';

const numbered = (number: number) => anEntry(aTermination(), { eventId: `evt-${number}` });
const [ONE, OTHER] = [numbered(1), numbered(2)];

describe('a ledger that was read ahead', () => {
  it('gives what was read once, and asks for everything else', async () => {
    const ledger = new InMemoryLedger();
    for (const entry of [ONE, OTHER]) await ledger.writeEntry(entry);
    const ahead = await readAhead(ledger, { entries: [ONE] });
    for (const entry of [ONE, OTHER]) await ledger.writeEntry({ ...entry, version: 1, status: 'processing' });

    const statuses = [await ahead.readEntry(OTHER), await ahead.readEntry(ONE), await ahead.readEntry(ONE)].map((entry) => entry?.status);

    expect(statuses).toEqual(['processing', 'received', 'processing']);
  });

  it('asks again where the worker has lost a write to another', async () => {
    const ledger = new InMemoryLedger();
    const counter = z.object({ count: z.number() });
    await ledger.writeRecord('counter', { value: { count: 1 }, version: 0 });
    const ahead = await readAhead(ledger, { records: ['counter'] });
    await ledger.writeRecord('counter', { value: { count: 2 }, version: 1 });

    expect(await ahead.readRecord('counter', counter)).toEqual({ value: { count: 1 }, version: 1 });
    expect(await ahead.readRecord('counter', counter)).toEqual({ value: { count: 2 }, version: 2 });
  });
});
