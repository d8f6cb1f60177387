import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { onDayOf } from '../dates.ts';
import { doubtSettings, id, possibleTermination, termination } from '../hr.ts';
import { identify } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const envelope = z.object({ event_name: z.string() });

/** The names inside `payload` are not documented. One of these must be there. */
const details = z.object({
  event_name: z.string(),
  occurred_at: z.string(),
  payload: z.union(
    [
      z.object({ person_id: id }),
      z.object({ person: z.object({ id }) }),
      z.object({ employee_id: id }),
      z.object({ employee: z.object({ id }) }),
    ],
    'the id of a person: person_id, person.id, employee_id or employee.id',
  ),
});

/**
 * Personio: docs/sources/personio.md. It sends `employment.terminated` on the last day ("Effective Date Notification Webhooks",
 * Personio changelog), so the day counts, not the moment. One profile is one employment: whoever moves to another company of the group gets
 * another ("Manage employment changes", Personio help center). It waits 3 seconds for an answer and never sends again after a 4xx.
 */
export const personio = defineSystem({
  scheme: { kind: 'hmac', header: 'X-Personio-Signature' },
  settings: z.strictObject(doubtSettings),
  answers: { ...PLAIN_200, refusalIsFinal: true },
  understand(body, { settings, ...origin }) {
    const { event_name: name } = parse(envelope, body, 'event');
    const isTermination = name === 'employment.terminated';
    if (!isTermination && !soundsLikeLeaving(name)) return { events: [], ignored: 1 };

    const { occurred_at: occurredAt, payload } = parse(details, body, 'event');
    const who = { sourceId: personOf(payload) };
    if (!isTermination) return { events: identify([possibleTermination(who, { occurredAt })], origin), ignored: 0 };
    const left = termination(who, { settings, occurredAt, effective: onDayOf(occurredAt, settings), doubt: 'one-employment' });
    return { events: identify([left], origin), ignored: 0 };
  },
});

function personOf(payload: z.infer<typeof details>['payload']): string | number {
  if ('person_id' in payload) return payload.person_id;
  if ('person' in payload) return payload.person.id;
  return 'employee_id' in payload ? payload.employee_id : payload.employee.id;
}
