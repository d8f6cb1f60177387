import type { Command } from 'commander';
import { needsPerson } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { DAY } from '../../lambda/domain/time/time.ts';
import { KEEP_DAYS } from '../deployment/deployment.ts';
import { addFilterOptions, filterOptions, isMeant, periodOf } from '../events/filter.ts';
import { shownBy } from '../events/holds.ts';
import { noMatch } from '../events/no-match.ts';
import { styleOf, summary } from '../events/summary.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { sayCommand } from '../terminal/folded.ts';
import { json, limit } from '../terminal/option-values.ts';
import { quoted } from '../terminal/quoted.ts';
import { readOptions } from '../terminal/read-options.ts';
import { tablePrinter } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { timeCells, timeTitles } from '../terminal/times.ts';

const listOptions = filterOptions().extend({ json, limit });

export function addList(program: Command, session: Session): void {
  const command = newCommand(program, 'list', {
    what: `Lists events, the last received first. Without --since it goes back ${KEEP_DAYS} days.`,
    example: '--local list --status held --since 7d',
  });
  addFilterOptions(command)
    .option('--limit <n>', 'at most this many events, 1 or more')
    .action(async (raw: unknown) => {
      const { json, limit = Number.POSITIVE_INFINITY, since, until, ...filter } = readOptions(listOptions, raw);
      const period = periodOf({ since, until }, session.clock(), KEEP_DAYS * DAY);
      const deployment = await session.deployment();
      const printer = json ? jsonArray(session.terminal) : textTable(session.terminal, noMatch({ ...filter, since, until }, deployment));
      let attention = false;
      let listed = 0;
      let first: string | undefined;
      for await (const entry of deployment.ledger.entries(period)) {
        if (!isMeant(entry, filter)) continue;
        attention ||= needsPerson(entry.status);
        await printer.one(entry);
        listed += 1;
        first ??= entry.eventId;
        if (listed === limit) break;
      }
      await printer.end();
      if (first !== undefined && !json) sayCommand({ when: SEE_ONE, command: session.again(`show ${quoted(first)}`) }, session.terminal);
      process.exitCode = attention ? EXIT.attention : EXIT.done;
    });
}

const SEE_ONE = 'To see what happened to one, and what you can do:';

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

/** @param none the sentence to print if there are no events, without a full stop */
function textTable(terminal: Terminal, none: string) {
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
    async one({ receivedAt, status, reason, source, eventId, waiting, hold }: LedgerEntry): Promise<void> {
      any = true;
      const held =
        hold &&
        shownBy(hold)
          .map(({ guard }) => guard)
          .join(' + ');
      await table.row([...timeCells(receivedAt), status, held ?? reason ?? waiting?.code, source, eventId]);
    },
    async end(): Promise<void> {
      await table.end();
      if (!any) await terminal.print(`${none}.`);
    },
  };
}
