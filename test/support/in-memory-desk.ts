import { createHash } from 'node:crypto';
import type * as z from 'zod/mini';
import type { EventRef } from '../../lambda/domain/event/leaver-message.ts';
import { type LedgerEntry, ledgerEntry, type Placement } from '../../lambda/domain/event/ledger-entry.ts';
import { Contended } from '../../lambda/domain/failures.ts';
import type { Ledger, Snapshot, Together, Versioned } from '../../lambda/domain/ledger-port.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { hasValue } from '../../lambda/domain/person/leaver-match.ts';
import { policy } from '../../lambda/domain/policy.ts';
import type { CredentialOwner, Desk, HrRecord, HrSystems, MatchKey, Schedules, User, UserDirectory } from '../../lambda/domain/ports.ts';

const keyOf = ({ source, eventId }: EventRef) => `${source}/${eventId}`;

/** The ledger port in memory, with the same conditional writes. It copies values, as a network would. */
export class InMemoryLedger implements Ledger {
  readonly entries = new Map<string, LedgerEntry>();
  /** `kept`: does not expire. */
  readonly records = new Map<string, { value: object; version: number; kept?: boolean }>();

  async readEntry(ref: EventRef): Promise<LedgerEntry | undefined> {
    const entry = this.entries.get(keyOf(ref));
    return entry && structuredClone(entry);
  }

  async writeEntry<Entry extends LedgerEntry>(entry: Entry): Promise<Entry> {
    const key = keyOf(entry);
    if ((this.entries.get(key)?.version ?? 0) !== entry.version) throw new Contended(`event ${key}`);
    const next: Entry = { ...structuredClone(entry), version: entry.version + 1 };
    this.entries.set(key, next);
    return structuredClone(next);
  }

  async finishedBefore(_ref: EventRef): Promise<string | undefined> {
    return undefined;
  }

  async *scheduled() {
    for (const entry of this.entries.values()) if (entry.status === 'scheduled') yield structuredClone(entry);
  }

  async *withStatus(status: LedgerEntry['status'], { since, until }: { since: string; until: string }) {
    for (const entry of this.entries.values())
      if (entry.status === status && entry.updatedAt >= since && entry.updatedAt <= until) yield structuredClone(entry);
  }

  async *inWork() {
    for (const entry of this.entries.values()) if (['received', 'processing'].includes(entry.status)) yield structuredClone(entry);
  }

  async readRecord<Schema extends z.core.$ZodType>(key: string, schema: Schema) {
    const record = this.records.get(key);
    return record && { value: parse(schema, structuredClone(record.value), key), version: record.version };
  }

  async readRecords<Schema extends z.core.$ZodType>(keys: readonly string[], schema: Schema) {
    const found = new Map<string, Versioned<z.output<Schema>>>();
    for (const key of keys) {
      const record = await this.readRecord(key, schema);
      if (record !== undefined) found.set(key, record);
    }
    return found;
  }

  async readTogether({ entries = [], finished = [], records = [] }: Together): Promise<Snapshot> {
    const had = new Map(entries.map((ref) => [keyOf(ref), this.entries.get(keyOf(ref))]));
    const left = new Map<string, string | undefined>();
    for (const ref of finished) left.set(keyOf(ref), await this.finishedBefore(ref));
    const values = new Map(records.map((key) => [key, this.records.get(key)]));
    return {
      entry(ref) {
        const entry = had.get(keyOf(ref));
        return entry && parse(ledgerEntry, structuredClone(entry), 'ledger entry');
      },
      finishedBefore: (ref) => left.get(keyOf(ref)),
      record(key, schema) {
        const record = values.get(key);
        return record && { value: parse(schema, structuredClone(record.value), key), version: record.version };
      },
    };
  }

  async writeRecord(key: string, { value, version, kept = false }: Parameters<Ledger['writeRecord']>[1]): Promise<number> {
    if ((this.records.get(key)?.version ?? 0) !== version) throw new Contended(key);
    this.records.set(key, { value: structuredClone(value), version: version + 1, kept });
    return version + 1;
  }
}

/** The schedules port in memory: a test moves the clock and asks for due schedules. */
class InMemorySchedules implements Schedules {
  readonly due = new Map<string, { ref: EventRef; at: string }>();
  /** When the user of an event is read again, by source and event. */
  readonly watch = new Map<string, { ref: EventRef; at: string }>();
  dailyLook: { at: string; rememberedAt: string } | undefined;

  async set({ source, eventId }: EventRef, at: string): Promise<void> {
    this.due.set(keyOf({ source, eventId }), { ref: { source, eventId }, at });
  }

  async remove(ref: EventRef): Promise<void> {
    this.due.delete(keyOf(ref));
  }

  async setWatch({ source, eventId }: EventRef, at: string): Promise<void> {
    this.watch.set(keyOf({ source, eventId }), { ref: { source, eventId }, at });
  }

