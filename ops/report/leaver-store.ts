import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { personKeys, spokenOf } from '../../lambda/domain/person/person-record.ts';
import { toInstant, toMillis } from '../../lambda/domain/time/time.ts';
import { guardCounts } from './guard-counts.ts';
import { type Leaver, leaverOf, readLeaver, slots } from './leaver.ts';
import { rowOf, slotOf } from './leaver-row.ts';

const text = z.string();
const count = z.object({ n: z.number() });
const id = z.object({ id: z.number() });
const leaverJson = z.object({ json: text });

const COMMIT_EVERY = 5000;

/**
 * Collects events by person, each person once, however many there are. Keeps them on disk, in a file that only this user can read and that
 * is deleted on close. Of people it keeps only digests. Events may be added in any order.
 */
export function openLeaverStore({ target, now }: { target: number; now: number }) {
  const directory = mkdtempSync(join(tmpdir(), 'offboarding-report-'));
  const db = new DatabaseSync(join(directory, 'leavers.db'));
  db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192; BEGIN;
    CREATE TABLE person (id INTEGER PRIMARY KEY, user TEXT UNIQUE, events INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE TABLE known (key TEXT NOT NULL, person INTEGER NOT NULL, PRIMARY KEY (key, person)) STRICT, WITHOUT ROWID;
    CREATE INDEX known_person ON known (person);
    CREATE TABLE slot (person INTEGER NOT NULL, slot TEXT NOT NULL, at TEXT NOT NULL, json TEXT NOT NULL,
      PRIMARY KEY (person, slot)) STRICT, WITHOUT ROWID;
    CREATE TABLE leaver (sort TEXT NOT NULL, delay INTEGER, outcome TEXT NOT NULL, late INTEGER NOT NULL, json TEXT NOT NULL) STRICT;`);

  const byUser = db.prepare('SELECT id FROM person WHERE user = ?');
  const byKey = db.prepare('SELECT person AS id FROM known JOIN person ON person.id = person WHERE key = ? AND user IS NULL');
  const newPerson = db.prepare('INSERT INTO person (user) VALUES (?) RETURNING id');
  const countEvent = db.prepare('UPDATE person SET events = events + 1 WHERE id = ?');
  const remember = db.prepare('INSERT OR IGNORE INTO known VALUES (?, ?)');
  const NEWER = 'ON CONFLICT DO UPDATE SET at = excluded.at, json = excluded.json WHERE excluded.at > at';
  const put = db.prepare(`INSERT INTO slot VALUES (?, ?, ?, ?) ${NEWER}`);
  const takeSlots = db.prepare(`INSERT INTO slot SELECT ?1, slot, at, json FROM slot WHERE person = ?2 ${NEWER}`);
  const takeKeys = db.prepare('INSERT OR IGNORE INTO known SELECT key, ?1 FROM known WHERE person = ?2');
  const takeEvents = db.prepare('UPDATE person SET events = events + (SELECT events FROM person WHERE id = ?2) WHERE id = ?1');
  const forget = ['DELETE FROM slot WHERE person = ?', 'DELETE FROM known WHERE person = ?', 'DELETE FROM person WHERE id = ?'].map((sql) =>
    db.prepare(sql),
  );

  const guards = guardCounts();
  let added = 0;

  function merge(into: number, from: number): void {
    for (const take of [takeSlots, takeKeys, takeEvents]) take.run(into, from);
    for (const one of forget) one.run(from);
  }

  /** Finds the person of an event: by the user's id, or by the keys from HR if the event found no user. */
  function personOf(userId: string | undefined, keys: readonly string[]): number {
    const create = () => id.parse(newPerson.get(userId ?? null)).id;
    if (userId !== undefined) return id.optional().parse(byUser.get(userId))?.id ?? create();

    const found = new Set(
      keys.flatMap((key) =>
        z
          .array(id)
          .parse(byKey.all(key))
          .map((one) => one.id),
      ),
    );
    const [first, ...others] = found;
    for (const other of others) if (first !== undefined) merge(first, other);
    return first ?? create();
  }

  return {
    add(entry: LedgerEntry): void {
      added += 1;
      guards.add(entry);
      // SQLite can drop written pages from memory only between transactions.
      if (added % COMMIT_EVERY === 0) db.exec('COMMIT; BEGIN');
      const keys = personKeys(spokenOf(entry)).map((key) => createHash('sha256').update(key).digest('base64'));
      const person = personOf(entry.workfrontUserId, keys);
      for (const key of keys) remember.run(key, person);
      countEvent.run(person);
      put.run(
        person,
        slotOf(entry),
        `${toInstant(toMillis(entry.receivedAt))} ${entry.source}/${entry.eventId}`,
        JSON.stringify(rowOf(entry)),
      );
    },

    /** Must be called once, after the last event. */
    finish(): void {
      // An event that found no user is about the user that another event of the same person found.
      const nameless = db.prepare('SELECT id FROM person WHERE user IS NULL AND id > ? ORDER BY id LIMIT 1000');
      const sameWithUser = db.prepare(`SELECT other.person AS id FROM known mine JOIN known other ON other.key = mine.key
        JOIN person ON person.id = other.person WHERE mine.person = ? AND user IS NOT NULL
        ORDER BY (SELECT max(at) FROM slot WHERE slot.person = other.person) DESC LIMIT 1`);
      for (let page = z.array(id).parse(nameless.all(0)); page.length > 0; page = z.array(id).parse(nameless.all(page.at(-1)?.id ?? 0))) {
        for (const one of page) {
          const user = id.optional().parse(sameWithUser.get(one.id));
          if (user !== undefined) merge(user.id, one.id);
        }
      }
      const all = db.prepare(
        `SELECT events, ${['open', 'done', 'inactive', 'other'].map((slot) => `(SELECT json FROM slot WHERE person = id AND slot = '${slot}') AS ${slot}`).join(', ')} FROM person`,
      );
      const insert = db.prepare('INSERT INTO leaver VALUES (?, ?, ?, ?, ?)');
      for (const row of all.iterate()) {
        const leaver = leaverOf(slots.parse(row), { target, now });
        const { effectiveAt, receivedAt, eventId, delay, outcome, pastTarget } = leaver;
        insert.run(`${effectiveAt ?? receivedAt} ${eventId}`, delay, outcome, pastTarget ? 1 : 0, JSON.stringify(leaver));
      }
      db.exec('CREATE INDEX leaver_sort ON leaver (sort); CREATE INDEX leaver_delay ON leaver (delay)');
    },

    /** In the order of the effective time, the earliest first. */
    *leavers({ late = false }: { late?: boolean } = {}): Generator<Leaver> {
      for (const row of db.prepare(`SELECT json FROM leaver ${late ? 'WHERE late = 1' : ''} ORDER BY sort`).iterate()) {
        yield readLeaver(leaverJson.parse(row).json);
      }
    },

    guards: guards.all,

    outcomes(): Record<string, number> {
      const rows = db.prepare('SELECT outcome, count(*) AS n FROM leaver GROUP BY outcome ORDER BY n DESC').all();
      return Object.fromEntries(
        z
          .array(count.extend({ outcome: text }))
          .parse(rows)
          .map(({ outcome, n }) => [outcome, n]),
      );
    },

    late: () => count.parse(db.prepare('SELECT count(*) AS n FROM leaver WHERE late = 1').get()).n,

    /** How many delays there are from `from` (included) to `to` (excluded), in milliseconds. */
    delaysWithin: (from: number, to: number | undefined) =>
      count.parse(db.prepare('SELECT count(*) AS n FROM leaver WHERE delay >= ? AND (?2 IS NULL OR delay < ?2)').get(from, to ?? null)).n,

    /** The smallest delay that this share of people does not exceed (nearest rank), exact to the millisecond. */
    percentile(share: number): number | null {
      const { n } = count.parse(db.prepare('SELECT count(delay) AS n FROM leaver').get());
      if (n === 0) return null;
      const rank = Math.max(Math.ceil(share * n), 1);
      const at = db.prepare('SELECT delay AS n FROM leaver WHERE delay IS NOT NULL ORDER BY delay LIMIT 1 OFFSET ?').get(rank - 1);
      return count.parse(at).n;
    },

    close(): void {
      db.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export type LeaverStore = ReturnType<typeof openLeaverStore>;
