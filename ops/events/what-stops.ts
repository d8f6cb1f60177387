import type { Ledger } from '../../lambda/domain/ledger-port.ts';
import { circuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { pauseRecord } from '../../lambda/domain/stage/gate.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';

/** Why the worker decides about no event now: a pause, or trouble with Workfront. @param now milliseconds since the epoch */
export async function whatStops({ ledger, now }: { ledger: Pick<Ledger, 'readRecord'>; now: number }): Promise<string[]> {
  const paused = (await ledger.readRecord(STAGE_KEYS.pause, pauseRecord))?.value.paused;
  const open = await openCircuit({ ledger });
  return [
    ...(paused === undefined ? [] : [`paused since ${paused.at} by ${paused.by}: ${paused.reason}`]),
    ...(open === undefined
      ? []
      : [`Workfront has been in trouble since ${open.since} (${open.saw}), next try ${open.probeAt}, now ${toInstant(now)}`]),
  ];
}

/** Why the circuit to Workfront is open; undefined if it is closed. */
export const openCircuit = async ({ ledger }: { ledger: Pick<Ledger, 'readRecord'> }) =>
  (await ledger.readRecord(STAGE_KEYS.circuit, circuitRecord))?.value.open;
