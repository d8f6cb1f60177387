import type * as z from 'zod/mini';
import { Contended } from '../failures.ts';
import type { Ledger } from '../ledger-port.ts';

/** The stage's shared records, by the key they have in the ledger. */
export const STAGE_KEYS = {
  brake: 'stage/brake',
  circuit: 'stage/circuit',
  pause: 'stage/pause',
  tenant: 'stage/tenant',
  administrators: 'stage/administrators',
  dailyLook: 'stage/daily-look',
  findings: 'stage/findings',
  restored: 'stage/restored',
} as const;

const TRIES = 20;

/**
 * Changes a shared record; when another worker was faster, decides again on what it left.
 *
 * @param kept whether a record of a person must not expire
 * @param decide returns the next value, or undefined to leave the record as it is
 * @throws Contended if other workers were faster twenty times
 */
export async function changeRecord<Schema extends z.core.$ZodType<object>>(
  ledger: Pick<Ledger, 'readRecord' | 'writeRecord'>,
  { key, schema, kept = () => false }: { key: string; schema: Schema; kept?: (value: z.output<Schema>) => boolean },
  decide: (value: z.output<Schema> | undefined) => z.output<Schema> | undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const current = await ledger.readRecord(key, schema);
    const next = decide(current?.value);
    if (next === undefined) return;
    try {
      await ledger.writeRecord(key, { value: next, version: current?.version ?? 0, kept: kept(next) });
      return;
    } catch (failure) {
      if (!(failure instanceof Contended) || attempt === TRIES) throw failure;
    }
  }
}
