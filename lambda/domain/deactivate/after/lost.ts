import type { Placement } from '../../event/ledger-entry.ts';

/** What became of one field between our write and now. */
export interface Kept {
  field: keyof Placement;
  before: string;
  /** Undefined if the user has nothing there now. */
  now: string | undefined;
}

const FIELDS: readonly (keyof Placement)[] = ['accessLevelID', 'homeGroupID', 'homeTeamID', 'roleID', 'managerID'];

/** Every field that the user had before our write and does not have now. */
export function changedSince(before: Placement = {}, now: Placement = {}): Kept[] {
  return FIELDS.flatMap((field) => {
    const was = before[field];
    return was === undefined || was === now[field] ? [] : [{ field, before: was, now: now[field] }];
  });
}

/** What an undo gives back: only what the user lost. Where there is something else now, somebody put it there since, and it stays. */
export const lostOf = (before: Placement | undefined, now: Placement | undefined): Placement =>
  Object.fromEntries(changedSince(before, now).flatMap((one) => (one.now === undefined ? [[one.field, one.before]] : [])));
