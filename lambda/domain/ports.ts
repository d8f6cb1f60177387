import type { Effective, Employee } from './event/hr-event.ts';
import type { ConsoleAccessMessage, EventRef, LeaverMessage } from './event/leaver-message.ts';
import type { Impact, LedgerEntry, Placement } from './event/ledger-entry.ts';
import type { Ledger } from './ledger-port.ts';
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
  /** What a deactivation may take; undefined if Workfront does not say it. */
  placement?: Placement | undefined;
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
  /** Who of these users is active, with one call for at most a hundred. A user who does not exist is not. */
  whoIsActive(userIds: readonly string[]): Promise<string[]>;
  /** Whether an inactive user is pending approval, where that can be asked: an approval would activate them. */
  isPendingApproval?(userId: string): Promise<boolean>;
  /** GUIDs of the active administrators, at most a hundred. */
  activeAdministrators(): Promise<string[]>;
  /** How many active users were made on a day. @param day a UTC date such as 2026-11-30 */
  countActiveUsersMadeOn(day: string): Promise<number>;
  /** Sets the user inactive and returns only when Workfront says that this very user is, in its answer or in a read. */
  deactivate(userId: string): Promise<{ confirmedBy: 'answer' | 'read' }>;
  /** Counts what a user owns, only by reading. @param until milliseconds since the epoch after which nothing more is asked */
  countHoldings?(userId: string, until: number): Promise<Impact>;
  /**
   * Sets the user active, with these fields, and returns only when a read shows this very user active. Only a person's order may lead here.
   *
   * @param restores fields that the user lost
   */
  reactivate(userId: string, restores: Placement): Promise<void>;
}

/** One-time alarms that put a `due` message for an event on the leaver queue. Both calls may be repeated safely. */
export interface Schedules {
  /** @param at RFC 3339 instant; the time already set for this event is replaced */
  set(ref: EventRef, at: string): Promise<void>;
  /** @param at the time it was set for */
  remove(ref: EventRef, at: string): Promise<void>;
  /** Has the user of a finished event read again: a `watch` message. @param at RFC 3339 instant; setting the same again changes nothing */
  setWatch(ref: EventRef, at: string): Promise<void>;
  /** Has the stage looked at again, and remembers outside of the ledger when it was looked at. */
  setDailyLook(at: string, memory: { rememberedAt: string }): Promise<void>;
}

/** The leaver queue, for the worker and for ops. */
export interface LeaverQueue {
  send(message: LeaverMessage | ConsoleAccessMessage): Promise<void>;
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
  /**
   * Another record in HR of somebody who may be the same person: the end of one record is not the end of the other. `goes-on`: there is one
   * that has not ended. `unseen`: HR does not let us see whether there is. Undefined: there is none.
   */
  otherRecord?: 'goes-on' | 'unseen' | undefined;
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
