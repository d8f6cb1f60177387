import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import type { EventRef } from '../event/leaver-message.ts';
import { Blocked, Contended } from '../failures.ts';
import type { CredentialOwner, Desk, Ledger } from '../ports.ts';
import { SECOND, toInstant } from '../time/time.ts';
import { askBrake, brakeRecord, RELEASED_BRAKE } from './brake.ts';
import { changeLog } from './change-log.ts';
import { admit, afterFailure, CLOSED_CIRCUIT, circuitRecord } from './circuit.ts';

/** The stage's shared records, by the key they have in the ledger. */
export const STAGE_KEYS = { brake: 'stage/brake', circuit: 'stage/circuit', pause: 'stage/pause', tenant: 'stage/tenant' } as const;

/** How one source's HR system has been doing: each has a circuit of its own. */
export const hrCircuitKey = (source: string): string => `stage/hr-circuit/${source}`;

/** The kill switch: while it is set no worker writes, and events wait. */
export const pauseRecord = z.object({
  paused: z.optional(z.object({ at: instant, by: z.string(), reason: z.string() })),
  log: z.optional(changeLog),
});

export type PauseRecord = z.infer<typeof pauseRecord>;

/** The Workfront customer that the stage was first used with. */
export const tenantRecord = z.object({ customerId: z.string(), pinnedAt: instant });

const TRIES = 20;

/**
 * Changes a shared record; when another worker was faster, decides again on what it left.
 *
 * @param decide returns the next value, or undefined to leave the record as it is
 */
export async function changeRecord<Schema extends z.core.$ZodType<object>>(
  ledger: Ledger,
  key: string,
  schema: Schema,
  decide: (value: z.output<Schema> | undefined) => z.output<Schema> | undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const current = await ledger.readRecord(key, schema);
    const next = decide(current?.value);
    if (next === undefined) return;
    try {
      await ledger.writeRecord(key, next, current?.version ?? 0);
      return;
    } catch (failure) {
      if (!(failure instanceof Contended) || attempt === TRIES) throw failure;
    }
  }
}

/** Asks the brake for one deactivation. @returns why it refused, or undefined when it is allowed and counted */
export async function requestBrake({ source, eventId }: EventRef, activeUsers: number, desk: Desk): Promise<string | undefined> {
  let refused: string | undefined;
  await changeRecord(desk.ledger, STAGE_KEYS.brake, brakeRecord, (record) => {
    const answer = askBrake(record ?? RELEASED_BRAKE, {
      event: `${source}/${eventId}`,
      now: desk.clock(),
      activeUsers,
      limits: desk.policy.brake,
    });
    refused = answer.refused;
    return answer.changed ? answer.record : undefined;
  });
  return refused;
}

/** The customer this stage may touch: configured, else the one it was first used with. */
export async function pinnedCustomer(owner: CredentialOwner, { ledger, policy, clock }: Desk): Promise<string | undefined> {
  if (policy.customerId !== undefined) return policy.customerId;

  let pinned = owner.customerId;
  await changeRecord(ledger, STAGE_KEYS.tenant, tenantRecord, (record) => {
    if (record !== undefined) {
      pinned = record.customerId;
      return undefined;
    }
    return owner.customerId === undefined ? undefined : { customerId: owner.customerId, pinnedAt: toInstant(clock()) };
  });
  return pinned;
}

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
 * @returns whether Workfront is known to be well, or its next good answer is news to report
 * @throws Blocked while the stage is paused or the circuit is open
 */
export async function passGate(desk: Desk): Promise<'clean' | 'doubtful'> {
  await stopIfPaused(desk);
  return passCircuit(STAGE_KEYS.circuit, 'circuit-open', desk);
}

/**
 * Lets an event go to whom the circuit of that key is about.
 *
 * @throws Blocked with the code while it is open
 */
export async function passCircuit(key: string, code: string, desk: Pick<Desk, 'ledger' | 'clock'>): Promise<'clean' | 'doubtful'> {
  const { answer, circuit } = await askCircuit(key, code, desk);
  if (answer.kind === 'probe') await desk.ledger.writeRecord(key, answer.record, circuit?.version ?? 0);
  return answer.kind === 'probe' || circuit?.value.failures ? 'doubtful' : 'clean';
}

/** Only looks: a probe that may go is not claimed. @throws Blocked with the code while the circuit is open */
export async function stopIfOpen(key: string, code: string, desk: Pick<Desk, 'ledger' | 'clock'>): Promise<void> {
  await askCircuit(key, code, desk);
}

async function askCircuit(key: string, code: string, { ledger, clock }: Pick<Desk, 'ledger' | 'clock'>) {
  const circuit = await ledger.readRecord(key, circuitRecord);
  const answer = admit(circuit?.value ?? CLOSED_CIRCUIT, clock());
  if (answer.kind !== 'wait') return { answer, circuit };

  throw new Blocked(code, answer.saw, {
    retryAfterSeconds: Math.ceil((answer.untilMillis - clock()) / SECOND),
    untilRepaired: answer.cause === 'credentials',
  });
}

export async function reportFailure(
  cause: 'credentials' | 'trouble',
  saw: string,
  { ledger, clock }: Desk,
  key: string = STAGE_KEYS.circuit,
): Promise<void> {
  await changeRecord(ledger, key, circuitRecord, (record) => afterFailure(record ?? CLOSED_CIRCUIT, cause, saw, clock()));
}

export async function reportSuccess({ ledger }: Desk, key: string = STAGE_KEYS.circuit): Promise<void> {
  await changeRecord(ledger, key, circuitRecord, (record) =>
    record === undefined || (record.failures === 0 && record.open === undefined) ? undefined : CLOSED_CIRCUIT,
  );
}
