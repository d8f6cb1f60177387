import type { Command } from 'commander';
import * as z from 'zod';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { DAY } from '../../lambda/domain/time/time.ts';
import { type Deployment, KEEP_DAYS } from '../deployment/deployment.ts';
import { addFilterOptions, type Filter, filterOptions, isMeant, needsPerson, periodOf, statusOption } from '../events/filter.ts';
import { styleOf, summary } from '../events/summary.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { tablePrinter } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { timeCells, timeTitles } from '../terminal/times.ts';

const listOptions = filterOptions.extend({
  limit: z.coerce.number('a number of 1 or more').int().min(1).optional(),
  json: z.boolean().optional(),
});

export function addList(program: Command, session: Session): void {
  const command = newCommand(program, 'list', {
    what: `Lists events, the last received first. Without --since it goes back ${KEEP_DAYS} days.`,
    example: '--local list --status held --since 7d',
  }).addOption(statusOption());
  addFilterOptions(command)
    .option('--limit <n>', 'at most so many')
    .action(async (raw: unknown) => {
      const { json, limit, ...filter } = readOptions(listOptions, raw);
      const printer = json ? jsonArray(session.terminal) : textTable(session.terminal);
      let attention = false;
      for await (const entry of listEvents(await session.deployment(), { ...filter, limit })) {
        attention ||= needsPerson(entry.status);
        await printer.one(entry);
      }
      await printer.end();
      process.exitCode = attention ? EXIT.attention : EXIT.done;
    });
}

/** The events that are meant, the last received first, one at a time. */
async function* listEvents(
  { ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>,
  { limit = Number.POSITIVE_INFINITY, ...filter }: Filter & { limit?: number | undefined },
): AsyncGenerator<LedgerEntry> {
  let listed = 0;
  for await (const entry of ledger.entries(periodOf(filter, clock(), KEEP_DAYS * DAY))) {
    if (!isMeant(entry, filter)) continue;
    yield entry;
    listed += 1;
    if (listed === limit) return;
  }
}

function jsonArray({ print }: Terminal) {
  let last: string | undefined;
  return {
    async one(entry: LedgerEntry): Promise<void> {
      await print(last === undefined ? '[' : `${last},`);
      last = JSON.stringify(summary(entry));
    },
    end: () => print(last === undefined ? '[]' : `${last}\n]`),
  };
}

function textTable(terminal: Terminal) {
  const table = tablePrinter(
    [
      ...timeTitles('received').map((title) => ({ title })),
      { title: 'status', style: styleOf },
      { title: 'reason' },
      { title: 'source' },
      { title: 'event', copied: true },
    ],
    terminal,
  );
  let any = false;
  return {
    async one({ receivedAt, status, reason, source, eventId, waiting }: LedgerEntry): Promise<void> {
      any = true;
      await table.row([...timeCells(receivedAt), status, reason ?? waiting?.code, source, eventId]);
    },
    async end(): Promise<void> {
      await table.end();
      if (!any) await terminal.print('No such event.');
    },
  };
}
