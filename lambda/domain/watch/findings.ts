import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import { type EventRef, eventRef } from '../event/leaver-message.ts';
import { isSameEvent } from '../person/person-record.ts';
import type { Desk } from '../ports.ts';
import { changeRecord, STAGE_KEYS } from '../stage/shared-record.ts';
import { toInstant, toMillis } from '../time/time.ts';

/** Something that a person must look at, and that no event's status says. `saw` has ids, facts and dates, nothing personal. */
const finding = z.object({
  ...eventRef.shape,
  /**
   * `employed`: deactivated by us, and HR says that they are employed. `still-active`: gone for HR, and active in Workfront.
   * `unreadable`: Workfront does not show the user of a finished event any more.
   */
  what: z.enum(['employed', 'still-active', 'unreadable']),
  saw: z.string(),
  at: instant,
});

/** When the last sweep began, how many people it looked at and left out, and what is found and not over. */
export const findingsRecord = z.object({
  sweptAt: z.optional(instant),
  people: z._default(z.number(), 0),
  leftOut: z._default(z.number(), 0),
  findings: z.array(finding),
});

export type Finding = z.infer<typeof finding>;
type FindingsRecord = z.infer<typeof findingsRecord>;

/** The record has to fit into one item of the ledger. The oldest make room. */
const MOST_FINDINGS = 300;

const NOTHING: FindingsRecord = { people: 0, leftOut: 0, findings: [] };

/** What is found and not over. */
export const readFindings = async ({ ledger }: Pick<Desk, 'ledger'>): Promise<Finding[]> =>
  (await ledger.readRecord(STAGE_KEYS.findings, findingsRecord))?.value.findings ?? [];

/** When the last sweep began, in milliseconds since the epoch. */
export async function lastSweep({ ledger }: Pick<Desk, 'ledger'>): Promise<number | undefined> {
  const at = (await ledger.readRecord(STAGE_KEYS.findings, findingsRecord))?.value.sweptAt;
  return at === undefined ? undefined : toMillis(at);
}

const change = ({ ledger }: Desk, decide: (record: FindingsRecord) => FindingsRecord | undefined): Promise<void> =>
  changeRecord(ledger, { key: STAGE_KEYS.findings, schema: findingsRecord }, (record) => decide(record ?? NOTHING));

/** Notes a finding, in place of what was found about the event before. */
export const noteFinding = (found: Omit<Finding, 'at'>, desk: Desk): Promise<void> =>
  change(desk, (record) => {
    const known = record.findings.find((one) => isSameEvent(one, found));
    if (known?.what === found.what && known.saw === found.saw) return undefined;
    const { source, eventId, what, saw } = found;
    const others = record.findings.filter((one) => one !== known).slice(1 - MOST_FINDINGS);
    return { ...record, findings: [...others, { source, eventId, what, saw, at: toInstant(desk.clock()) }] };
  });

/** What was found about the event is over. */
export const dropFinding = (ref: EventRef, whats: readonly Finding['what'][], desk: Desk): Promise<void> =>
  change(desk, (record) => {
    const findings = record.findings.filter((one) => !isSameEvent(one, ref) || !whats.includes(one.what));
    return findings.length === record.findings.length ? undefined : { ...record, findings };
  });

/** Begins a sweep: what was found about events that it does not look at any more is over. */
export const beginSweep = ({ refs, leftOut }: { refs: readonly EventRef[]; leftOut: number }, desk: Desk): Promise<void> =>
  change(desk, ({ findings }) => {
    const names = new Set(refs.map(({ source, eventId }) => `${source}/${eventId}`));
    const kept = findings.filter(({ source, eventId }) => names.has(`${source}/${eventId}`));
    return { sweptAt: toInstant(desk.clock()), people: refs.length, leftOut, findings: kept };
  });
