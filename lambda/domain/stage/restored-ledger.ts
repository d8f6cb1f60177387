import * as z from 'zod/mini';
import type { Desk } from '../ports.ts';
import { stopStage } from './daily-look.ts';
import { changeRecord, STAGE_KEYS } from './shared-record.ts';

/** The restored tables before whose first event the stage was paused. */
const restoredRecord = z.object({ tables: z.array(z.string()) });

/**
 * Pauses the stage before anything is done with a ledger that was put in place of another one: it has forgotten rescissions, and what was
 * done since. Once for each table, so that a person can resume.
 *
 * @param table the name of the restored table
 * @throws what the ledger throws: then nothing may be done
 */
export async function pauseIfRestored(table: string, desk: Pick<Desk, 'ledger' | 'clock'>): Promise<void> {
  const known = await desk.ledger.readRecord(STAGE_KEYS.restored, restoredRecord);
  if (known?.value.tables.includes(table)) return;
  // First, because what is recorded as paused must be paused.
  await stopStage(`the ledger is the restored table ${table}; see docs/runbook.md, "The table was restored"`, desk);
  await changeRecord(desk.ledger, { key: STAGE_KEYS.restored, schema: restoredRecord }, (record) => ({
    tables: [...(record?.tables ?? []).filter((one) => one !== table), table],
  }));
}
