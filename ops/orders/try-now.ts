import { CLOSED_CIRCUIT, circuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { hrCircuitKey, pauseRecord } from '../../lambda/domain/stage/gate.ts';
import { changeRecord, STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { periodOf } from '../events/filter.ts';
import { EVER } from './selection.ts';

/** More waiting events than this go on by themselves, within minutes. */
const MOST_SENT = 500;

/**
 * Sends every event that waits for trouble to pass to the worker now, once. The worker decides as always: a message more changes nothing.
 *
 * @returns how many were sent
 */
export async function sendWaiting(deployment: Deployment): Promise<number> {
  const { ledger, queue, clock } = deployment;
  let sent = 0;
  for (const status of ['processing', 'received', 'scheduled'] as const) {
    for await (const { waiting, source, eventId } of ledger.withStatus(status, periodOf({}, clock(), EVER))) {
      if (waiting === undefined) continue;
      await queue.send({ kind: 'due', source, eventId });
      sent += 1;
      if (sent === MOST_SENT) return sent;
    }
  }
  return sent;
}

/** Who paused the stage: then no event goes on, whatever is sent. @returns undefined if it is not paused */
export const whoPaused = async ({ ledger }: Pick<Deployment, 'ledger'>) =>
  (await ledger.readRecord(STAGE_KEYS.pause, pauseRecord))?.value.paused;

/** Lets the HR systems of these sources be asked again. */
export async function closeHrCircuits({ ledger }: Pick<Deployment, 'ledger'>, sources: readonly string[]): Promise<void> {
  for (const source of sources) await closeCircuit(hrCircuitKey(source), ledger);
}

/** Closes the circuit to Workfront, which was asked and is well, and sends what waits. @returns how many events were sent */
export async function tryAgain(deployment: Deployment): Promise<number> {
  await closeCircuit(STAGE_KEYS.circuit, deployment.ledger);
  return (await whoPaused(deployment)) === undefined ? sendWaiting(deployment) : 0;
}

/** Closes a circuit, so that the next event goes through. */
export const closeCircuit = (key: string, ledger: Pick<Deployment, 'ledger'>['ledger']): Promise<void> =>
  changeRecord(ledger, { key, schema: circuitRecord }, (record) => (record?.open === undefined ? undefined : CLOSED_CIRCUIT));
