import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { commonSettings, id, maybe, onDate, possibleTermination, termination } from '../hr.ts';
import { identify } from '../identify.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...commonSettings,
  /** The events that are terminations. Remove this one if a contract of yours may also end because the worker gets another one. */
  terminations: z._default(z.array(z.string()), ['contract.terminated']),
  /** Events that may be a termination: HR is asked. */
  ask: z._default(z.array(z.string()), []),
});

const envelope = z.object({ data: z.object({ meta: z.object({ event_type: z.string() }) }) });

const contract = z.object({ id, completion_date: maybe });

const details = z.object({
  data: z.object({ resource: z.union([contract, z.array(contract).check(z.minLength(1))]) }),
  timestamp: maybe,
});

/** Deel: docs/sources/deel.md. The resource is an object in Deel's reference, and a list in recorded deliveries. */
export const deel = defineSystem({
  // "Security", Deel developer documentation: the method in front of the body
  scheme: { kind: 'hmac', header: 'x-deel-signature', signed: '{method}{body}' },
  settings,
  answers: PLAIN_200,
  understand(body, { settings, ...origin }) {
    const { event_type: type } = parse(envelope, body, 'event').data.meta;
    const isTermination = settings.terminations.includes(type);
    if (!isTermination && !settings.ask.includes(type)) return { events: [], ignored: 1 };

    const { data, timestamp } = parse(details, body, 'event');
    const events = [data.resource].flat().map(({ id: sourceId, completion_date: date }, place) => {
      const rest = { occurredAt: timestamp ?? undefined, where: `resource ${place}`, place };
      return isTermination && date
        ? termination({ sourceId }, { ...rest, settings, effective: onDate(date, settings, rest.where) })
        : possibleTermination({ sourceId }, rest);
    });
    return { events: identify(events, origin), ignored: 0 };
  },
});
