import type * as z from 'zod/mini';
import type { Effective, Employee } from './event/hr-event.ts';
import type { EventRef, LeaverMessage } from './event/leaver-message.ts';
import type { LedgerEntry } from './event/ledger-entry.ts';
import type { Policy } from './policy.ts';

/** A Workfront account, as far as we need it. `id` is its 32-hex GUID. */
export interface User {
  id: string;
  isActive: boolean;
  /** Undefined if Workfront does not say it readably. */
  isAdmin: boolean | undefined;
  customerId: string | undefined;
  firstName: string | undefined;
  lastName: string | undefined;
  emailAddr: string | undefined;
  username: string | undefined;
  ssoUsername: string | undefined;
  extRefID: string | undefined;
  /** RFC 3339. */
  lastLoginAt: string | undefined;
  /** When the account was made, RFC 3339; undefined if Workfront does not say it readably. */
  madeAt: string | undefined;
  displayName: string | undefined;
  /** Values of the custom fields asked for, by `DE:` name. */
  customFields: Record<string, string>;
}

/** A Workfront field and the value that a leaver must have in it. */
export interface MatchKey {
  field: string;
  value: string;
}

/** Who the credential is and what it can see. */
export interface CredentialOwner {
  userId: string;
  customerId: string | undefined;
  /** Active users visible to the credential: more than zero, or there would be no owner to speak of. */
  activeUsers: number;
  /** Whether Workfront shows it every user: true of a system administrator alone. */
  seesEverybody: boolean;
}

/**
 * The user directory that is Workfront.
 * Every call may throw TransientFailure, CredentialFailure, StageFailure or PermanentFailure, and nothing else on purpose. What is refused
 * to a question that names no user is a StageFailure.
 */
export interface UserDirectory {
  /** Proven once per cached secret. @throws CredentialFailure `blind` if it sees no user at all */
  owner(): Promise<CredentialOwner>;
  /**
   * Every active user who really has one of the values in its field, at most five; if there is none, the inactive ones. Keys of the
   * field `username` are left out: {@link findByUsername}.
   * @throws StageFailure `filter-dropped` when a user came back that does not match the question
   */
  find(keys: readonly MatchKey[]): Promise<User[]>;
  /** The active users with this log-in name. */
  findByUsername(username: string): Promise<User[]>;
  /** @returns undefined if Workfront knows no such user */
  read(userId: string): Promise<User | undefined>;
  /** Whether an inactive user is pending approval, where that can be asked: an approval would activate them. */
  isPendingApproval?(userId: string): Promise<boolean>;
  /** GUIDs of the active administrators, at most a hundred. */
  activeAdministrators(): Promise<string[]>;
  /** How many active users were made on a day. @param day a UTC date such as 2026-11-30 */
  countActiveUsersMadeOn(day: string): Promise<number>;
  /**
   * Sets the user inactive and returns only when Workfront says that this very user is, in its answer or in a read.
   */
  deactivate(userId: string): Promise<{ confirmedBy: 'answer' | 'read' }>;
}

/** Strongly consistent documents with a version each: the only shared state there is. */
export interface Ledger {
  readEntry(ref: EventRef): Promise<LedgerEntry | undefined>;
  /**
   * Writes the entry if it still has `entry.version` (0: if there is none yet) and returns it with the next version.
   * @throws Contended when another worker wrote it first
   */
  writeEntry<Entry extends LedgerEntry>(entry: Entry): Promise<Entry>;
  /** Every scheduled event, the longest unchanged first. From an index, so a moment behind. */
  scheduled(): AsyncIterable<LedgerEntry>;
  /** Every event that is received or processing. From an index, so a moment behind. */
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

export interface Versioned<T> {
  value: T;
  version: number;
}

/** One-time alarms that put a `due` message for an event on the leaver queue. Both calls may be repeated safely. */
export interface Schedules {
  /** @param at RFC 3339 instant; the time already set for this event is replaced */
  set(ref: EventRef, at: string): Promise<void>;
  /** @param at the time it was set for */
  remove(ref: EventRef, at: string): Promise<void>;
  /** Has the stage looked at again, and remembers outside of the ledger when it was looked at. */
  setDailyLook(at: string, memory: { rememberedAt: string }): Promise<void>;
}

/** The leaver queue, for the worker and for ops. */
export interface LeaverQueue {
  send(message: LeaverMessage): Promise<void>;
}

/** Tells other systems what became of an event. */
export interface Outcomes {
  /**
   * Returns once it is durably told, or there is nothing to tell yet; the same may be told again.
   * @throws TransientFailure `outcome-refused` or `outcomes-unavailable`
   */
  publish(entry: LedgerEntry): Promise<void>;
}

/** What HR says of one employee at the moment it is asked. */
export interface HrRecord {
  /** The values that are compared with Workfront, and names; what HR does not have is left out. */
  employee: Employee;
  /** Whether HR shows them as employed, on leave included, or as gone. `unclear`: as neither, so that a person must say. */
  standing: 'employed' | 'left' | 'unclear';
  /** The last day on record, past or to come. */
  lastDay: Effective | undefined;
  /** The first day of the employment that counts, an ISO date. */
  startedOn: string | undefined;
}

/**
 * The HR systems, by source.
 * Every call may throw TransientFailure, CredentialFailure or PermanentFailure, and nothing else on purpose.
 */
export interface HrSystems {
  /** Whether the source has a look-up. */
  canBeAsked(source: string): boolean;
  /** @param sourceId the HR system's own id. @returns undefined where HR knows no such employee */
  ask(source: string, sourceId: string): Promise<HrRecord | undefined>;
}

/** Milliseconds since the epoch. */
export type Clock = () => number;

/** A keyed digest: equal texts of one event give equal digests, and no digest gives the text back. */
type Digest = (text: string) => string;

/** A number from 0 (included) to 1 (excluded). */
export type Random = () => number;

/** Everything a decision about a leaver may reach, and the rules of the stage. */
export interface Desk {
  ledger: Ledger;
  directory: UserDirectory;
  hr: HrSystems;
  schedules: Schedules;
  clock: Clock;
  random: Random;
  digest: Digest;
  /** Whether one more termination may be looked up before it is due: due events go first, so only so many a minute are. */
  maySight: () => boolean;
  policy: Policy;
}

/** One worker's turn at one message. */
export interface Turn {
  /** Names the worker in the lease. */
  worker: string;
  /** Milliseconds since the epoch by which this worker is certainly no longer running. */
  leaseUntil: number;
}
