import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from '@jest/globals';

/** The commands that the program itself lists. */
const help = execFileSync(process.execPath, ['bin/ops.ts', '--help'], {
  encoding: 'utf8',
  env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', COLUMNS: '200' },
});
const [, listed = ''] = /^Commands:\n((?: {2}.*\n)+)/m.exec(help) ?? [];
const commands = [...listed.matchAll(/^ {2}(\S+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
const files = readdirSync('ops/commands', { recursive: true, encoding: 'utf8' }).map((file) => basename(file));

it('the ops CLI has 35 commands', () => {
  expect(commands).toHaveLength(35);
});

it.each(commands)('the command %s has a file that is named as it is typed', (command) => {
  expect(files).toContain(`${command}.ts`);
});
