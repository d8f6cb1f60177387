import type * as z from 'zod';
import { Refusal } from './refusal.ts';

export type Parameter = readonly [name: string, value: string];

/** The parameters of a call, in order; a name may occur more than once. */
export type Parameters = readonly Parameter[];

/** The last value of a parameter. */
export function last(parameters: Parameters, name: string): string | undefined {
  return parameters.findLast(([one]) => one === name)?.[1];
}

const SETTINGS = new Set('fields filters method apiKey sessionID password map listOptions atomic action updates id jsonp'.split(' '));

/** Whether a parameter steers the call instead of naming a field. */
export function isSetting(name: string): boolean {
  return SETTINGS.has(name) || name.startsWith('$$') || name.endsWith('_Sort');
}

/**
 * Reads JSON that is part of a call.
 *
 * @param what names the place in the error message
 * @param status the HTTP status of the refusal
 * @throws Refusal if the text is not JSON of that shape
 */
export function readJson<Schema extends z.ZodType>(
  text: string,
  { schema, what, status }: { schema: Schema; what: string; status: number },
): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new Refusal(status, 'argument', `Invalid JSON in ${what}`);
  }
}
