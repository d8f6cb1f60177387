import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import { Blocked } from '../failures.ts';
import type { Desk } from '../ports.ts';
import { changeRecord } from '../stage/shared-record.ts';
import { MINUTE, SECOND, toInstant, toMillis } from '../time/time.ts';

/** When the last minute's calls began, of all workers together. */
const callsRecord = z.object({ reads: z.array(instant), actions: z.array(instant) });

/**
 * Calls a minute of one client: "Throttling Limits" of "Get User Information" and of "User Management Action Requests", User Management API.
 */
const A_MINUTE = { reads: 25, actions: 10 };

const CALLS_KEY = 'stage/console-calls';

/**
 * Takes the calls of one turn out of the limits that Adobe sets for a client, so that Adobe never has to refuse one.
 *
 * @throws Blocked `console-calls-used` until enough of the calls are a minute old
 */
export async function claimCalls(
  wanted: { reads: number; actions: number },
  { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>,
): Promise<void> {
  const now = clock();
  let freeAt = now;
  await changeRecord(ledger, { key: CALLS_KEY, schema: callsRecord }, (record) => {
    const recent = (times: readonly string[] = []) => times.filter((at) => toMillis(at) > now - MINUTE).sort();
    const [reads, actions] = [recent(record?.reads), recent(record?.actions)];
    freeAt = Math.max(freeFor(wanted.reads, reads, A_MINUTE.reads), freeFor(wanted.actions, actions, A_MINUTE.actions), now);
    if (freeAt > now) return undefined;
    const begun = (count: number) => Array.from({ length: count }, () => toInstant(now));
    return { reads: [...reads, ...begun(wanted.reads)], actions: [...actions, ...begun(wanted.actions)] };
  });
  if (freeAt === now) return;
  throw new Blocked('console-calls-used', 'the calls that Adobe allows in a minute are used; others go first', {
    retryAfterSeconds: Math.ceil((freeAt - now) / SECOND),
  });
}

/** When so many calls are allowed, in milliseconds since the epoch; 0: now. @param times of the calls within the last minute, in order */
function freeFor(wanted: number, times: readonly string[], limit: number): number {
  const last = times[times.length + wanted - limit - 1];
  return last === undefined ? 0 : toMillis(last) + MINUTE;
}
