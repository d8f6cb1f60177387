import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from '../support/programs/bundled.ts';
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
export function onTerminal(args: readonly string[], { directory, width }: { directory: string; width: number }): string {
  const { stdout } = spawnSync(process.execPath, [bundled('test/docs/terminal-process.ts'), String(width), ...args], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', TZ: 'UTC' },
  });
  return stdout.replace(/ +$/gm, '').trimEnd();
}
