import type { EventRef } from './event/leaver-message.ts';
import type { Ledger, Together } from './ledger-port.ts';

const nameOf = ({ source, eventId }: EventRef): string => `${source}/${eventId}`;

/**
 * Reads together what a turn is about to ask the ledger. Each answer is given once, and asked for again after that: whoever loses a
 * conditional write to another worker decides again on what the ledger has by then.
 *
 * @returns the ledger, with these answers at hand
 */
export async function readAhead(ledger: Ledger, what: Together): Promise<Ledger> {
  const snapshot = await ledger.readTogether(what);
  const entries = new Set(what.entries?.map(nameOf));
  const finished = new Set(what.finished?.map(nameOf));
  const records = new Set(what.records);

  const ahead: Pick<Ledger, 'readEntry' | 'finishedBefore' | 'readRecord' | 'readRecords'> = {
    readEntry: async (ref) => (entries.delete(nameOf(ref)) ? snapshot.entry(ref) : ledger.readEntry(ref)),
    finishedBefore: async (ref) => (finished.delete(nameOf(ref)) ? snapshot.finishedBefore(ref) : ledger.finishedBefore(ref)),
    readRecord: async (key, schema) => (records.delete(key) ? snapshot.record(key, schema) : ledger.readRecord(key, schema)),
    async readRecords(keys, schema) {
      if (!keys.every((key) => records.has(key))) return ledger.readRecords(keys, schema);
      return new Map(
        keys.flatMap((key) => {
          records.delete(key);
          const record = snapshot.record(key, schema);
          return record === undefined ? [] : [[key, record] as const];
        }),
      );
    },
  };
  const rest: Ledger = Object.create(ledger);
  return Object.assign(rest, ahead);
}
