import * as z from 'zod/mini';
import { InvalidInput } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import { commonSettings, id, maybe, maybeNumber, possibleTermination } from '../hr.ts';
import type { UnidentifiedEvent } from '../identify.ts';
import { readItems } from '../read-items.ts';
import type { Greeted, Greeting } from '../source.ts';
import { defineSystem } from '../system.ts';

const collection = z.object({ value: z.array(z.unknown()) });

/** "changeNotification resource type", Microsoft Graph REST API v1.0. */
const envelope = z.object({ lifecycleEvent: maybe, changeType: maybe, resource: maybe });

/** `sequenceNumber` and `eventTime` are not documented, and in recorded notifications of directory objects. */
const details = z.object({
  id: maybe,
  resourceData: z.object({ id, sequenceNumber: maybeNumber, eventTime: maybe }),
});

/** Of a user, not of what belongs to one. */
const A_USER = /^\/?users(\/[^/]+|\('[^']+'\))$/i;

/**
 * Microsoft Entra ID, by the change notifications of Microsoft Graph: docs/sources/entra.md. A notification says that something about a user
 * changed, and no more: HR is asked. Graph has no signature: `clientState` is a secret in every notification. It sends again for four hours
 * after an answer that is not 2xx ("Receive change notifications through webhooks", Microsoft Graph documentation).
 */
export const entra = defineSystem({
  scheme: { kind: 'in-body', items: 'value', field: 'clientState' },
  settings: z.strictObject(commonSettings),
  // Its notifications carry none, the directory does.
  sendsNumbers: (_, { isAsked }) => isAsked,
  answers: { success: { status: 202 }, unreadable: 'as-success', refusalIsFinal: false },
  greet: challengeIn,
  understand(body, { settings: _, ...origin }) {
    const { value } = parse(collection, body, 'delivery');
    return readItems(value, (one, index) => eventsOf(one, `notification ${index}`), origin);
  },
});

function eventsOf(one: unknown, where: string): UnidentifiedEvent[] {
  const { lifecycleEvent, changeType, resource } = parse(envelope, one, where);
  if (lifecycleEvent)
    throw new InvalidInput(
      `${where}: expected a change of a user, got word of the subscription itself; renew it, and look for leavers that nobody told of`,
    );
  if (changeType === 'created' || !resource?.match(A_USER)) return [];

  const { id: own, resourceData } = parse(details, one, where);
  // The same id again is the same notification. It does not name the event: without a stamp two changes of one user would be one.
  const stamp = String(own ?? resourceData.sequenceNumber ?? resourceData.eventTime ?? '');
  return [possibleTermination({ sourceId: resourceData.id }, { stamp, where })];
}

/** Microsoft's tokens have some hundred characters. */
const MOST_TOKEN = 2000;

/**
 * Graph posts this when somebody makes a subscription, and wants the decoded token as text within ten seconds ("notificationUrl validation").
 * It never has HTML in it, so none is given back.
 */
function challengeIn({ method, query, delivery: { body } }: Greeted): Greeting | undefined {
  const token = query.get('validationToken') ?? '';
  // A notification has a body. It must not vanish because somebody subscribed with such a parameter in the URL.
  const isToken = token !== '' && token.length <= MOST_TOKEN && !/[\p{Cc}<>&"']/u.test(token);
  if (method !== 'POST' || body.length > 0 || !isToken) return undefined;
  return { kind: 'challenge', answer: { status: 200, contentType: 'text/plain', body: token } };
}
