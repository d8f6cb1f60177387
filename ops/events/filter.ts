import { type Command, Option } from 'commander';
import * as z from 'zod';
import { EVENT_STATUSES, type EventStatus, eventStatus } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { fold } from '../../lambda/domain/person/leaver-match.ts';
import { DAY, toInstant } from '../../lambda/domain/time/time.ts';
import { Usage } from '../terminal/exit-code.ts';
import { momentOf } from '../terminal/times.ts';

export const guid = z.string().regex(/^[0-9a-f]{32}$/i, 'a Workfront GUID of 32 hex digits');

/** What the commands that look at many events are narrowed by. */
export const filterOptions = z.object({
  status: z.optional(eventStatus),
  source: z.string().optional(),
  reason: z.string().optional(),
  since: z.string().optional(),
  until: z.string().optional(),
  employee: z.string().optional(),
  user: guid.optional(),
});

export type Filter = z.infer<typeof filterOptions>;

export const addFilterOptions = (command: Command): Command => addPeriodOptions(addPersonOptions(addKindOptions(command)));

export const statusOption = () => new Option('--status <status>', 'only of this status').choices([...EVENT_STATUSES]);

function addKindOptions(command: Command): Command {
  return command
    .option('--source <source>', 'only of this source')
    .option('--reason <reason>', 'only held, failed or cancelled for this reason (a guard, or a code)');
}

export function addPersonOptions(command: Command): Command {
  return command
    .option('--employee <who>', 'only of the leaver with this e-mail address, SSO name or employee number')
    .option('--user <guid>', 'only of this Workfront user');
}

export function addPeriodOptions(command: Command): Command {
  return command
    .option('--since <when>', 'at or after: an instant as in RFC 3339, or a time back such as 24h or 7d')
    .option('--until <when>', 'at or before');
}

/** @param longest how far back without `--since`, in milliseconds */
export function periodOf({ since, until }: Pick<Filter, 'since' | 'until'>, now: number, longest: number) {
  const period = {
    since: since === undefined ? toInstant(now - longest) : momentOf(since, now),
    // The clock of AWS may be ahead of ours.
    until: until === undefined ? toInstant(now + DAY) : momentOf(until, now),
  };
  if (period.since > period.until) throw new Usage('expected --since before --until, got the reverse');
  return period;
}

/** Whether an event is meant; the period is left to the ledger. Who left is compared here, in memory, and goes nowhere. */
export function isMeant(entry: LedgerEntry, { status, source, reason, employee, user }: Filter): boolean {
  return (
    (status === undefined || entry.status === status) &&
    (source === undefined || entry.source === source) &&
    (reason === undefined || entry.reason === reason) &&
    (employee === undefined || isAbout(entry, employee)) &&
    (user === undefined || [entry.workfrontUserId, entry.chosenUserId, entry.intent?.userId].includes(user.toLowerCase()))
  );
}

function isAbout({ event: { employee } }: LedgerEntry, who: string): boolean {
  const names = [employee.email, employee.ssoUsername].flatMap((name) => (name === undefined ? [] : [fold(name)]));
  return names.includes(fold(who)) || employee.employeeNumber === who.trim();
}

/** Statuses that wait for a person. */
export const needsPerson = (status: EventStatus): boolean => status === 'held' || status === 'failed';
