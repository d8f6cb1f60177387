import { once } from 'node:events';
import type { Command } from 'commander';
import * as z from 'zod';
import { openBrowser } from '../console/open-browser.ts';
import { openConsole } from '../console/open-console.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { interruptible } from '../terminal/interrupt.ts';
import { json, port } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';

const consoleOptions = z.object({ json, open: z.boolean(), port });

export function addConsole(program: Command, session: Session): void {
  newCommand(program, 'console', {
    what: 'Shows everything in the browser, and lets you decide there: on this machine only, as you, until Ctrl-C. Nothing is stored.',
    example: '--local console',
  })
    .option('--no-open', 'do not open the browser; only print the link')
    .option('--port <n>', 'the port on 127.0.0.1, 0 for any free one', '0')
    .action(async (raw: unknown) => {
      const options = readOptions(consoleOptions, raw);
      const deployment = await session.deployment();
      const { print, say } = session.terminal;
      await interruptible(async (signal) => {
        const { entrance, close } = await openConsole({ deployment, session, port: options.port, signal });
        await print(options.json ? JSON.stringify({ entrance }) : entrance);
        say(`The console of ${deployment.name}. The link lets one browser in, once. Ctrl-C ends it.`);
        const forget = options.open ? openBrowser(entrance) : () => undefined;
        if (!signal.aborted) await once(signal, 'abort');
        forget();
        await close();
      });
      process.exitCode = EXIT.done;
    });
}
