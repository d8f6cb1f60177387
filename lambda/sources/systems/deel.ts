import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { onDate, timeIn } from '../dates.ts';
import { doubtSettings, id, maybe, maybeNumber, possibleTermination, signOfLife, termination } from '../hr.ts';
import type { UnidentifiedEvent } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import { readItems } from '../read-items.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...doubtSettings,
  /** The events that are terminations. */
  terminations: z._default(z.array(z.string()), ['contract.terminated']),
  /** Events that may be a termination: HR is asked. */
  ask: z._default(z.array(z.string()), []),
});

type Settings = z.infer<typeof settings>;

const envelope = z.object({ data: z.object({ meta: z.object({ event_type: z.string() }) }) });

const contract = z.object({ id, completion_date: maybe });

const newContract = z.object({ id, worker: z.nullish(z.object({ email: maybe })) });

const details = z.object({
  data: z.object({ resource: z.union([z.looseObject({}), z.array(z.unknown()).check(z.minLength(1))]) }),
  timestamp: maybeNumber,
});

/**
 * Deel: docs/sources/deel.md. The resource is an object in Deel's reference, and a list in recorded deliveries. A contract also ends if
 * its worker gets another one, which then begins the day after (Deel help, "Changing worker type").
 */
export const deel = defineSystem({
  // "Security", Deel developer documentation: the method in front of the body
  scheme: { kind: 'hmac', header: 'x-deel-signature', signed: '{method}{body}' },
  settings,
  answers: PLAIN_200,
  understand(body, { settings, ...origin }) {
    const { event_type: type } = parse(envelope, body, 'event').data.meta;
    const read = readerOf(type, settings);
    if (read === undefined) return { events: [], ignored: 1 };

    const { data, timestamp } = parse(details, body, 'event');
    const resources = [data.resource].flat();
    return readItems(resources, (one, place) => read(one, { occurredAt: timeIn(timestamp), where: `resource ${place}`, place }), origin);
  },
});

interface About {
  occurredAt: string | undefined;
  where: string;
  place: number;
}

/** How the resources of an event are read; undefined if the event does not concern us. */
function readerOf(type: string, settings: Settings): ((one: unknown, about: About) => UnidentifiedEvent[]) | undefined {
  if (type === 'contract.created') return (one, about) => hired(one, about, settings);
  const isTermination = settings.terminations.includes(type);
  if (!isTermination && !settings.ask.includes(type) && !soundsLikeLeaving(type)) return undefined;
  return (one, about) => {
    const { id: sourceId, completion_date: date } = parse(contract, one, about.where);
    if (!isTermination || !date) return [possibleTermination({ sourceId }, about)];
    const effective = onDate(date, settings, about.where);
    return [termination({ sourceId }, { ...about, settings, effective, doubt: 'one-employment' })];
  };
}

/** A new contract shows that its worker goes on to work. Without an address nobody knows who that is. */
function hired(one: unknown, about: About, settings: Settings): UnidentifiedEvent[] {
  const { id: sourceId, worker } = parse(newContract, one, about.where);
  return worker?.email ? [signOfLife({ sourceId, email: worker.email }, { ...about, settings, sign: 'hired' })] : [];
}
