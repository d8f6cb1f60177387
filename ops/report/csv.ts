import type { Leaver } from './leaver.ts';
import { decisionText } from './leaver-row.ts';

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

/** The characters with which a formula can begin in a spreadsheet ("CSV Injection", OWASP), also in their wide forms. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A line as in RFC 4180, without its line feed, which the writer adds. Puts an apostrophe before a text that could be a formula. */
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
    leaver.decided.map((one) => `${decisionText(one)} (${one.at})`).join('; '),
  ]);

function csvCell(cell: string | number | boolean | null): string {
  if (typeof cell !== 'string') return cell === null ? '' : String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return `"${safe.replaceAll('"', '""')}"`;
}
