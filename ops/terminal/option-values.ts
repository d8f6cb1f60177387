import * as z from 'zod';

// Each message is a noun: an error says "use <message>".

/** @param shown how the list reads in an error, if it is too long to be printed */
export const oneOf = <const Value extends string>(values: readonly Value[], shown = values.join(', ')) => z.enum(values, `one of ${shown}`);

const wholeNumber = ({ from, to = 1_000_000 }: { from: number; to?: number }) =>
  numberOf(/^\d{1,9}$/, { from, to, what: `a whole number from ${from} to ${to}` });

const seconds = ({ from, to }: { from: number; to: number }) =>
  numberOf(/^\d{1,9}(\.\d{1,3})?$/, { from, to, what: `a number of seconds from ${from} to ${to}` });

/** How many events at most. */
export const limit = wholeNumber({ from: 1 }).optional();

/** A port of this machine; 0: any free one. */
export const port = wholeNumber({ from: 0, to: 65_535 });

/** How many seconds a command waits for the worker; 0: it does not wait. */
export const wait = seconds({ from: 0, to: 3600 });

/** How long the commands wait for the worker unless `--wait` says otherwise, in seconds. */
export const DEFAULT_WAIT = '60';

/** How many seconds there are between two looks. */
export const every = seconds({ from: 0.2, to: 60 });

const REASON = 'a text of 1 to 500 characters on one line';

/** Why an operator does something. */
export const reason = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}]{1,500}$/u, REASON)
  .refine((text) => !PLACEHOLDER.test(text), 'your own words: why you do this, for everybody who asks later');

/** What a printed command has where a reason belongs, and what people type to have it accepted. */
const PLACEHOLDER = /^([.\u2026?-]+|<?(why|reason|text|your reason|the reason)>?|todo|tbd|asdf|xxx+)$/i;

export const guid = z.string().regex(/^[0-9a-f]{32}$/i, 'a Workfront GUID of 32 hex digits');

/** A message id as SQS generates it. */
export const messageId = z.string().regex(/^[\w-]{1,100}$/, 'a message id, as the list command prints it');

export const json = z.boolean().optional();

function numberOf(pattern: RegExp, { from, to, what }: { from: number; to: number; what: string }) {
  return z
    .string()
    .regex(pattern, what)
    .transform(Number)
    .refine((number) => number >= from && number <= to, what);
}
