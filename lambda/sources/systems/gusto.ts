import * as z from 'zod/mini';
import { sourceEventId } from '../../domain/event/hr-event.ts';
import { parse } from '../../domain/parse.ts';
import { toInstant } from '../../domain/time/time.ts';
import { commonSettings, id, NOW, perhapsTerminated, rescinded, terminated } from '../hr.ts';
import { identify, type Told } from '../identify.ts';
import { asJson } from '../json.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...commonSettings,
  /**
   * `employee.terminated` comes when a termination is typed in, with no date: the effective event follows. API versions of before
   * 2024 have no effective event: let HR be asked for the date there.
   */
  announced: z._default(z.enum(['ignore', 'ask']), 'ignore'),
});

const envelope = z.object({ event_type: z.string() });

const happened = z.object({
  event_type: z.string(),
  uuid: z.optional(sourceEventId),
  entity_uuid: z.optional(z.string()),
  entity_id: z.optional(id),
  timestamp: z.number().check(z.int(), z.gte(0), z.lte(9_999_999_999)),
});

/** "Employee Events" and the changelog of May 2025, Gusto documentation: the effective event has two names. */
const MEANS: Readonly<Record<string, 'announcement' | 'termination' | 'rescission'>> = {
  'employee.terminated': 'announcement',
  'employee.termination_effective': 'termination',
  'employee.terminated_effective': 'termination',
  'employee.termination_cancelled': 'rescission',
  'employee.rehired': 'rescission',
  'employee.rehire_effective': 'rescission',
};

/** Gusto: docs/sources/gusto.md. The effective event comes on the day after the last one, at midnight Pacific time. */
export const gusto = defineSystem({
  scheme: { kind: 'hmac', header: 'X-Gusto-Signature' },
  settings,
  answers: PLAIN_200,
  // the token is also the key of all later signatures, so nothing can sign this: a person takes it from the quarantine
  greet: ({ delivery: { body } }) =>
    z.safeParse(verification, asJson(body)).success ? { kind: 'challenge', answer: { status: 200 }, keep: true } : undefined,
  understand(body, { settings, ...about }) {
    const { event_type: type } = parse(envelope, body, 'event');
    const means = Object.hasOwn(MEANS, type) ? MEANS[type] : undefined;
    if (means === undefined || (means === 'announcement' && settings.announced === 'ignore')) return { events: [], ignored: 1 };

    const came = parse(happened, body, 'event');
    const who = { sourceId: parse(id, came.entity_uuid ?? came.entity_id, 'event: entity_uuid') };
    const rest = { id: came.uuid, stamp: type, occurredAt: toInstant(came.timestamp * 1000) };
    const told = (): Told => {
      if (means === 'announcement') return perhapsTerminated(who, rest);
      return means === 'termination' ? terminated(who, { ...rest, settings, effective: NOW }) : rescinded(who, { ...rest, settings });
    };
    return { events: identify([told()], about), ignored: 0 };
  },
});

/** What Gusto posts when a subscription is made: "Verify a webhook subscription", Gusto API reference. */
const verification = z.object({ verification_token: z.string().check(z.minLength(1)), event_type: z.optional(z.undefined()) });
