import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import { type EventRef, eventRef } from '../event/leaver-message.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import { isTermination } from '../event/termination.ts';
import type { Versioned } from '../ledger-port.ts';
import { MINUTE, toInstant, toMillis } from '../time/time.ts';

/** `closed`: a person says that nothing is left to do. The others are as for an event: docs/admin-console.md. */
const accessStatus = z.enum(['waiting', 'removed', 'would-remove', 'nothing-to-remove', 'held', 'failed', 'closed']);

const refused = z.object({ code: z.string(), saw: z.string() });

/**
 * What is done about one leaver in the Admin Console, beside the event: it never changes the event. It has the names of profiles and
 * groups, and no address.
 */
export const accessRecord = z.object({
  ...eventRef.shape,
  userId: z.string(),
  status: accessStatus,
  /** Why it is held or failed. */
  code: z.optional(z.string()),
  /** Nothing is changed: the stage is a dry run. */
  testOnly: z.boolean(),
  updatedAt: instant,
  /** What the Console was asked to remove: written before it is asked, so that a worker that breaks off knows it was removed by us. */
  asked: z.array(z.string()),
  /** How often the Console accepted it. */
  removals: z.number(),
  /** Errors inside of Adobe so far: they end by themselves or never. */
  internalErrors: z.number(),
  /** The Console refused several names together: each is tried alone. */
  oneByOne: z.optional(z.literal(true)),
  /** What only a person can remove, by name. */
  refused: z.record(z.string(), refused),
  /** A directory sync may add the person, or add them again: the Console is read once more from this time on. */
  lookAgainAt: z.optional(instant),
  /** Trouble being waited out, or the next look at what was removed. */
  waiting: z.optional(
    z.object({
      since: instant,
      attempts: z.number(),
      until: instant,
      code: z.string(),
      saw: z.string(),
      untilRepaired: z.optional(z.literal(true)),
    }),
  ),
  history: z.array(z.object({ at: instant, to: accessStatus, by: z.string(), why: z.string() })),
});

export type AccessRecord = z.infer<typeof accessRecord>;
/** The record as it was read. Version 0: it is not in the ledger yet. */
export type StoredAccess = Versioned<AccessRecord>;

export const accessKey = ({ source, eventId }: EventRef): string => `console-access/${source}/${eventId}`;

/** Whether the console access of this event's leaver is removed, or would be in a dry run. */
export const isFollowedUp = (entry: LedgerEntry): boolean =>
  isTermination(entry) && entry.workfrontUserId !== undefined && (entry.status === 'deactivated' || entry.status === 'would-deactivate');

/**
 * Whether this record says nothing of the event as it is now: there is none, it is of a dry run that is over, or what it settled came before
 * the user returned and was deactivated again.
 */
export const isOutdated = (record: AccessRecord | undefined, { status, finishedAt }: LedgerEntry): boolean => {
  if (record === undefined) return true;
  if (status !== 'deactivated') return false;
  if (record.testOnly) return true;
  return SETTLED.includes(record.status) && toMillis(finishedAt ?? record.updatedAt) > toMillis(record.updatedAt) + CLOCKS_APART;
};

const SETTLED: readonly AccessRecord['status'][] = ['removed', 'nothing-to-remove'];

/** The clocks of two workers differ by less. */
const CLOCKS_APART = MINUTE;

/** Whether a worker has something to do. */
export const isInWork = ({ status, lookAgainAt }: AccessRecord): boolean => status === 'waiting' || lookAgainAt !== undefined;

/** Whether a worker or a person still has something to do. */
export const isOpen = (record: AccessRecord): boolean => isInWork(record) || needsPerson(record);

export const needsPerson = ({ status }: AccessRecord): boolean => status === 'held' || status === 'failed';

/** @param before the record of an earlier end of the event: what was removed then may be added again by a sync */
export function newAccess({ source, eventId, workfrontUserId, status }: LedgerEntry, now: number, before?: AccessRecord): AccessRecord {
  const at = toInstant(now);
  return {
    source,
    eventId,
    userId: workfrontUserId ?? '',
    status: 'waiting',
    testOnly: status === 'would-deactivate',
    updatedAt: at,
    asked: before?.asked ?? [],
    removals: 0,
    internalErrors: 0,
    refused: {},
    history: [...(before?.history ?? []), { at, to: 'waiting', by: 'worker', why: `after ${status}` }],
  };
}

interface Step {
  to: AccessRecord['status'];
  why: string;
  code?: string | undefined;
  /** `worker`, or the operator's identity. */
  by?: string;
  now: number;
}

/** The record in its next status, with one more step of history; not yet written. */
export function movedTo(record: AccessRecord, { to, why, code, by = 'worker', now }: Step): AccessRecord {
  const { code: _code, waiting: _waiting, lookAgainAt: _lookAgainAt, ...kept } = record;
  const at = toInstant(now);
  return { ...kept, status: to, code, updatedAt: at, history: [...record.history, { at, to, by, why }] };
}

/** The record as if nothing had been tried: a person wants it tried again, or something is there only now. */
export const begunAgain = (record: AccessRecord, step: { why: string; by?: string; now: number }): AccessRecord => {
  const { oneByOne: _oneByOne, ...kept } = movedTo(record, { to: 'waiting', ...step });
  return { ...kept, removals: 0, internalErrors: 0, refused: {} };
};
