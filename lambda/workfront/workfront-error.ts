import * as z from 'zod/mini';

/** An error of Workfront, as far as it may be shown. */
export interface WorkfrontError {
  class: string | undefined;
  message: string | undefined;
}

const errorBody = z.object({
  error: z.union([z.string(), z.looseObject({ class: z.optional(z.unknown()), message: z.optional(z.unknown()) })]),
});

/** Reads the error in a body, whatever its status. @returns undefined if the body has no error */
export function workfrontError(body: unknown): WorkfrontError | undefined {
  const parsed = z.safeParse(errorBody, body);
  if (!parsed.success) return undefined;
  const { error } = parsed.data;
  if (typeof error === 'string') return { class: undefined, message: harmless(error) };
  return {
    class: typeof error.class === 'string' && /^[\w.$]{1,200}$/.test(error.class) ? error.class : undefined,
    message: harmless(error.message),
  };
}

/** Workfront's texts may name people or repeat a search value. Only texts that are known to contain neither are shown. */
const HARMLESS = [
  /^APIModel V\d+_\d+ does not support (field|action) [\w:. -]{1,140} \(\w{1,40}\)$/,
  /^You are not currently logged in\.?$/,
  /^Invalid session ID\.?$/,
  /^(429 )?Too many concurrent API requests\.?$/,
];

function harmless(message: unknown): string | undefined {
  if (typeof message !== 'string' || !HARMLESS.some((known) => known.test(message))) return undefined;
  return `(${message.replace(/\.$/, '')})`;
}
