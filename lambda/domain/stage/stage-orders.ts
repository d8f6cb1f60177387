import { toInstant } from '../time/time.ts';
import type { BrakeRecord } from './brake.ts';
import { logged } from './change-log.ts';
import type { PauseRecord } from './gate.ts';

/** What a person orders for the whole stage. */
export interface StageOrder {
  /** The operator's identity. */
  by: string;
  reason: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Unlatches the brake and empties both windows. @returns undefined where it is not latched: there is nothing to release */
export function releaseBrake(record: BrakeRecord | undefined, { by, reason, now }: StageOrder): BrakeRecord | undefined {
  if (record?.latched === undefined) return undefined;

  const latched = { at: record.latched.at, by: 'worker', what: 'latched', reason: record.latched.saw };
  return { entries: [], log: logged(record.log, latched, { at: toInstant(now), by, what: 'released', reason }) };
}

/** Stops every write of the stage. @returns undefined where it is paused already */
export function pause(record: PauseRecord | undefined, { by, reason, now }: StageOrder): PauseRecord | undefined {
  if (record?.paused !== undefined) return undefined;

  const at = toInstant(now);
  return { paused: { at, by, reason }, log: logged(record?.log, { at, by, what: 'paused', reason }) };
}

/** @returns undefined where the stage is not paused */
export function resume(record: PauseRecord | undefined, { by, reason, now }: StageOrder): PauseRecord | undefined {
  if (record?.paused === undefined) return undefined;

  return { log: logged(record.log, { at: toInstant(now), by, what: 'resumed', reason }) };
}
