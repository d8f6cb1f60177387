import { type PauseRecord, pauseRecord } from '../../lambda/domain/stage/gate.ts';
import { changeRecord, STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import type { StageOrder } from '../../lambda/domain/stage/stage-orders.ts';
import type { Deployment } from '../deployment/deployment.ts';

type Decide = (record: PauseRecord | undefined, order: StageOrder) => PauseRecord | undefined;

/**
 * Pauses or resumes the stage.
 *
 * @returns the pause that there is now, and whether this order changed anything
 */
export async function changePause(
  { ledger, operator, clock }: Deployment,
  { decide, reason }: { decide: Decide; reason: string },
): Promise<{ changed: boolean; paused: PauseRecord['paused'] }> {
  const by = await operator();
  let changed = false;
  let paused: PauseRecord['paused'];
  await changeRecord(ledger, { key: STAGE_KEYS.pause, schema: pauseRecord }, (record) => {
    const next = decide(record, { by, reason, now: clock() });
    changed = next !== undefined;
    paused = (next ?? record)?.paused;
    return next;
  });
  return { changed, paused };
}
