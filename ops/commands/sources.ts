import type { Command } from 'commander';
import * as z from 'zod';
import type { Session } from '../session.ts';
import { LOOKED_BACK_DAYS, sourcesOf } from '../stage/source-list.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { json } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { tablePrinter } from '../terminal/table.ts';
import { bothTimes } from '../terminal/times.ts';

export function addSources(program: Command, { deployment, terminal }: Session): void {
  newCommand(program, 'sources', {
    what:
      'Lists the sources: the HR system, how it proves deliveries, whether the worker asks HR before it does anything, the last event ' +
      `within ${LOOKED_BACK_DAYS} days, and the URL.`,
    example: '--local sources',
  }).action(async (raw: unknown) => {
    const options = readOptions(z.object({ json }), raw);
    const sources = await sourcesOf(await deployment());
    if (options.json) await terminal.print(JSON.stringify(sources, null, 2));
    else {
      const titles = ['source', 'system', 'scheme', 'asks HR', 'last event'].map((title) => ({ title, copied: title === 'source' }));
      const table = tablePrinter([...titles, { title: 'URL', copied: true }], terminal);
      for (const { source, system, scheme, asksHr, lastEventAt, url } of sources)
        await table.row([source, system, scheme, asksHr ? 'yes' : 'no', lastEventAt === null ? 'none' : bothTimes(lastEventAt), url]);
      await table.end();
    }
    process.exitCode = EXIT.done;
  });
}
