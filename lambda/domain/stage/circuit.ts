import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import { LONGEST_WAIT } from '../time/back-off.ts';
import { SECOND, toInstant, toMillis } from '../time/time.ts';
import { refusal } from './refusals.ts';

/** `stage`: Workfront refuses everybody alike. */
const cause = z.enum(['credentials', 'trouble', 'stage']);

/** How Workfront has been doing, shared by all workers. While `open`, only one probe at a time goes through. */
export const circuitRecord = z.object({
  failures: z.number(),
  open: z.optional(
    z.object({
      cause,
      since: instant,
      probeAt: instant,
      saw: z.string(),
      /** Which good answer ends it: any, or only one to a write. */
      endedBy: z.optional(z.literal('write')),
    }),
  ),
  /** Users that Workfront refused within the last hour. */
  refusals: z.optional(z.array(refusal)),
});

export type CircuitRecord = z.infer<typeof circuitRecord>;
export type TroubleCause = z.infer<typeof cause>;

export const CLOSED_CIRCUIT: CircuitRecord = { failures: 0 };

const FAILURES_TO_OPEN = 5;
const TROUBLE_PROBE_FIRST = 15 * SECOND;

/** May an event go to Workfront now? A `probe` may, once the record returned is written: nobody else will until it ends. */
export type Admission =
  | { kind: 'go' }
  | { kind: 'probe'; record: CircuitRecord }
  | { kind: 'wait'; untilMillis: number; cause: TroubleCause; saw: string };

export function admit(record: CircuitRecord, now: number): Admission {
  if (record.open === undefined) return { kind: 'go' };

  const probeAt = toMillis(record.open.probeAt);
  if (now < probeAt) return { kind: 'wait', untilMillis: probeAt, cause: record.open.cause, saw: record.open.saw };
  return { kind: 'probe', record: { ...record, open: { ...record.open, probeAt: nextProbe(record.open.cause, record.failures, now) } } };
}

/** One more failure to talk to Workfront at all. */
export function afterFailure(record: CircuitRecord, { cause, saw }: { cause: TroubleCause; saw: string }, now: number): CircuitRecord {
  const failures = record.failures + 1;
  if (cause === 'trouble' && failures < FAILURES_TO_OPEN) return { ...record, failures };

  const since = record.open?.cause === cause ? record.open.since : toInstant(now);
  return { ...record, failures, open: { cause, since, probeAt: nextProbe(cause, failures, now), saw } };
}

/** Workfront refuses the write of every user alike: only a write that takes effect ends that. */
export function afterRefusals(record: CircuitRecord, saw: string, now: number): CircuitRecord {
  const { open } = record;
  const since = open?.endedBy === 'write' && open.saw === saw ? open.since : toInstant(now);
  return { ...record, open: { cause: 'stage', since, probeAt: nextProbe('stage', 0, now), saw, endedBy: 'write' } };
}

/**
 * Workfront answered a search: the credential is good, and not everybody is refused. Other trouble may be with writes alone.
 *
 * @returns undefined if that is no news
 */
export function afterSearch(record: CircuitRecord): CircuitRecord | undefined {
  const { open } = record;
  return open === undefined || open.cause === 'trouble' ? undefined : afterAnswer(record);
}

/** Workfront answered all that it was asked. @returns undefined if that is no news */
export function afterAnswer({ failures, open, ...other }: CircuitRecord): CircuitRecord | undefined {
  const stays = open?.endedBy === 'write';
  if (failures === 0 && (open === undefined || stays)) return undefined;
  return { failures: 0, ...(stays && { open }), ...other };
}

/** Workfront carried out a write: whoever was refused before was refused alone. @returns undefined if that is no news */
export function afterWrite({ failures, open, refusals }: CircuitRecord): CircuitRecord | undefined {
  if (failures === 0 && open === undefined && !refusals?.some(({ alone }) => !alone)) return undefined;
  return { failures: 0, ...(refusals && { refusals: refusals.map((one) => ({ ...one, alone: true as const })) }) };
}

/** The probe came to no write, and so proves nothing: the next one may go at once. @returns undefined if that is no news */
export function afterIdleProbe(record: CircuitRecord, now: number): CircuitRecord | undefined {
  const { open } = record;
  if (open?.endedBy !== 'write' || toMillis(open.probeAt) <= now) return undefined;
  return { ...record, open: { ...open, probeAt: toInstant(now) } };
}

function nextProbe(cause: TroubleCause, failures: number, now: number): string {
  // What a person repairs is tried often enough for work to go on within minutes.
  if (cause !== 'trouble') return toInstant(now + LONGEST_WAIT);
  const doublings = Math.min(Math.max(failures - FAILURES_TO_OPEN, 0), 10);
  return toInstant(now + Math.min(TROUBLE_PROBE_FIRST * 2 ** doublings, LONGEST_WAIT));
}
