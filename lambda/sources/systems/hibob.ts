import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { NOW } from '../dates.ts';
import { commonSettings, type EmployeeFields, id, maybe, maybeNumber, possibleTermination, termination } from '../hr.ts';
import { identify } from '../identify.ts';
import { soundsLikeLeaving } from '../leaving-words.ts';
import type { Greeting } from '../source.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...commonSettings,
  /** HiBob sends `employee.left` when employment ends or garden leave begins, whichever is first, and does not say which. */
  left: z._default(z.enum(['termination', 'ignore']), 'termination'),
});

/** v2 has `data.employeeId`, v1 `employee`. */
const envelope = z.object({ type: z.string(), triggeredAt: maybeNumber, creationDate: maybeNumber });

const v2 = z.object({ data: z.object({ employeeId: id }) });

const v1 = z.object({ employee: z.object({ id, email: maybe, firstName: maybe, surname: maybe }) });

const TERMINATIONS: readonly string[] = ['employee.left', 'employee.access.revoked.immediately'];

/** HiBob also sends it for leave, and `employee.left` for those who leave. */
const FOR_LEAVE = 'employee.inactivated';

/**
 * HiBob: docs/sources/hibob.md. It sends both events when they are due: `employee.left` at midnight of the employee's site on the
 * effective date ("Employee terminated", HiBob API documentation).
 */
export const hibob = defineSystem({
  scheme: { kind: 'hmac', header: 'Bob-Signature', algorithm: 'sha512', encoding: 'base64' },
  settings,
  // its webhooks carry none, its API does
  sendsNumbers: (_, { isAsked }) => isAsked,
  answers: PLAIN_200,
  greet: ({ delivery }) => (isPing(delivery.body) ? PONG : undefined),
  understand(body, { settings, ...origin }) {
    const { type, triggeredAt, creationDate } = parse(envelope, body, 'event');
    const isTermination = TERMINATIONS.includes(type);
    const isIgnored = isTermination
      ? type === 'employee.left' && settings.left === 'ignore'
      : type === FOR_LEAVE || !soundsLikeLeaving(type);
    if (isIgnored) return { events: [], ignored: 1 };

    // The time has no zone, so it cannot order two events: the time of receipt does.
    const stamp = `${type} ${triggeredAt ?? creationDate ?? ''}`;
    if (!isTermination) return { events: identify([possibleTermination(employeeIn(body), { stamp })], origin), ignored: 0 };

    const left = termination(employeeIn(body), {
      effective: NOW,
      beforeLastDay: type === 'employee.access.revoked.immediately',
      settings,
      stamp,
    });
    return { events: identify([left], origin), ignored: 0 };
  },
});

function employeeIn(body: unknown): EmployeeFields {
  const asV1 = z.safeParse(v1, body);
  if (!asV1.success) return { sourceId: parse(v2, body, 'event').data.employeeId };

  const { id: sourceId, email, firstName: givenName, surname: familyName } = asV1.data.employee;
  return { sourceId, email, givenName, familyName };
}

const PONG: Greeting = { kind: 'ping', answer: { status: 200 } };

/** HiBob sends this when somebody sets up a webhook: the words alone, or in JSON. */
const isPing = (body: Uint8Array): boolean =>
  body.length < 100 && /^(?:"?Ping test"?|\{\s*"text"\s*:\s*"Ping test"\s*\})$/.test(Buffer.from(body).toString().trim());
