import * as z from 'zod/mini';
import { sourceEventId } from '../../domain/event/hr-event.ts';
import { parse } from '../../domain/parse.ts';
import { commonSettings, id, maybe, onDate, perhapsTerminated, terminated } from '../hr.ts';
import { identify, type Told } from '../identify.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...commonSettings,
  /** What to do about a changed employee whose status or last day is not sent: let HR be asked, or nothing. */
  unsaid: z._default(z.enum(['ask', 'ignore']), 'ask'),
});

type Settings = z.infer<typeof settings>;

const envelope = z.object({ hook: z.object({ event: z.string() }) });

/** Merge's common model "Employee"; a hook may be set up to send the id alone. */
const happened = z.object({
  data: z.object({
    id,
    employment_status: maybe,
    termination_date: maybe,
    work_email: maybe,
    employee_number: z.union([maybe, z.number()]),
    first_name: maybe,
    last_name: maybe,
    modified_at: maybe,
  }),
});

/**
 * Merge: docs/sources/merge.md. It sends every change of an employee: a termination is one that is INACTIVE and has a last day. One
 * who is ACTIVE and has a last day to come is none yet, since it could be taken back without a word.
 */
export const merge = defineSystem({
  scheme: { kind: 'hmac', header: 'X-Merge-Webhook-Signature', encoding: 'base64url' },
  settings,
  answers: PLAIN_200,
  understand(body, { settings, ...about }) {
    if (!/(^|\.)employee\.(changed|updated)$/i.test(parse(envelope, body, 'event').hook.event)) return { events: [], ignored: 1 };

    const { data } = parse(happened, body, 'event');
    const told = toldOf(data, settings);
    return { events: identify(told, about), ignored: 1 - told.length };
  },
});

function toldOf(data: z.infer<typeof happened>['data'], settings: Settings): Told[] {
  const { id: sourceId, employment_status: status, termination_date: date } = data;
  if (status?.toUpperCase() === 'INACTIVE' && date) {
    const { work_email: email, employee_number: employeeNumber, first_name: givenName, last_name: familyName } = data;
    const who = { sourceId, email, employeeNumber, givenName, familyName };
    // every later change of someone who has left says the same again
    return [
      terminated(who, {
        id: parse(sourceEventId, `${sourceId}.${date.slice(0, 10)}`, 'event: data.id'),
        settings,
        effective: onDate(date, settings),
      }),
    ];
  }
  const isUnsaid = !status || status.toUpperCase() === 'INACTIVE';
  return isUnsaid && settings.unsaid === 'ask' ? [perhapsTerminated({ sourceId }, { stamp: data.modified_at ?? undefined })] : [];
}
