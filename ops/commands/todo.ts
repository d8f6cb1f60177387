import type { Command } from 'commander';
import * as z from 'zod';
import { type ToDo, toDoOf } from '../orders/to-do.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { folded } from '../terminal/folded.ts';
import { json } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { printable } from '../terminal/terminal.ts';
import { bothTimes } from '../terminal/times.ts';

export function addTodo(program: Command, { deployment, terminal, again }: Session): void {
  newCommand(program, 'todo', {
    what: 'Lists all that waits for a person, the earliest due first: held, failed and returned events, findings of the nightly sweep, what is left in the Admin Console, dead letters, and the quarantine. Each with its next command.',
    example: '--local todo',
  }).action(async (raw: unknown) => {
    const options = readOptions(z.object({ json }), raw);
    const all = await toDoOf(await deployment());
    if (options.json) await terminal.print(JSON.stringify(all, null, 2));
    else {
      for (const one of all) {
        for (const line of folded(printable(inOneLine(one)), { width: terminal.width, hang: 2 })) await terminal.print(line);
        for (const line of folded(`  ${again(one.next)}`, { width: terminal.width, hang: 6 })) await terminal.print(line);
      }
      if (all.length === 0) await terminal.print('Nothing waits for a person.');
    }
    process.exitCode = all.length === 0 ? EXIT.done : EXIT.attention;
  });
}

const inOneLine = ({ kind, what, source, id, at }: ToDo): string =>
  [`${kind}: ${what}`, source, id, `${kind === 'held' || kind === 'failed' ? 'due' : 'since'} ${bothTimes(at)}`]
    .filter((part) => part !== undefined)
    .join(', ');
