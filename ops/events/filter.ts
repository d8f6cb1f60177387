import type { Command } from 'commander';
import * as z from 'zod';
import { reasonsOf } from '../../lambda/domain/event/event-reason.ts';
import { EVENT_STATUSES, type EventStatus } from '../../lambda/domain/event/event-status.ts';
import { sourceName } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { fold } from '../../lambda/domain/person/names.ts';
import { DAY, toInstant } from '../../lambda/domain/time/time.ts';
import { Usage } from '../terminal/exit-code.ts';
import { guid, oneOf } from '../terminal/option-values.ts';
import { moment, momentOf } from '../terminal/times.ts';

/** What narrows the choice of many events, as it was typed. */
export type Filter = z.infer<ReturnType<typeof filterOptions>>;

/** RFC 3339, both included. */
export interface Period {
  since: string;
  until: string;
}

export const sinceAndUntil = z.object({ since: moment.optional(), until: moment.optional() });

/** @param statuses that the command is about: only these, and the reasons of these, are allowed */
export const filterOptions = (statuses: readonly EventStatus[] = EVENT_STATUSES) =>
  z.object({
    status: oneOf(statuses).optional(),
    source: z.optional(sourceName),
    reason: reasonIn(statuses).optional(),
    ...sinceAndUntil.shape,
    employee: z.string().min(1, 'an e-mail address, SSO name or employee number').optional(),
    user: guid.optional(),
  });

/** @param statuses of the events that can have the reason */
export function reasonIn(statuses: readonly EventStatus[]) {
  const reasons = reasonsOf(statuses);
  const short = reasons.filter((reason) => !reason.startsWith(GAVE_UP));
  const shown = short.length === reasons.length ? short : [...short, `${GAVE_UP}<what the event waited for>`];
  return oneOf(reasons, shown.join(', '));
}

const GAVE_UP = 'gave-up-';

/** @param statuses that the command is about */
export function addFilterOptions(command: Command, statuses: readonly EventStatus[] = EVENT_STATUSES): Command {
  command
    .option('--status <status>', `only events of this status: ${statuses.join(', ')}`)
    .option('--source <source>', 'only events of this source')
    .option('--reason <reason>', 'only events with this reason: a guard, or another code (docs/events.md)')
    .option('--employee <who>', 'only events of the leaver with this e-mail address, SSO name or employee number')
    .option('--user <guid>', 'only events of the Workfront user with this GUID of 32 hex digits');
  return addPeriodOptions(command);
}

export function addPeriodOptions(command: Command): Command {
  return command
    .option(
      '--since <when>',
      'only events at or after: an instant such as 2026-11-30T17:00:00Z, a day such as 2026-11-30, yesterday or monday, or a time back such as 30m, 24h or 7d',
    )
    .option('--until <when>', 'only events at or before: an instant, the end of a day, or a time back, as with --since');
}

/**
 * Reads the period of a filter.
 *
 * @param now milliseconds since the epoch
 * @param longest how far back the period goes without `--since`, in milliseconds
 * @throws Usage if the period ends before it begins
 */
export function periodOf({ since, until }: Pick<Filter, 'since' | 'until'>, now: number, longest: number): Period {
  const period = {
    since: since === undefined ? toInstant(now - longest) : momentOf(since, now),
    // The clock of AWS may be ahead of ours.
    until: until === undefined ? toInstant(now + DAY) : momentOf(until, now, 'end'),
  };
  if (period.since <= period.until) return period;
  throw new Usage(
    since === undefined
      ? `--until is before ${period.since}, where the period begins without --since; add --since`
      : '--since must be before --until',
  );
}

/** Whether a filter chooses an event; the ledger itself compares the period. The leaver is compared here, in memory, and printed nowhere. */
export function isMeant(entry: LedgerEntry, { status, source, reason, employee, user }: Omit<Filter, 'since' | 'until'>): boolean {
  return (
    (status === undefined || entry.status === status) &&
    (source === undefined || entry.source === source) &&
    (reason === undefined || (entry.reason ?? entry.waiting?.code) === reason) &&
    (employee === undefined || isAbout(entry, employee)) &&
    (user === undefined || [entry.workfrontUserId, entry.chosenUserId, entry.intent?.userId].includes(user.toLowerCase()))
  );
}

function isAbout({ event: { employee } }: LedgerEntry, who: string): boolean {
  const names = [employee.email, employee.ssoUsername].flatMap((name) => (name === undefined ? [] : [fold(name)]));
  return names.includes(fold(who)) || employee.employeeNumber === who.trim();
}
