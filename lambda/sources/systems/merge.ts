import * as z from 'zod/mini';
import { sourceEventId } from '../../domain/event/hr-event.ts';
import { parse } from '../../domain/parse.ts';
import { onDate } from '../dates.ts';
import { doubtSettings, id, maybe, maybeNumber, possibleTermination, termination } from '../hr.ts';
import { identify, type UnidentifiedEvent } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...doubtSettings,
  /** What to do about a changed employee if Merge does not say clearly that they left, or stay: ask HR, or nothing. */
  unsaid: z._default(z.enum(['ask', 'ignore']), 'ask'),
});

type Settings = z.infer<typeof settings>;

const envelope = z.object({ hook: z.object({ event: z.string() }) });

/** Merge's common model "Employee". A hook may be set up to send the id alone. */
const details = z.object({
  data: z.object({
    id,
    employment_status: maybe,
    termination_date: maybe,
    work_email: maybe,
    employee_number: maybeNumber,
    first_name: maybe,
    last_name: maybe,
    modified_at: maybe,
  }),
});

/** Of the model Employment, whose own id names no employee. */
const employment = z.object({ data: z.object({ employee: id, modified_at: maybe }) });

/**
 * Merge: docs/sources/merge.md. It sends every change of an employee. A termination is an employee who is INACTIVE and has a last day.
 * It sends nothing of its own if HR withdraws one. Systems behind it may have several records of one person.
 */
export const merge = defineSystem({
  scheme: { kind: 'hmac', header: 'X-Merge-Webhook-Signature', encoding: 'base64url' },
  settings,
  sendsNumbers: () => true,
  answers: PLAIN_200,
  understand(body, { settings, ...origin }) {
    const events = eventsOf(body, settings);
    return { events: identify(events, origin), ignored: events.length === 0 ? 1 : 0 };
  },
});

function eventsOf(body: unknown, settings: Settings): UnidentifiedEvent[] {
  const { event } = parse(envelope, body, 'event').hook;
  if (/(^|\.)employee\.(changed|updated)$/i.test(event)) return changeOf(parse(details, body, 'event').data, settings);
  if (settings.unsaid === 'ignore') return [];
  if (/(^|\.)employment\.(changed|updated|removed)$/i.test(event)) {
    const { employee: sourceId, modified_at: stamp } = parse(employment, body, 'event').data;
    return [possibleTermination({ sourceId }, { stamp: stamp ?? undefined })];
  }
  if (!/(^|\.)employee\.removed$/i.test(event) && !soundsLikeLeaving(event)) return [];
  const { id: sourceId, modified_at: stamp } = parse(details, body, 'event').data;
  return [possibleTermination({ sourceId }, { stamp: stamp ?? undefined })];
}

function changeOf(data: z.infer<typeof details>['data'], settings: Settings): UnidentifiedEvent[] {
  const { id: sourceId, employment_status: status, termination_date: date } = data;
  if (status?.toUpperCase() === 'INACTIVE' && date) {
    const { work_email: email, employee_number: employeeNumber, first_name: givenName, last_name: familyName } = data;
    const who = { sourceId, email, employeeNumber, givenName, familyName };
    // Every later change of an employee who has left is the same event again.
    const ownId = parse(sourceEventId, `${sourceId}.${date.slice(0, 10)}`, 'event: data.id');
    return [termination(who, { id: ownId, settings, effective: onDate(date, settings), doubt: 'one-employment' })];
  }
  const stamp = data.modified_at ?? undefined;
  if (settings.unsaid === 'ignore') return [];
  // Before the last day HR may still withdraw it; afterwards Merge says INACTIVE, unless the HR system has another word for it.
  const isToCome = date && stamp !== undefined && date >= stamp.slice(0, 10);
  if (isToCome) return [];
  if (date) return [possibleTermination({ sourceId }, { stamp: date, effective: onDate(date, settings) })];
  const isKnown = STAYS.some((word) => word === status?.toUpperCase());
  return isKnown ? [] : [possibleTermination({ sourceId }, { stamp })];
}

/** `employment_status`, Merge HRIS API reference: ACTIVE, PENDING, INACTIVE, and whatever the HR system says in its own words. */
const STAYS: readonly string[] = ['ACTIVE', 'PENDING'];
