import type { Command } from 'commander';
import * as z from 'zod';
import type { Check } from '../checks/check.ts';
import { examine } from '../checks/examine.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { folded } from '../terminal/folded.ts';
import { json } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { printable, type Style } from '../terminal/terminal.ts';

export function addDoctor(program: Command, session: Session): void {
  newCommand(program, 'doctor', {
    what: 'Checks everything that a leaver depends on, and shows how to fix what is red. Changes nothing. Exit code 3 if anything is red.',
    example: '--local doctor',
  }).action(async (raw: unknown) => {
    const options = readOptions(z.object({ json }), raw);
    const checks: Check[] = [];
    for await (const check of examine(session)) {
      checks.push(check);
      session.terminal.progress('');
      if (!options.json) for (const line of linesOf(check, session)) await session.terminal.print(line);
      session.terminal.progress('checking ...');
    }
    session.terminal.progress('');
    if (options.json) await session.terminal.print(JSON.stringify(checks, null, 2));
    process.exitCode = checks.some(({ health }) => health === 'red') ? EXIT.attention : EXIT.done;
  });
}

const STYLES: Record<Check['health'], Style> = { green: 'green', red: 'red', amber: 'yellow', unknown: 'yellow' };

function linesOf(check: Check, { terminal }: Session): string[] {
  const { health, saw } = check;
  const head = `  ${check.check.padEnd(26)}  `;
  const room = { width: terminal.width, hang: health.padEnd(7).length + head.length };
  const [first = '', ...more] = folded(`${health.padEnd(7)}${head}${printable(saw)}`, room);
  const lines = [terminal.style(STYLES[health], first.slice(0, 7)) + first.slice(7), ...more];
  if (check.health !== 'red' && check.health !== 'amber') return lines;
  const fix = check.cure.split('\n').flatMap((one) => folded(`${' '.repeat(room.hang)}${printable(one)}`, room));
  return [...lines, ...fix];
}
