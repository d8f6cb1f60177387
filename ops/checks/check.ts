import { sentenceOf } from '../terminal/trouble.ts';

/** What one look came to. `unknown` where only a change could tell, or where we may not look: no reason to call it broken. */
export type Health = { health: 'green'; saw: string } | { health: 'red'; saw: string; cure: string } | { health: 'unknown'; saw: string };

export type Check = Health & { check: string };

export const green = (saw: string): Health => ({ health: 'green', saw });
/** @param cure what to do: a command, or where to look */
export const red = (saw: string, cure: string): Health => ({ health: 'red', saw, cure });
export const unknown = (saw: string): Health => ({ health: 'unknown', saw });

/** Looks; what cannot be looked at is red, or unknown where only our own right to look is missing. */
export async function checked(check: string, look: () => Health | Promise<Health>): Promise<Check> {
  try {
    return { check, ...(await look()) };
  } catch (error) {
    const saw = sentenceOf(error);
    return { check, ...(isOurRight(error) ? unknown(saw) : red(saw, 'mend what it says, then look again')) };
  }
}

/** Whether AWS let us not look: what is looked at may be well. */
export function isOurRight(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const names = [error.name, 'code' in error ? String(error.code) : ''];
  return names.some((name) => /AccessDenied|NotAuthorized/.test(name)) || isOurRight(error.cause);
}
