import * as z from 'zod/mini';
import { sourceEventId } from '../../domain/event/hr-event.ts';
import { parse } from '../../domain/parse.ts';
import { commonSettings, id, maybe, maybeNumber, onDate, possibleTermination, termination } from '../hr.ts';
import { identify, type UnidentifiedEvent } from '../identify.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...commonSettings,
  /** What to do about a changed employee whose status or last day is not sent: ask HR, or nothing. */
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

/**
 * Merge: docs/sources/merge.md. It sends every change of an employee. A termination is an employee who is INACTIVE and has a last day.
 * An employee who is ACTIVE and has a future last day is not terminated yet, because that may be cancelled without another event.
 */
export const merge = defineSystem({
  scheme: { kind: 'hmac', header: 'X-Merge-Webhook-Signature', encoding: 'base64url' },
  settings,
  sendsNumbers: () => true,
  answers: PLAIN_200,
  understand(body, { settings, ...origin }) {
    if (!/(^|\.)employee\.(changed|updated)$/i.test(parse(envelope, body, 'event').hook.event)) return { events: [], ignored: 1 };

    const { data } = parse(details, body, 'event');
    const events = eventOf(data, settings);
    return { events: identify(events, origin), ignored: 1 - events.length };
  },
});

function eventOf(data: z.infer<typeof details>['data'], settings: Settings): UnidentifiedEvent[] {
  const { id: sourceId, employment_status: status, termination_date: date } = data;
  if (status?.toUpperCase() === 'INACTIVE' && date) {
    const { work_email: email, employee_number: employeeNumber, first_name: givenName, last_name: familyName } = data;
    const who = { sourceId, email, employeeNumber, givenName, familyName };
    // Every later change of an employee who has left is the same event again.
    return [
      termination(who, {
        id: parse(sourceEventId, `${sourceId}.${date.slice(0, 10)}`, 'event: data.id'),
        settings,
        effective: onDate(date, settings),
      }),
    ];
  }
  const mayHaveLeft = !status || status.toUpperCase() === 'INACTIVE';
  return mayHaveLeft && settings.unsaid === 'ask' ? [possibleTermination({ sourceId }, { stamp: data.modified_at ?? undefined })] : [];
}
