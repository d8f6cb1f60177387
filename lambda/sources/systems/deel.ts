import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { commonSettings, id, maybe, onDate, perhapsTerminated, terminated } from '../hr.ts';
import { identify } from '../identify.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...commonSettings,
  /** The events that are terminations. A contract may also end since the worker gets another one: leave it out if yours do. */
  terminations: z._default(z.array(z.string()), ['contract.terminated']),
  /** Events that may be one: HR is asked. */
  ask: z._default(z.array(z.string()), []),
});

const envelope = z.object({ data: z.object({ meta: z.object({ event_type: z.string() }) }) });

const contract = z.object({ id, completion_date: maybe });

const happened = z.object({
  data: z.object({ resource: z.union([contract, z.array(contract).check(z.minLength(1))]) }),
  timestamp: maybe,
});

/** Deel: docs/sources/deel.md. The resource is an object in its reference and a list in what was recorded. */
export const deel = defineSystem({
  // "Security", Deel developer documentation: the method in front of the body
  scheme: { kind: 'hmac', header: 'x-deel-signature', signed: '{method}{body}' },
  settings,
  answers: PLAIN_200,
  understand(body, { settings, ...about }) {
    const { event_type: type } = parse(envelope, body, 'event').data.meta;
    const isTermination = settings.terminations.includes(type);
    if (!isTermination && !settings.ask.includes(type)) return { events: [], ignored: 1 };

    const { data, timestamp } = parse(happened, body, 'event');
    const told = [data.resource].flat().map(({ id: sourceId, completion_date: date }, place) => {
      const rest = { occurredAt: timestamp ?? undefined, where: `resource ${place}`, place };
      return isTermination && date
        ? terminated({ sourceId }, { ...rest, settings, effective: onDate(date, settings, rest.where) })
        : perhapsTerminated({ sourceId }, rest);
    });
    return { events: identify(told, about), ignored: 0 };
  },
});
