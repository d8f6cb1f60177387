import type * as z from 'zod/mini';
import type { EventRef } from './event/leaver-message.ts';
import type { LedgerEntry } from './event/ledger-entry.ts';

/** Strongly consistent documents with a version each: the only shared state there is. */
export interface Ledger {
  readEntry(ref: EventRef): Promise<LedgerEntry | undefined>;
  /**
   * Writes the entry if it still has `entry.version` (0: if there is none yet) and returns it with the next version.
   * @throws Contended when another worker wrote it first
   */
  writeEntry<Entry extends LedgerEntry>(entry: Entry): Promise<Entry>;
  /** Reads all of this together, each strongly consistent. */
  readTogether(what: Together): Promise<Snapshot>;
  /** The events of one status that last changed in a period, the longest unchanged first. From an index, so a moment behind. */
  withStatus(status: LedgerEntry['status'], period: { since: string; until: string }): AsyncGenerator<LedgerEntry>;
  /** In the same way every scheduled event, and every one that is received or processing. */
  scheduled(): AsyncIterable<LedgerEntry>;
  inWork(): AsyncIterable<LedgerEntry>;
  /** When an event finished that is not remembered any more: what an auditor needs of it outlives it. */
  finishedBefore(ref: EventRef): Promise<string | undefined>;
  /** A named record beside the events: a person's generation, the brake, the circuit, the pause, the pinned tenant. */
  readRecord<Schema extends z.core.$ZodType>(key: string, schema: Schema): Promise<Versioned<z.output<Schema>> | undefined>;
  /** Reads records of one kind together, each strongly consistent. @returns those that exist, by key */
  readRecords<Schema extends z.core.$ZodType>(keys: readonly string[], schema: Schema): Promise<Map<string, Versioned<z.output<Schema>>>>;
  /**
   * As writeEntry, for a record. A record of a person expires with the memory of the stage, unless it is `kept`.
   * @returns the next version
   */
  writeRecord(key: string, record: { value: object; version: number; kept?: boolean }): Promise<number>;
}

/** What is read of the ledger in one go. */
export interface Together {
  entries?: readonly EventRef[];
  /** Events of which it is asked when they finished: {@link Ledger.finishedBefore}. */
  finished?: readonly EventRef[];
  records?: readonly string[];
}

/** What the ledger had when it was read together. It knows only what was asked for. */
export interface Snapshot {
  entry(ref: EventRef): LedgerEntry | undefined;
  finishedBefore(ref: EventRef): string | undefined;
  record<Schema extends z.core.$ZodType>(key: string, schema: Schema): Versioned<z.output<Schema>> | undefined;
}

export interface Versioned<T> {
  value: T;
  version: number;
}