  async setDailyLook(at: string, { rememberedAt }: { rememberedAt: string }): Promise<void> {
    this.dailyLook = { at, rememberedAt };
  }
}

/** The directory port in memory. */
export class InMemoryDirectory implements UserDirectory {
  readonly users = new Map<string, User>();
  readonly writes: { userId: string; changed: boolean }[] = [];
  calls = 0;
  countHoldings?: NonNullable<UserDirectory['countHoldings']>;
  readonly me: string;

  constructor(users: readonly User[], me: string) {
    for (const user of users) this.users.set(user.id, structuredClone(user));
    this.me = me;
  }

  async owner(): Promise<CredentialOwner> {
    const active = this.#active();
    const me = this.users.get(this.me);
    return { userId: this.me, customerId: me?.customerId, activeUsers: active.length, seesEverybody: me?.isAdmin ?? false };
  }

  async find(keys: readonly MatchKey[]): Promise<User[]> {
    this.calls += 1;
    const hits = (users: readonly User[]) => users.filter((user) => keys.some((key) => hasValue(user, key)));
    const active = hits(this.#active());
    if (active.length > 0) return structuredClone(active.slice(0, 5));
    this.calls += 1;
    return structuredClone(hits([...this.users.values()]).slice(0, 5));
  }

  async findByUsername(username: string): Promise<User[]> {
    this.calls += 1;
    return structuredClone(this.#active().filter((user) => hasValue(user, { field: 'username', value: username })));
  }

  async read(userId: string): Promise<User | undefined> {
    this.calls += 1;
    return structuredClone(this.users.get(userId));
  }

  async whoIsActive(userIds: readonly string[]): Promise<string[]> {
    this.calls += Math.ceil(userIds.length / 100);
    return userIds.filter((id) => this.users.get(id)?.isActive);
  }

  /** Users who are pending approval. */
  readonly pending = new Set<string>();

  async isPendingApproval(userId: string): Promise<boolean> {
    return this.pending.has(userId);
  }

  async activeAdministrators(): Promise<string[]> {
    return this.#active().flatMap(({ id, isAdmin }) => (isAdmin ? [id] : []));
  }

  async countActiveUsersMadeOn(day: string): Promise<number> {
    return this.#active().filter(({ madeAt }) => madeAt?.startsWith(day)).length;
  }

  #active(): User[] {
    return [...this.users.values()].filter(({ isActive }) => isActive);
  }

  async deactivate(userId: string): Promise<{ confirmedBy: 'answer' | 'read' }> {
    this.calls += 1;
    const user = this.users.get(userId);
    if (user === undefined) throw new Error(`no user has the id ${userId}; add one to the directory`);
    this.writes.push({ userId, changed: user.isActive });
    user.isActive = false;
    return { confirmedBy: 'answer' };
  }

  async reactivate(userId: string, restores: Placement): Promise<void> {
    this.calls += 1;
    const user = this.users.get(userId);
    if (user === undefined) throw new Error(`no user has the id ${userId}; add one to the directory`);
    this.writes.push({ userId, changed: !user.isActive });
    user.isActive = true;
    user.placement = { ...user.placement, ...restores };
  }
}

/** The HR port in memory. */
class InMemoryHr implements HrSystems {
  /** The answers of HR, by its own id; a failure is thrown. */
  readonly says = new Map<string, HrRecord | Error>();
  /** The ids of all questions. */
  readonly asked: string[] = [];
  readonly #sources: readonly string[];

  constructor(sources: readonly string[]) {
    this.#sources = sources;
  }

  canBeAsked(source: string): boolean {
    return this.#sources.includes(source);
  }

  async ask(_source: string, sourceId: string): Promise<HrRecord | undefined> {
    this.asked.push(sourceId);
    const says = this.says.get(sourceId);
    if (says instanceof Error) throw says;
    return structuredClone(says);
  }
}

export interface TestDesk extends Desk {
  ledger: InMemoryLedger;
  schedules: InMemorySchedules;
  directory: InMemoryDirectory;
  hr: InMemoryHr;
  /** The time of the clock, in milliseconds since the epoch. */
  now: number;
}

/** Makes a desk with every part in memory, and the default rules. */
export function aDesk({
  users,
  rules = {},
  lookUps = [],
  now = Date.parse('2026-11-24T12:00:00Z'),
}: {
  users: User[];
  rules?: z.input<typeof policy>;
  /** The sources whose HR system can be asked. */
  lookUps?: readonly string[];
  now?: number;
}): TestDesk {
  const desk: TestDesk = {
    ledger: new InMemoryLedger(),
    schedules: new InMemorySchedules(),
    directory: new InMemoryDirectory(users, users[0]?.id ?? ''),
    hr: new InMemoryHr(lookUps),
    now,
    clock: () => desk.now,
    random: () => 0.5,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    maySight: () => true,
    policy: parse(policy, rules, 'policy'),
  };
  return desk;
}
