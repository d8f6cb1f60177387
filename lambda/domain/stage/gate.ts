import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import { Blocked } from '../failures.ts';
import type { Desk } from '../ports.ts';
import { SECOND } from '../time/time.ts';
import { changeLog } from './change-log.ts';
import {
  admit,
  afterAnswer,
  afterFailure,
  afterIdleProbe,
  afterRefusals,
  afterSearch,
  afterWrite,
  type CircuitRecord,
  CLOSED_CIRCUIT,
  circuitRecord,
  type TroubleCause,
} from './circuit.ts';
import { judgeRefusal, type Refusal, type Verdict } from './refusals.ts';
import { changeRecord, STAGE_KEYS } from './shared-record.ts';

/** How one source's HR system has been doing: each has a circuit of its own. */
export const hrCircuitKey = (source: string): string => `stage/hr-circuit/${source}`;

/** The kill switch: while it is set no worker writes, and events wait. */
export const pauseRecord = z.object({
  paused: z.optional(z.object({ at: instant, by: z.string(), reason: z.string() })),
  log: z.optional(changeLog),
});

export type PauseRecord = z.infer<typeof pauseRecord>;

/** Which good answer is news to report: none, any, or only one to a write, because users were refused. */
export type Health = 'clean' | 'doubtful' | 'refusing';

/** Who paused the stage and why; undefined when it runs. */
async function pauseSaw({ ledger }: Pick<Desk, 'ledger'>): Promise<string | undefined> {
  const paused = (await ledger.readRecord(STAGE_KEYS.pause, pauseRecord))?.value.paused;
  return paused === undefined ? undefined : `paused since ${paused.at}: ${paused.reason}`;
}

/** @throws Blocked while a person has paused the stage */
export async function stopIfPaused(desk: Pick<Desk, 'ledger'>): Promise<void> {
  const paused = await pauseSaw(desk);
  if (paused !== undefined) throw new Blocked('paused', paused, { untilRepaired: true });
}

/**
 * Lets an event go to Workfront. While the circuit is open one probe at a time goes; it is claimed here.
 *
 * @returns which of Workfront's good answers are news to report
 * @throws Blocked while the stage is paused or the circuit is open
 */
export async function passGate(desk: Desk): Promise<Health> {
  await stopIfPaused(desk);
  return passCircuit(STAGE_KEYS.circuit, 'circuit-open', desk);
}

/**
 * Lets an event through to the system that the circuit of this key protects.
 *
 * @throws Blocked with the code while it is open
 */
export async function passCircuit(key: string, code: string, desk: Pick<Desk, 'ledger' | 'clock'>): Promise<Health> {
  const { answer, circuit } = await askCircuit(key, code, desk);
  if (answer.kind === 'probe') await desk.ledger.writeRecord(key, { value: answer.record, version: circuit?.version ?? 0 });
  if (answer.kind === 'probe' || circuit?.value.failures) return 'doubtful';
  return circuit?.value.refusals?.some(({ alone }) => !alone) ? 'refusing' : 'clean';
}

/** Only looks: a probe that may go is not claimed. @throws Blocked with the code while the circuit is open */
export async function stopIfOpen(key: string, code: string, desk: Pick<Desk, 'ledger' | 'clock'>): Promise<void> {
  await askCircuit(key, code, desk);
}

/** Only looks whether Workfront's circuit is open. @throws Blocked `circuit-open` */
export const stopIfInTrouble = (desk: Pick<Desk, 'ledger' | 'clock'>): Promise<void> =>
  stopIfOpen(STAGE_KEYS.circuit, 'circuit-open', desk);

async function askCircuit(key: string, code: string, { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>) {
  const circuit = await ledger.readRecord(key, circuitRecord);
  const answer = admit(circuit?.value ?? CLOSED_CIRCUIT, clock());
  if (answer.kind !== 'wait') return { answer, circuit };

  throw new Blocked(code, answer.saw, {
    retryAfterSeconds: Math.ceil((answer.untilMillis - clock()) / SECOND),
    untilRepaired: answer.cause !== 'trouble',
    stageTrouble: answer.cause === 'stage',
  });
}

/**
 * One more failure to talk to Workfront, or to the HR system of the key, at all.
 *
 * @param saw the code of the failure
 */
export async function reportFailure(
  failure: { cause: TroubleCause; saw: string },
  { ledger, clock }: Desk,
  key: string = STAGE_KEYS.circuit,
): Promise<void> {
  await changeRecord(ledger, { key, schema: circuitRecord }, (record) => afterFailure(record ?? CLOSED_CIRCUIT, failure, clock()));
}

/** The system of the key answered: closes its circuit, unless only a write can. */
export const reportSuccess = (desk: Desk, key: string = STAGE_KEYS.circuit): Promise<void> => changeCircuit(desk, afterAnswer, key);

/** Workfront answered a search: closes the circuit that a credential or a refused question has opened. */
export const reportSearch = (desk: Desk): Promise<void> => changeCircuit(desk, afterSearch);

/** Workfront carried out a write: closes the circuit, whatever opened it. */
export const reportWrite = (desk: Desk): Promise<void> => changeCircuit(desk, afterWrite);

/** A whole turn met no trouble: closes the circuit, or lets the next probe go at once if only a write can. */
export const reportTurn = (desk: Desk): Promise<void> =>
  changeCircuit(desk, (record) => afterIdleProbe(record, desk.clock()) ?? afterAnswer(record));

/**
 * Workfront refused one user. If others are refused in the same way, that is the stage's trouble, and opens the circuit.
 *
 * @returns whose trouble it is, and everybody who was refused alike within the hour
 */
export async function reportRefusal(
  refused: Omit<Refusal, 'at' | 'alone'>,
  { ledger, clock }: Desk,
): Promise<{ verdict: Verdict; alike: Refusal[] }> {
  let judged: { verdict: Verdict; alike: Refusal[] } = { verdict: 'waits', alike: [] };
  await changeRecord(ledger, { key: STAGE_KEYS.circuit, schema: circuitRecord }, (record = CLOSED_CIRCUIT) => {
    const { refusals, verdict } = judgeRefusal(record.refusals ?? [], refused, clock());
    const isOpen = record.open?.endedBy === 'write' && record.open.saw === refused.code;
    judged = { verdict: isOpen ? 'stage' : verdict, alike: refusals.filter(({ code }) => code === refused.code) };
    const next = { ...record, refusals };
    return judged.verdict === 'stage' ? afterRefusals(next, refused.code, clock()) : next;
  });
  return judged;
}

function changeCircuit(
  { ledger }: Desk,
  decide: (record: CircuitRecord) => CircuitRecord | undefined,
  key: string = STAGE_KEYS.circuit,
): Promise<void> {
  return changeRecord(ledger, { key, schema: circuitRecord }, (record) => record && decide(record));
}
