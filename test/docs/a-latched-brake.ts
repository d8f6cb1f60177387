import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../ops/program.ts';
import type { Terminal } from '../../ops/terminal/terminal.ts';
import { aBody, allUsers, post, type StartedSystem, startSystem, untilSettled } from '../support/started-system.ts';

/** The night of docs/runbook.md in which the brake latches, on a local system in the working directory `directory`. */
export async function startLatchedBrake(): Promise<{ system: StartedSystem; directory: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'latched-'));
  const policy = { brake: { perHour: 2, floorPerDay: 50 } };
  const system = await startSystem({ users: 200, dataDir: join(directory, '.local'), policy });
  const people = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin).slice(0, 6);
  const [other, ...leavers] = people;
  const mismatch = { email: other?.emailAddr, givenName: 'Rosalind', familyName: 'Overbeck' };
  await post(system, aBody('', { employee: mismatch }), { id: 'mismatch-1' });
  await untilSettled(system, 1);
  for (const [index, { emailAddr, name }] of leavers.entries()) {
    const [givenName, ...family] = name.split(' ');
    await post(system, aBody('', { employee: { email: emailAddr, givenName, familyName: family.join(' ') } }), {
      id: `layoff-${index + 1}`,
    });
    await untilSettled(system, index + 2);
  }
  await post(system, aBody('nobody@acme.test'), { id: 'forged', secret: 'whsec_ZGlmZmVyZW50IGtleSBvZiBIUiBzeXN0ZW0h' });
  return { system, directory };
}

/** What a command prints on a terminal of this width, in the order in which a person sees it. */
export async function onTerminal(args: readonly string[], { directory, width }: { directory: string; width: number }): Promise<string> {
  const lines: string[] = [];
  const terminal: Terminal = {
    print: async (text) => void lines.push(text),
    say: (line) => void lines.push(line),
    progress: () => undefined,
    width,
    style: (_, text) => text,
    interactive: true,
    ask: async () => false,
  };
  const [before, { exitCode }] = [process.cwd(), process];
  process.chdir(directory);
  try {
    await runProgram(args, { terminal, clock: Date.now });
    return lines.map((line) => line.trimEnd()).join('\n');
  } finally {
    process.chdir(before);
    process.exitCode = exitCode;
  }
}
