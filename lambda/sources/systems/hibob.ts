import * as z from 'zod/mini';
import { parse } from '../../domain/parse.ts';
import { commonSettings, id, maybe, NOW, terminated } from '../hr.ts';
import { identify } from '../identify.ts';
import type { Greeting } from '../source.ts';
import { defineSystem, PLAIN_200 } from '../system.ts';

const settings = z.strictObject({
  ...commonSettings,
  /** HiBob sends `employee.left` when employment ends or garden leave begins, whichever is first, and does not say which. */
  left: z._default(z.enum(['termination', 'ignore']), 'termination'),
});

/** v2 has `data.employeeId`, v1 `employee`. */
const envelope = z.object({ type: z.string(), triggeredAt: maybe, creationDate: maybe });

const v2 = z.object({ data: z.object({ employeeId: id }) });

const v1 = z.object({ employee: z.object({ id, email: maybe, firstName: maybe, surname: maybe }) });

/** `employee.inactivated` is not among them: it comes for leave, too. */
const TERMINATIONS: readonly string[] = ['employee.left', 'employee.access.revoked.immediately'];

/**
 * HiBob: docs/sources/hibob.md. Both events come when they are due: `employee.left` at midnight of the employee's site on the
 * effective date ("Employee terminated", HiBob API documentation).
 */
export const hibob = defineSystem({
  scheme: { kind: 'hmac', header: 'Bob-Signature', algorithm: 'sha512', encoding: 'base64' },
  settings,
  answers: PLAIN_200,
  greet: ({ delivery }) => (isPing(delivery.body) ? PONG : undefined),
  understand(body, { settings, ...about }) {
    const { type, triggeredAt, creationDate } = parse(envelope, body, 'event');
    if (!TERMINATIONS.includes(type) || (type === 'employee.left' && settings.left === 'ignore')) return { events: [], ignored: 1 };

    const told = terminated(whoLeft(body), {
      effective: NOW,
      beforeLastDay: type === 'employee.access.revoked.immediately',
      settings,
      // without a zone: which of two events was first is told by when we got them
      stamp: `${type} ${triggeredAt ?? creationDate ?? ''}`,
    });
    return { events: identify([told], about), ignored: 0 };
  },
});

function whoLeft(body: unknown) {
  const old = z.safeParse(v1, body);
  if (!old.success) return { sourceId: parse(v2, body, 'event').data.employeeId };

  const { id: sourceId, email, firstName: givenName, surname: familyName } = old.data.employee;
  return { sourceId, email, givenName, familyName };
}

const PONG: Greeting = { kind: 'ping', answer: { status: 200 } };

/** What HiBob sends when a webhook is set up: the words alone, or as JSON. */
const isPing = (body: Uint8Array): boolean =>
  body.length < 100 && /^(?:"?Ping test"?|\{\s*"text"\s*:\s*"Ping test"\s*\})$/.test(Buffer.from(body).toString().trim());
