import type { Leaver } from './leaver-store.ts';

const COLUMNS = [
  'workfront user',
  'source',
  'event',
  'events of this person',
  'received',
  'effective',
  'deactivated',
  'delay in seconds',
  'past target',
  'outcome',
  'reason',
  'deactivated before',
  'decided by',
] as const;

/** What spreadsheets take for the beginning of a formula ("CSV Injection", OWASP), in its wide forms too. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** RFC 4180, but for the end of the line, which the writer adds. A text that could be a formula begins with an apostrophe. */
export const csvLine = (cells: readonly (string | number | boolean | null)[]): string => `${cells.map(csvCell).join(',')}\r`;

export const CSV_HEAD = csvLine(COLUMNS);

export const csvRow = (leaver: Leaver): string =>
  csvLine([
    leaver.userId,
    leaver.source,
    leaver.eventId,
    leaver.events,
    leaver.receivedAt,
    leaver.effectiveAt,
    leaver.deactivatedAt,
    leaver.delay === null ? null : leaver.delay / 1000,
    leaver.pastTarget,
    leaver.outcome,
    leaver.reason,
    leaver.deactivatedBefore,
    leaver.decided.map(({ at, by, did }) => `${did} by ${by} at ${at}`).join('; '),
  ]);

function csvCell(cell: string | number | boolean | null): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return `"${safe.replaceAll('"', '""')}"`;
}
