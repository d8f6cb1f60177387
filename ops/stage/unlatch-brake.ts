import { type BrakeRecord, brakeRecord } from '../../lambda/domain/stage/brake.ts';
import { changeRecord, STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { releaseBrake } from '../../lambda/domain/stage/stage-orders.ts';
import type { Deployment } from '../deployment/deployment.ts';

export const UNLATCH_QUESTION = 'As many people as the limits allow may lose access again, without a person. Release the brake?';

/**
 * Releases the brake, and sets its counts to 0. The events that it holds stay held.
 *
 * @returns why the brake was latched; undefined if it was not
 */
export async function unlatchBrake(deployment: Deployment, why: string): Promise<BrakeRecord['latched']> {
  const by = await deployment.operator();
  let latched: BrakeRecord['latched'];
  await changeRecord(deployment.ledger, { key: STAGE_KEYS.brake, schema: brakeRecord }, (record) => {
    latched = record?.latched;
    return releaseBrake(record, { by, reason: why, now: deployment.clock() });
  });
  return latched;
}
