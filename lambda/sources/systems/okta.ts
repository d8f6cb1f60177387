import * as z from 'zod/mini';
import { sourceEventId } from '../../domain/event/hr-event.ts';
import { parse } from '../../domain/parse.ts';
import { commonSettings, maybe, NOW, signOfLife, termination } from '../hr.ts';
import { identify, type UnidentifiedEvent } from '../identify.ts';
import { defineSystem } from '../system.ts';

const settings = z.strictObject({
  ...commonSettings,
  /** A suspended user keeps everything, and is often on leave. */
  suspended: z._default(z.enum(['termination', 'ignore']), 'ignore'),
});

const target = z.object({ id: z.string(), type: z.string(), alternateId: maybe, displayName: maybe });

const details = z.object({
  uuid: sourceEventId,
  published: z.string(),
  eventType: z.string(),
  target: z.nullish(z.array(target)),
  outcome: z.nullish(z.object({ result: maybe })),
});

/** The part that every item must have, ours or not. */
const delivery = z.object({ data: z.object({ events: z.array(z.looseObject({ eventType: z.string() })) }) });

const MEANS: Readonly<Record<string, 'termination' | 'activation' | 'suspension'>> = {
  'user.lifecycle.deactivate': 'termination',
  'user.lifecycle.suspend': 'suspension',
  // From STAGED or DEPROVISIONED: a new account, or somebody who is back. `user.lifecycle.reactivate` only sends the activation mail again
  // ("Reactivate a user", Okta API reference), and means nothing.
  'user.lifecycle.activate': 'activation',
};

/**
 * Okta event hooks: docs/sources/okta.md. Okta asks once by GET whether the URL is ours. It sends lists in any order, and never again
 * after a 4xx ("Event hooks", Okta developer documentation).
 */
export const okta = defineSystem({
  scheme: { kind: 'bearer', prefix: '' },
  settings,
  answers: { success: { status: 200 }, unreadable: 'as-success', refusalIsFinal: true },
  greet({ method, delivery: { headers } }) {
    const verification = headers.get('x-okta-verification-challenge');
    if (method !== 'GET' || verification === undefined) return undefined;
    return { kind: 'challenge', answer: { status: 200, contentType: 'application/json', body: JSON.stringify({ verification }) } };
  },
  understand(body, { settings, ...origin }) {
    const items = parse(delivery, body, 'delivery').data.events;
    const events: UnidentifiedEvent[] = [];

    for (const [index, one] of items.entries()) {
      const means = Object.hasOwn(MEANS, one.eventType) ? MEANS[one.eventType] : undefined;
      if (means === undefined || (means === 'suspension' && settings.suspended === 'ignore')) continue;
      const where = `event ${index}`;
      const { uuid, published, target: targets, outcome } = parse(details, one, where);
      if (outcome?.result !== undefined && outcome.result !== null && outcome.result !== 'SUCCESS') continue;

      const users = (targets ?? []).filter(({ type }) => type === 'User');
      for (const user of users) {
        // Okta writes "unknown" for a login that it does not know.
        const login = user.alternateId === 'unknown' ? undefined : user.alternateId;
        const who = { sourceId: user.id, email: login, ssoUsername: login, displayName: user.displayName };
        const rest = { id: users.length === 1 ? uuid : `${uuid}.${user.id}`, occurredAt: published, where, settings };
        events.push(
          means === 'activation' ? signOfLife(who, { ...rest, sign: 'activated' }) : termination(who, { ...rest, effective: NOW }),
        );
      }
    }
    return { events: identify(events, origin), ignored: items.length - new Set(events.map(({ where }) => where)).size };
  },
});
