import { needsPerson } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { styleOf } from '../events/summary.ts';
import { EXIT, type ExitCode } from '../terminal/exit-code.ts';
import { tablePrinter } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { isStillToUndo } from './await-outcomes.ts';
import type { Deed } from './carry-out.ts';
import type { Verdict } from './order.ts';

interface Printing {
  json: boolean | undefined;
  terminal: Terminal;
  /** The sentence to print if there are no events, without a full stop. */
  none: string;
}

/** Prints what an order would do. @returns `failed` if it would be refused for any event */
export async function printVerdicts(
  judged: readonly { entry: LedgerEntry; verdict: Verdict }[],
  { json, terminal, none }: Printing,
): Promise<ExitCode> {
  const rows = judged.map(({ entry, verdict }) => ({
    eventId: entry.eventId,
    source: entry.source,
    status: entry.status,
    reason: entry.reason,
    workfrontUserId: entry.workfrontUserId,
    would: verdict.kind,
    why: verdict.kind === 'act' ? verdict.does : verdict.why,
  }));
  if (json) await terminal.print(JSON.stringify(rows, null, 2));
  else {
    const table = tablePrinter(
      [
        { title: 'event', copied: true },
        { title: 'status', style: styleOf },
        { title: 'reason' },
        { title: 'would', style: styleOf },
        { title: 'what', wraps: true },
      ],
      terminal,
    );
    for (const { eventId, status, reason, would, why } of rows) await table.row([eventId, status, reason, would, why]);
    await table.end();
    if (rows.length === 0) await terminal.print(`${none}. Nothing would be done.`);
  }
  return judged.some(({ verdict }) => verdict.kind === 'refused') ? EXIT.failed : EXIT.done;
}

/** Prints what happened to each event. */
export async function printDeeds(deeds: readonly Deed[], { json, terminal, none }: Printing): Promise<void> {
  const rows = deeds.map(deedRow);
  if (json) return terminal.print(JSON.stringify(rows, null, 2));

  const table = tablePrinter(
    [
      { title: 'event', copied: true },
      { title: 'was' },
      { title: 'is', style: styleOf },
      { title: 'what was done', style: styleOf },
      { title: 'why', wraps: true },
    ],
    terminal,
  );
  for (const { eventId, was, status, did, why } of rows) await table.row([eventId, was, status, did, why]);
  await table.end();
  if (rows.length === 0) await terminal.print(`${none}. Nothing was done.`);
}

/** One deed as it is shown. */
export const deedRow = ({ before, did, why, after = before }: Deed) => ({
  eventId: before.eventId,
  source: before.source,
  did,
  was: before.status,
  status: after.status,
  reason: after.reason,
  workfrontUserId: after.workfrontUserId,
  why: did === 'sent' ? outcomeOf(before, after) : why,
});

function outcomeOf(before: LedgerEntry, after: LedgerEntry): string {
  if (after.version === before.version) return 'sent to the worker, which has not begun yet';
  if (after.undoing?.refused !== undefined) return `refused: ${after.undoing.refused.code}: ${after.undoing.refused.saw}`;
  if (after.undoing !== undefined) {
    const { waiting } = after.undoing;
    return waiting === undefined ? 'the worker is working on it' : `waits: ${waiting.code}: ${waiting.saw}`;
  }
  if (after.waiting !== undefined) {
    const { code, saw, untilRepaired } = after.waiting;
    return `waits: ${code}: ${saw}; ${untilRepaired ? 'goes on after a person has fixed that' : 'goes on by itself'}`;
  }
  return after.history.at(-1)?.why ?? '';
}

/** @param waited whether the command waited for the outcome of each event */
export function exitOf(deeds: readonly Deed[], { waited }: { waited: boolean }): ExitCode {
  const unfinished = ({ before, did, after }: Deed) =>
    did === 'sent' &&
    (after === undefined ||
      after.version === before.version ||
      isStillToUndo(before, after) ||
      after.undoing !== undefined ||
      ['received', 'processing'].includes(after.status));
  if (deeds.some(({ did }) => did === 'refused' || did === 'failed' || did === 'not reached')) return EXIT.failed;
  if (waited && deeds.some(unfinished)) return EXIT.failed;
  return deeds.some(({ did, after }) => did === 'sent' && after !== undefined && needsPerson(after.status)) ? EXIT.attention : EXIT.done;
}
