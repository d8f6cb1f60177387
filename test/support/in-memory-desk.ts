import type * as z from 'zod/mini';
import type { EventRef } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { Contended } from '../../lambda/domain/failures.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { hasValue } from '../../lambda/domain/person/leaver-match.ts';
import { policy } from '../../lambda/domain/policy.ts';
import type { CredentialOwner, Desk, HrRecord, HrSystems, Ledger, Schedules, User, UserDirectory } from '../../lambda/domain/ports.ts';

const keyOf = ({ source, eventId }: EventRef) => `${source}/${eventId}`;

/** The ledger port in memory, with the same conditional writes. Values are copied, as through a wire. */
export class InMemoryLedger implements Ledger {
  readonly entries = new Map<string, LedgerEntry>();
  readonly records = new Map<string, { value: object; version: number }>();

  async readEntry(ref: EventRef): Promise<LedgerEntry | undefined> {
    const entry = this.entries.get(keyOf(ref));
    return entry && structuredClone(entry);
  }

  async writeEntry(entry: LedgerEntry): Promise<LedgerEntry> {
    const key = keyOf(entry);
    if ((this.entries.get(key)?.version ?? 0) !== entry.version) throw new Contended(`event ${key}`);
    const next = { ...structuredClone(entry), version: entry.version + 1 };
    this.entries.set(key, next);
    return structuredClone(next);
  }

  async readRecord<Schema extends z.core.$ZodType>(key: string, schema: Schema) {
    const record = this.records.get(key);
    return record && { value: parse(schema, structuredClone(record.value), key), version: record.version };
  }

  async writeRecord(key: string, value: object, version: number): Promise<number> {
    if ((this.records.get(key)?.version ?? 0) !== version) throw new Contended(key);
    this.records.set(key, { value: structuredClone(value), version: version + 1 });
    return version + 1;
  }
}

/** The schedules port in memory: a test moves the clock and asks what is due. */
class InMemorySchedules implements Schedules {
  readonly due = new Map<string, { ref: EventRef; at: string }>();

  async set({ source, eventId }: EventRef, at: string): Promise<void> {
    this.due.set(keyOf({ source, eventId }), { ref: { source, eventId }, at });
  }

  async remove(ref: EventRef): Promise<void> {
    this.due.delete(keyOf(ref));
  }
}

/** The directory port in memory. */
export class InMemoryDirectory implements UserDirectory {
  readonly users = new Map<string, User>();
  readonly writes: { userId: string; changed: boolean }[] = [];
  calls = 0;
  readonly me: string;

  constructor(users: readonly User[], me: string) {
    for (const user of users) this.users.set(user.id, user);
    this.me = me;
  }

  async owner(): Promise<CredentialOwner> {
    const activeUsers = [...this.users.values()].filter(({ isActive }) => isActive).length;
    return { userId: this.me, customerId: this.users.get(this.me)?.customerId, activeUsers };
  }

  async search(key: Parameters<UserDirectory['search']>[0]): Promise<User[]> {
    this.calls += 1;
    const hits = [...this.users.values()].filter((user) => hasValue(user, key));
    const active = hits.filter(({ isActive }) => isActive);
    return structuredClone((active.length > 0 ? active : hits).slice(0, 2));
  }

  async read(userId: string): Promise<User | undefined> {
    this.calls += 1;
    return structuredClone(this.users.get(userId));
  }

  async countActiveAdministrators(): Promise<number> {
    return [...this.users.values()].filter(({ isAdmin, isActive }) => isAdmin && isActive).length;
  }

  async deactivate(userId: string): Promise<{ confirmedBy: 'answer' | 'read' }> {
    this.calls += 1;
    const user = this.users.get(userId);
    if (user === undefined) throw new Error(`no user ${userId}`);
    this.writes.push({ userId, changed: user.isActive });
    user.isActive = false;
    return { confirmedBy: 'answer' };
  }
}

/** The HR port in memory. */
class InMemoryHr implements HrSystems {
  /** What HR says, by its own id; a failure is thrown. */
  readonly says = new Map<string, HrRecord | Error>();
  /** The ids that were asked for. */
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
  /** Milliseconds since the epoch; the clock shows it. */
  now: number;
}

/** A desk whose every part is in memory, with the default rules. */
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
    policy: parse(policy, rules, 'policy'),
  };
  return desk;
}
