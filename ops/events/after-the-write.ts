import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { bothTimes } from '../terminal/times.ts';
import type { UndoneBefore } from './undoable.ts';

/** What the user owned when they were deactivated, if it was counted. */
export function ownedThen({ impact }: LedgerEntry): string[] {
  if (impact === undefined) return [];
  const counts = Object.entries(impact.counts).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`]));
  const rest = [impact.partial && 'the credential sees only a part', impact.dropped && `not all was asked: ${impact.dropped}`];
  return [counts.join(', ') || 'nothing that was counted', ...rest.filter((line) => line !== undefined)];
}

/** An order to undo the deactivation, and how far it has come. */
export function orderToUndo({ undoing }: LedgerEntry): string[] {
  if (undoing === undefined) return [];
  const { by, at, reason, refused, waiting } = undoing;
  const now =
    refused === undefined
      ? waiting === undefined
        ? 'under way'
        : `waits: ${waiting.code}: ${waiting.saw}`
      : `refused: ${refused.code}: ${refused.saw}`;
  return [`${bothTimes(at)} by ${by}: ${reason}`, now];
}

/** That one of us activated a user who is active again. */
export const undoneLines = (undone: readonly UndoneBefore[]): string[] =>
  undone.map(
    ({ source, eventId, by, at }) =>
      `event ${eventId} of ${source}, of the same user, was undone ${bothTimes(at)} by ${by}: a person has decided that they may be active`,
  );

/** That the user is read again. @param at when: RFC 3339; undefined if the watch is over */
export const watched = (at: string | undefined): string[] =>
  at === undefined ? [] : [`the user must stay inactive: they are read again ${bothTimes(at)}, and each night`];
