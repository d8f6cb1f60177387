import * as z from 'zod/mini';
import { sourceEventId } from '../../domain/event/hr-event.ts';
import { InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { NOW } from '../dates.ts';
import { commonSettings, maybe, possibleTermination, signOfLife, termination } from '../hr.ts';
import type { UnidentifiedEvent } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import { readItems } from '../read-items.ts';
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

const delivery = z.object({ data: z.object({ events: z.array(z.unknown()) }) });

/** The part that every item must have, ours or not. */
const envelope = z.object({ eventType: z.string() });

type Settings = z.infer<typeof settings>;

const MEANS: Readonly<Record<string, 'termination' | 'activation' | 'suspension' | 'question'>> = {
  'user.lifecycle.deactivate': 'termination',
  'user.lifecycle.suspend': 'suspension',
  // From STAGED or DEPROVISIONED: a new account, or somebody who is back. `user.lifecycle.reactivate` only sends the activation mail again
  // ("Reactivate a user", Okta API reference), and means nothing.
  'user.lifecycle.activate': 'activation',
};

/** "System Log API", Okta documentation. Whatever is neither is a question. */
const DONE = 'SUCCESS';
const NOT_DONE: readonly string[] = ['FAILURE', 'SKIPPED', 'DENY', 'ABANDONED'];

/** Other events end factors, sessions and applications. */
const ABOUT_USERS = 'user.lifecycle.';

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
    return readItems(items, (one, index) => eventsOf(one, { settings, where: `event ${index}` }), origin);
  },
});

function eventsOf(one: unknown, { settings, where }: { settings: Settings; where: string }): UnidentifiedEvent[] {
  const { eventType } = parse(envelope, one, where);
  const isNew = eventType.startsWith(ABOUT_USERS) && soundsLikeLeaving(eventType);
  const means = Object.hasOwn(MEANS, eventType) ? MEANS[eventType] : isNew ? 'question' : undefined;
  if (means === undefined || (means === 'suspension' && settings.suspended === 'ignore')) return [];
  const { uuid, published, target: targets, outcome } = parse(details, one, where);
  if (NOT_DONE.some((result) => result === outcome?.result)) return [];

  const users = targets?.filter(({ type }) => type === 'User') ?? [];
  if (users.length === 0 && means !== 'activation')
    throw new InvalidInput(`${where}: expected a target of type User, got none; look up the person in Okta's system log`);
  return users.map((user) => {
    // Okta writes "unknown" for a login that it does not know.
    const login = user.alternateId === 'unknown' ? undefined : user.alternateId;
    const who = { sourceId: user.id, email: login, ssoUsername: login, displayName: user.displayName };
    const about = { id: users.length === 1 ? uuid : `${uuid}.${user.id}`, occurredAt: published, where };
    const rest = { ...about, settings };
    const isDone = (outcome?.result ?? DONE) === DONE;
    if (means === 'question' || (!isDone && means !== 'activation')) return possibleTermination(who, about);
    return means === 'activation' ? signOfLife(who, { ...rest, sign: 'activated' }) : termination(who, { ...rest, effective: NOW });
  });
}
