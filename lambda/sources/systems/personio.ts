import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { commonSettings, id, onDayOf, terminated } from '../hr.ts';
import { identify } from '../identify.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const envelope = z.object({ event_name: z.string() });

/** The names inside `payload` are not documented: one of these must be there. */
const happened = z.object({
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
 * Personio: docs/sources/personio.md. `employment.terminated` comes on the last day ("Effective Date Notification Webhooks",
 * Personio changelog), so the day is what counts, not the moment. It waits 3 seconds and never sends again after a 4xx.
 */
export const personio = defineSystem({
  scheme: { kind: 'hmac', header: 'X-Personio-Signature' },
  settings: z.strictObject(commonSettings),
  answers: { ...PLAIN_200, refusalIsFinal: true },
  understand(body, { settings, ...about }) {
    if (parse(envelope, body, 'event').event_name !== 'employment.terminated') return { events: [], ignored: 1 };

    const { occurred_at: occurredAt, payload } = parse(happened, body, 'event');
    const told = terminated({ sourceId: personOf(payload) }, { settings, occurredAt, effective: onDayOf(occurredAt, settings) });
    return { events: identify([told], about), ignored: 0 };
  },
});

function personOf(payload: z.infer<typeof happened>['payload']): string | number {
  if ('person_id' in payload) return payload.person_id;
  if ('person' in payload) return payload.person.id;
  return 'employee_id' in payload ? payload.employee_id : payload.employee.id;
}
