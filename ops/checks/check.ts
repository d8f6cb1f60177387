import { sentenceOf } from '../terminal/trouble.ts';

/** The result of one check. `amber`: nothing is wrong, and somebody should look when there is time. `unknown` if only a change could show it, or if the operator may not look: that does not mean broken. */
export type Health =
  | { health: 'green'; saw: string }
  | { health: 'red' | 'amber'; saw: string; cure: string }
  | { health: 'unknown'; saw: string };

export type Check = Health & { check: string };

export const green = (saw: string): Health => ({ health: 'green', saw });
/** @param fix what to do: a command, or where to look */
export const red = (saw: string, { fix }: { fix: string }): Health => ({ health: 'red', saw, cure: fix });
/** @param fix as for {@link red} */
export const amber = (saw: string, { fix }: { fix: string }): Health => ({ health: 'amber', saw, cure: fix });
export const unknown = (saw: string): Health => ({ health: 'unknown', saw });

/** Checks one thing. If the check itself fails, it is red, or unknown if only the operator's own right to look is missing. */
export async function checked(check: string, look: () => Health | Promise<Health>): Promise<Check> {
  try {
    return { check, ...(await look()) };
  } catch (error) {
    const saw = sentenceOf(error);
    return { check, ...(isOurRight(error) ? unknown(saw) : red(saw, { fix: 'fix what the message says, then run doctor again' })) };
  }
}

/** Whether AWS refused the operator: the thing itself may be well. */
export function isOurRight(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const names = [error.name, 'code' in error ? String(error.code) : ''];
  return names.some((name) => /AccessDenied|NotAuthorized/.test(name)) || isOurRight(error.cause);
}
