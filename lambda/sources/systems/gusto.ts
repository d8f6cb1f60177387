import * as z from 'zod/mini';
import { sourceEventId } from '../../domain/event/hr-event.ts';
import { parse } from '../../domain/parse.ts';
import { DAY, SECOND, toInstant, toMillis } from '../../domain/time/time.ts';
import { NOW, onDate } from '../dates.ts';
import { doubtSettings, id, possibleTermination, rescission, signOfLife, termination } from '../hr.ts';
import { identify, type UnidentifiedEvent } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import { parseShortJson } from '../short-json.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...doubtSettings,
  /**
   * Gusto sends `employee.terminated` and `contractor.deactivated` when somebody enters it, without a date; the effective event follows, and
   * replaces what waits. `wait`: if it does not come within `announcedDays`, a person sees it. `ask`: at once, for API versions of before May
   * 2025, which have no effective event.
   */
  announced: z._default(z.enum(['wait', 'ask', 'ignore']), 'wait'),
  announcedDays: z._default(z.int().check(z.gte(1, 'at least 1 day'), z.lte(365, 'at most 365 days')), 60),
});

const envelope = z.object({ event_type: z.string() });

/** Whatever is more is in milliseconds: this is the year 2286. */
const MOST_SECONDS = 9_999_999_999;

const details = z.object({
  event_type: z.string(),
  uuid: z.optional(sourceEventId),
  entity_uuid: z.optional(z.string()),
  entity_id: z.optional(id),
  timestamp: z.int().check(z.gte(0), z.lte(MOST_SECONDS * SECOND)),
});

/** "Employee Events" and the changelog of May 2025, Gusto documentation: the effective event has two names. "Contractor Events". */
const MEANS: Readonly<Record<string, 'announcement' | 'termination' | 'rescission' | 'question' | 'sign'>> = {
  'employee.terminated': 'announcement',
  'employee.termination_effective': 'termination',
  'employee.terminated_effective': 'termination',
  'employee.termination_cancelled': 'rescission',
  'employee.rehired': 'rescission',
  'employee.rehire_effective': 'rescission',
  // Nobody says whether the person ever was back.
  'employee.rehire_cancelled': 'question',
  'contractor.deactivated': 'announcement',
  'contractor.deactivation_effective': 'termination',
  'contractor.deactivation_cancelled': 'rescission',
  'contractor.reactivated': 'sign',
  'contractor.reactivation_effective': 'rescission',
  'contractor.reactivation_cancelled': 'question',
};

/**
 * Gusto: docs/sources/gusto.md. It sends the effective event on the day after the last day, at midnight Pacific time. An employee who becomes
 * a contractor is dismissed and added again, and so the other way round ("Change employment type", Gusto help center).
 */
export const gusto = defineSystem({
  scheme: { kind: 'hmac', header: 'X-Gusto-Signature' },
  settings,
  answers: PLAIN_200,
  // The token is the key of all later signatures, so this request cannot be signed: a person takes the token from the quarantine.
  greet: ({ delivery: { body } }) =>
    z.safeParse(verification, parseShortJson(body)).success ? { kind: 'challenge', answer: { status: 200 }, keep: true } : undefined,
  understand(body, { settings, ...origin }) {
    const { event_type: type } = parse(envelope, body, 'event');
    const means = Object.hasOwn(MEANS, type) ? MEANS[type] : soundsLikeLeaving(type) ? 'question' : undefined;
    if (means === undefined || (means === 'announcement' && settings.announced === 'ignore')) return { events: [], ignored: 1 };

    const { uuid, entity_uuid, entity_id, timestamp } = parse(details, body, 'event');
    const who = { sourceId: parse(id, entity_uuid ?? entity_id, 'event: entity_uuid') };
    const at = toInstant(timestamp > MOST_SECONDS ? timestamp : timestamp * SECOND);
    const rest = { id: uuid, stamp: type, occurredAt: at };
    const event = (): UnidentifiedEvent => {
      if (means === 'announcement' && settings.announced === 'wait') {
        const until = toInstant(toMillis(at) + settings.announcedDays * DAY);
        // Of a date in the past Gusto announces in the second in which it takes effect: then the order of receipt decides.
        return possibleTermination(who, { ...rest, occurredAt: undefined, effective: onDate(until, settings) });
      }
      if (means === 'announcement' || means === 'question') return possibleTermination(who, rest);
      if (means === 'sign') return signOfLife(who, { ...rest, settings, sign: 'hired' });
      if (means === 'rescission') return rescission(who, { ...rest, settings });
      return termination(who, { ...rest, settings, effective: NOW, doubt: 'one-employment' });
    };
    return { events: identify([event()], origin), ignored: 0 };
  },
});

/** Gusto posts this when somebody creates a subscription: "Verify a webhook subscription", Gusto API reference. */
const verification = z.object({ verification_token: z.string().check(z.minLength(1)), event_type: z.optional(z.undefined()) });
