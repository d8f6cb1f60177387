import type { Context } from 'hono';
import * as z from 'zod';
import { type EventRef, eventRef } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { expected } from '../../lambda/domain/parse.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { Usage } from '../terminal/exit-code.ts';

/** Reads a form or a query. What was left empty is not there. @throws Usage that names the field, and never repeats a value */
export function readFields<Schema extends z.core.$ZodType>(schema: Schema, fields: Record<string, unknown>): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
  const parsed = z.safeParse(schema, given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = String(issue?.path[0] ?? 'form');
  throw new Usage(`the field "${name}" has a wrong value; use ${issue === undefined ? 'another value' : expected(issue)}`);
}

/** The fields of a form that was sent: a name that occurs several times has a list. */
export const readForm = async <Schema extends z.core.$ZodType>(schema: Schema, { req }: Context): Promise<z.output<Schema>> =>
  readFields(schema, await req.parseBody({ all: true }));

const SEEN = /^(\d{1,9}) ([^ ]+) ([^ ]+)$/;

/** An event as a page showed it: with its version, so that nobody decides about what they did not see. */
const seenEvent = z
  .string()
  .regex(SEEN, 'an event of this console')
  .transform((text) => {
    const [, version, source, eventId] = SEEN.exec(text) ?? [];
    return { version: Number(version), source, eventId };
  })
  .pipe(z.object({ version: z.number(), ...eventRef.shape }));

/** One event, or several. */
export const seenEvents = z.preprocess(
  (value) => (Array.isArray(value) ? value : [value]),
  z.array(seenEvent).min(1, 'at least one event'),
);

type Seen = EventRef & { version: number };

/** The value of a form's field for an event as it is shown. */
export const seen = ({ version, source, eventId }: LedgerEntry): string => `${version} ${source} ${eventId}`;

/** The events, if none of them has changed since a page showed it. @throws PermanentFailure `no-event`, `event-changed` */
export async function unchanged({ ledger }: Pick<Deployment, 'ledger'>, events: readonly Seen[]): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (const { version, ...ref } of events) {
    const entry = await ledger.readEntry(ref);
    if (entry === undefined) throw new PermanentFailure('no-event', `there is no event ${ref.eventId} any more; look at the list again`);
    if (entry.version !== version)
      throw new PermanentFailure(
        'event-changed',
        `event ${ref.eventId} has changed since the page showed it, and is ${entry.status} now; nothing was done; look at it again`,
      );
    entries.push(entry);
  }
  return entries;
}
