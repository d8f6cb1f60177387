import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { opsProgram } from '../../ops/program.ts';
import { silent } from './run-in-process.ts';

/** The rooms of ops that each room may import, besides itself. */
const MAY_IMPORT: Record<string, string[]> = {
  terminal: [],
  deployment: ['terminal'],
  send: ['terminal'],
  events: ['deployment', 'send', 'terminal'],
  queues: ['deployment', 'send', 'terminal'],
  secrets: ['deployment', 'send', 'terminal'],
  orders: ['deployment', 'send', 'terminal', 'events', 'queues', 'secrets'],
  report: ['deployment', 'send', 'terminal', 'events', 'queues', 'secrets'],
  checks: ['deployment', 'send', 'terminal', 'events', 'queues', 'secrets'],
  after: ['deployment', 'send', 'terminal', 'events', 'queues', 'secrets', 'orders', 'report'],
  stage: ['deployment', 'send', 'terminal', 'events', 'queues', 'secrets', 'orders', 'report'],
  console: ['deployment', 'send', 'terminal', 'events', 'queues', 'secrets', 'orders', 'report', 'checks', 'after', 'stage'],
  commands: ['deployment', 'send', 'terminal', 'events', 'queues', 'secrets', 'orders', 'report', 'checks', 'after', 'stage', 'console'],
};
const ROOMS = Object.keys(MAY_IMPORT);
const MAY_IMPORT_SESSION = ['orders', 'report', 'checks', 'after', 'console', 'commands'];

const planted = [
  ...ROOMS.flatMap((room) => [
    ...ROOMS.filter((other) => other !== room).map((other) => ({
      file: `ops/${room}/imports-${other}.ts`,
      specifier: `../${other}/planted.ts`,
      allowed: MAY_IMPORT[room]?.includes(other) ?? false,
    })),
    { file: `ops/${room}/imports-session.ts`, specifier: '../session.ts', allowed: MAY_IMPORT_SESSION.includes(room) },
    { file: `ops/${room}/imports-program.ts`, specifier: '../program.ts', allowed: false },
    { file: `ops/${room}/imports-itself.ts`, specifier: './planted.ts', allowed: room !== 'commands' },
    { file: `ops/${room}/imports-lambda.ts`, specifier: '../../lambda/domain/ports.ts', allowed: true },
    { file: `ops/${room}/imports-lib.ts`, specifier: '../../lib/stage.ts', allowed: false },
    { file: `ops/${room}/imports-local.ts`, specifier: '../../local/demo.ts', allowed: false },
    { file: `ops/${room}/imports-bin.ts`, specifier: '../../bin/app.ts', allowed: false },
    { file: `ops/${room}/imports-package.ts`, specifier: 'zod', allowed: true },
  ]),
  { file: 'ops/new-room/imports-terminal.ts', specifier: '../terminal/planted.ts', allowed: false },
  ...[
    './deployment/planted.ts',
    './terminal/planted.ts',
    '../lambda/domain/ports.ts',
    './events/planted.ts',
    './program.ts',
    '../lib/stage.ts',
  ].map((specifier, index) => ({ file: 'ops/session.ts', specifier, allowed: index < 3 })),
  ...[
    './commands/planted.ts',
    './terminal/planted.ts',
    './session.ts',
    './events/planted.ts',
    './orders/planted.ts',
    '../lib/stage.ts',
  ].map((specifier, index) => ({ file: 'ops/program.ts', specifier, allowed: index < 3 })),
];

const report = z.object({
  diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.string(), start: z.object({ line: z.number() }) }) })),
});

describe('the rooms of ops', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rooms-'));
  let refused: { path: string; line: number }[] = [];
  const linesOf = (file: string) => planted.filter((one) => one.file === file).map(({ specifier }) => specifier);

  beforeAll(() => {
    for (const file of ['biome.json', '.gitignore']) copyFileSync(file, join(folder, file));
    for (const file of new Set(planted.map((one) => one.file))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(
        join(folder, file),
        linesOf(file)
          .map((specifier, index) => `export { a as a${index} } from '${specifier}';\n`)
          .join(''),
      );
    }
    const biome = resolve('node_modules/.bin/biome');
    const { stdout } = spawnSync(biome, ['lint', '--reporter=json', '--max-diagnostics=none'], { cwd: folder, encoding: 'utf8' });
    refused = report
      .parse(JSON.parse(stdout))
      .diagnostics.filter(({ category }) => category.endsWith('noRestrictedImports'))
      .map(({ location: { path, start } }) => ({ path, line: start.line }));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('are all in the table of this test', () => {
    const rooms = readdirSync('ops', { withFileTypes: true }).filter((entry) => entry.isDirectory());

    expect(rooms.map(({ name }) => name).sort()).toEqual(ROOMS.toSorted());
  });

  it.each(planted)('$file: import of $specifier allowed: $allowed', ({ file, specifier, allowed }) => {
    const line = linesOf(file).indexOf(specifier) + 1;

    expect(refused.some((one) => one.path === file && one.line === line)).toBe(!allowed);
  });
});

describe('the commands', () => {
  const names = opsProgram({ terminal: silent(), clock: Date.now }).command.commands.map((command) => command.name());

  it('are each in a file named as they are typed, and no other file is there', () => {
    expect(names.length).toBeGreaterThan(20);
    const files = readdirSync('ops/commands', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

    expect(files.map((file) => basename(file)).sort()).toEqual(names.map((name) => `${name}.ts`).sort());
  });

  it('and all of ops are in files of at most 180 lines', () => {
    const files = readdirSync('ops', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const long = files.filter((file) => readFileSync(join('ops', file), 'utf8').split('\n').length > 181);

    expect(files.length).toBeGreaterThan(60);
    expect(long).toEqual([]);
  });
});
