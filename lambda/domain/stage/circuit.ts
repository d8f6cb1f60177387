import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import { MINUTE, SECOND, toInstant, toMillis } from '../time/time.ts';

/** How Workfront has been doing, shared by all workers. While `open`, only one probe at a time goes through. */
export const circuitRecord = z.object({
  failures: z.number(),
  open: z.optional(z.object({ cause: z.enum(['credentials', 'trouble']), since: instant, probeAt: instant, saw: z.string() })),
});

export type CircuitRecord = z.infer<typeof circuitRecord>;

export const CLOSED_CIRCUIT: CircuitRecord = { failures: 0 };

const FAILURES_TO_OPEN = 5;
/** A refused credential is repaired by a person: a few probes an hour, yet work goes on within minutes of the repair. */
const CREDENTIAL_PROBE_EVERY = 5 * MINUTE;
const TROUBLE_PROBE_FIRST = 15 * SECOND;
const TROUBLE_PROBE_MOST = 5 * MINUTE;

/** May an event go to Workfront now? A `probe` may, once the record returned is written: nobody else will until it ends. */
export type Admission =
  | { kind: 'go' }
  | { kind: 'probe'; record: CircuitRecord }
  | { kind: 'wait'; untilMillis: number; cause: 'credentials' | 'trouble'; saw: string };

export function admit(record: CircuitRecord, now: number): Admission {
  if (record.open === undefined) return { kind: 'go' };

  const probeAt = toMillis(record.open.probeAt);
  if (now < probeAt) return { kind: 'wait', untilMillis: probeAt, cause: record.open.cause, saw: record.open.saw };
  return { kind: 'probe', record: { ...record, open: { ...record.open, probeAt: nextProbe(record.open.cause, record.failures, now) } } };
}

/** One more failure to talk to Workfront at all. */
export function afterFailure(
  record: CircuitRecord,
  { cause, saw }: { cause: 'credentials' | 'trouble'; saw: string },
  now: number,
): CircuitRecord {
  const failures = record.failures + 1;
  if (cause === 'trouble' && failures < FAILURES_TO_OPEN) return { ...record, failures };

  const since = record.open?.cause === cause ? record.open.since : toInstant(now);
  return { failures, open: { cause, since, probeAt: nextProbe(cause, failures, now), saw } };
}

function nextProbe(cause: 'credentials' | 'trouble', failures: number, now: number): string {
  if (cause === 'credentials') return toInstant(now + CREDENTIAL_PROBE_EVERY);
  const doublings = Math.min(Math.max(failures - FAILURES_TO_OPEN, 0), 10);
  return toInstant(now + Math.min(TROUBLE_PROBE_FIRST * 2 ** doublings, TROUBLE_PROBE_MOST));
}
