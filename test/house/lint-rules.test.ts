import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';

/** Imports that must be refused, by the folder they are planted in. */
const REFUSED: Record<string, string[]> = {
  lambda: ['zod', '../ops/session.ts', '../lib/stage.ts', '../local/demo.ts'],
  'lambda/domain': [
    'node:fs',
    './deactivate/rescind.ts',
    './person/generation.ts',
    './stage/brake.ts',
    '../sources/source.ts',
    '../worker.ts',
  ],
  'lambda/domain/time': ['@aws-sdk/client-sqs', 'zod', '../ports.ts', '../event/hr-event.ts', '../stage/brake.ts'],
  'lambda/domain/event': ['node:crypto', 'zod', '../ports.ts', '../stage/brake.ts', '../person/generation.ts', '../deactivate/guards.ts'],
  'lambda/domain/stage': ['@middy/core', 'zod', '../person/generation.ts', '../deactivate/guards.ts', '../../aws/ledger.ts'],
  'lambda/domain/person': ['aws-lambda', 'zod', '../deactivate/guards.ts', '../../workfront/directory.ts', '../../worker-config.ts'],
  'lambda/domain/console-access': ['node:fs', 'zod', '../deactivate/conclude.ts', '../../admin-console/console.ts', '../../worker.ts'],
  'lambda/domain/deactivate': ['node:fs', 'zod', '../../handlers/announce.ts', '../../environment.ts', '../../../ops/session.ts'],
  'lambda/domain/watch': ['node:fs', 'zod', '../../aws/ledger.ts', '../../handlers/announce.ts'],
  'lambda/domain/new-room': ['../failures.ts'],
  'lambda/sources/new-room': ['../source.ts'],
  'lib/new-room': ['../stage.ts'],
  'lambda/domain/deactivate/room': ['node:fs', 'zod', '../../../aws/ledger.ts', '../../../worker.ts'],
  'lambda/sources': ['zod', '@aws-sdk/client-sqs', './systems/registry.ts', './look-ups/registry.ts', '../aws/ledger.ts', '../receiver.ts'],
  'lambda/sources/systems': ['zod', '@middy/core', '../look-ups/registry.ts', '../../workfront/directory.ts', '../../receiver.ts'],
  'lambda/sources/look-ups': ['zod', '@middy/core', '../systems/registry.ts', '../../handlers/announce.ts', '../../receiver-config.ts'],
  'lambda/workfront': ['zod', '@aws-sdk/client-sqs', '../sources/source.ts', '../aws/ledger.ts', '../handlers/announce.ts', '../worker.ts'],
  'lambda/workfront/impact': ['zod', '@aws-sdk/client-sqs', '../../sources/source.ts', '../../aws/ledger.ts', '../../worker.ts'],
  'lambda/admin-console': [
    'zod',
    '@aws-sdk/client-sqs',
    '../workfront/directory.ts',
    '../aws/ledger.ts',
    '../handlers/announce.ts',
    '../worker.ts',
  ],
  'lambda/aws': ['zod', '@middy/core', '../workfront/directory.ts', '../sources/source.ts', '../handlers/announce.ts', '../worker.ts'],
  'lambda/handlers': [
    'zod',
    '@aws-sdk/client-sqs',
    '../aws/ledger.ts',
    '../workfront/directory.ts',
    '../sources/scheme.ts',
    '../worker.ts',
  ],
  lib: [
    './signals/alarms.ts',
    '../lambda/worker.ts',
    '../lambda/domain/ports.ts',
    '../ops/session.ts',
    '../local/demo.ts',
    '../bin/app.ts',
  ],
  'lib/signals': ['../offboarding-stack.ts', '../stages.ts', '../../lambda/domain/policy.ts', '../../ops/session.ts'],
  'lib/settings': ['../offboarding-stack.ts', '../stages.ts', 'aws-cdk-lib', '../../lambda/domain/policy.ts', '../../ops/session.ts'],
  ops: ['../lib/stage.ts', '../bin/app.ts'],
  'ops/new-room': ['../session.ts'],
  'ops/stage': ['../commands/status.ts', '../checks/check.ts', '../session.ts'],
  'ops/console': ['../../lib/stage.ts', '../commands/status.ts', '../program.ts'],
  'ops/commands': ['../../lib/stage.ts', '../../bin/app.ts', './list.ts', '../program.ts'],
  'ops/orders': ['../../lib/stage.ts', '../commands/apply.ts', '../report/numbers.ts', '../program.ts'],
  'ops/after': ['../../lib/stage.ts', '../commands/show.ts', '../checks/workfront.ts', '../program.ts'],
  'ops/report': ['../commands/report.ts', '../orders/act.ts'],
  'ops/checks': ['../commands/doctor.ts', '../orders/act.ts'],
  'ops/events': ['../../lib/stage.ts', '../orders/act.ts', '../session.ts'],
  'ops/queues': ['../orders/act.ts', '../commands/dlq.ts'],
  'ops/secrets': ['../checks/secrets.ts', '../session.ts'],
  'ops/deployment': ['../../lib/stage.ts', '../events/filter.ts', '../send/sign.ts'],
  'ops/send': ['../events/filter.ts', '../deployment/deployment.ts'],
  'ops/terminal': ['../../lib/stage.ts', '../deployment/deployment.ts', '../session.ts'],
  local: ['../lib/stage.ts', '../bin/app.ts', '../ops/session.ts', '../node_modules/fauxqs/dist/persistence.js'],
  'local/aws': ['../../lib/stage.ts', '../../bin/app.ts', '../workfront/fake-workfront.ts'],
  'local/admin-console': ['../hr/employees.ts', '../lambda/gateway.ts', '../workfront/http/serve.ts'],
  'local/lambda': ['../hr/employees.ts'],
  'local/hr': ['../lambda/gateway.ts'],
  'local/workfront': ['../aws/account.ts'],
  'local/workfront/http': ['../fake-workfront.ts'],
  'local/workfront/query': ['../http/serve.ts'],
  'local/workfront/objects': ['../http/serve.ts'],
  'local/workfront/users': ['../query/search.ts'],
};

const imports = Object.entries(REFUSED).flatMap(([folder, specifiers]) =>
  specifiers.map((specifier, index) => ({ file: `${folder}/planted-${index}.ts`, specifier })),
);

const lines = (count: number, line: (index: number) => string) => Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');

/** Code that must be refused, by its file. Each file breaks one rule, which is named. */
const BROKEN: Record<string, { code: string; rule: string }> = {
  'ops/events/parameters.ts': { code: 'export const f = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];\n', rule: 'useMaxParams' },
  'test/support/parameters.ts': { code: 'export function f(a: 1, b: 2, c: 3, d: 4) {\n  return [a, b, c, d];\n}\n', rule: 'useMaxParams' },
  'lambda/aws/long-function.ts': {
    code: `export function f(go: (n: number) => void) {\n${lines(41, (index) => `  go(${index});`)}}\n`,
    rule: 'noExcessiveLinesPerFunction',
  },
  'lambda/aws/long-file.ts': { code: lines(181, (index) => `export const a${index} = ${index};`), rule: 'noExcessiveLinesPerFile' },
  'lib/offboarding-stack.ts': {
    code: "import { b } from '../lambda/worker.ts';\nimport { a } from './signals/alarms.ts';\n\na(b);\n",
    rule: 'noRestrictedImports',
  },
  'ops/program.ts': { code: "import { a } from './orders/act.ts';\n\na();\n", rule: 'noRestrictedImports' },
  'ops/session.ts': { code: "import { a } from './commands/list.ts';\n\na();\n", rule: 'noRestrictedImports' },
  'local/hr/hen.ts': { code: "import { egg } from './egg.ts';\n\nexport const hen = () => egg;\n", rule: 'noImportCycles' },
  'local/hr/egg.ts': { code: "import { hen } from './hen.ts';\n\nexport const egg = () => hen;\n", rule: 'noImportCycles' },
};

/** Code that must be accepted: at the limits, and in a table of tests. */
const ACCEPTED: Record<string, string> = {
  'lambda/aws/function-at-limit.ts': `export function f(go: (n: number) => void) {\n${lines(40, (index) => `  go(${index});`)}}\n`,
  'lambda/aws/file-at-limit.ts': lines(180, (index) => `export const a${index} = ${index};`),
  'test/support/three.ts': 'export const f = (a: 1, b: 2, c: 3) => [a, b, c];\n',
  'test/ops/table.test.ts': 'export const f = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];\n',
  'lambda/domain/person/planted-right.ts': "import { a } from '../stage/brake.ts';\n\na();\n",
};

const report = z.object({
  diagnostics: z.array(z.object({ category: z.string(), message: z.string(), location: z.object({ path: z.string() }) })),
});
const rules = z.object({
  overrides: z.array(
    z.object({
      linter: z.object({
        rules: z.object({
          style: z.optional(
            z.object({
              noRestrictedImports: z.optional(z.object({ options: z.object({ patterns: z.array(z.object({ message: z.string() })) }) })),
            }),
          ),
        }),
      }),
    }),
  ),
});

describe('the lint rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lint-rules-'));
  let found: { rule: string; message: string; file: string }[] = [];
  const rulesOn = (file: string) => found.filter((one) => one.file === file).map(({ rule }) => rule);

  beforeAll(() => {
    copyFileSync('biome.json', join(folder, 'biome.json'));
    copyFileSync('.gitignore', join(folder, '.gitignore'));
    const plant = (file: string, code: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), code);
    };
    for (const { file, specifier } of imports) plant(file, `import { a } from '${specifier}';\n\na();\n`);
    for (const [file, { code }] of Object.entries(BROKEN)) plant(file, code);
    for (const [file, code] of Object.entries(ACCEPTED)) plant(file, code);

    const biome = resolve('node_modules/.bin/biome');
    const { stdout } = spawnSync(biome, ['lint', '--reporter=json', '--max-diagnostics=none'], { cwd: folder, encoding: 'utf8' });
    found = report.parse(JSON.parse(stdout)).diagnostics.map(({ category, message, location }) => ({
      rule: category.split('/').at(-1) ?? '',
      message,
      file: location.path,
    }));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(imports)('refuse in $file an import of $specifier', ({ file }) => {
    expect(rulesOn(file)).toEqual(['noRestrictedImports']);
  });

  it.each(Object.entries(BROKEN))('refuse %s', (file, { rule }) => {
    expect(rulesOn(file)).toEqual([rule]);
  });

  it.each(Object.keys(ACCEPTED))('accept %s', (file) => {
    expect(rulesOn(file)).toEqual([]);
  });

  it('on imports are each shown by a planted import', () => {
    const { overrides } = rules.parse(JSON.parse(readFileSync('biome.json', 'utf8')));
    const messages = overrides
      .flatMap(({ linter }) => linter.rules.style?.noRestrictedImports?.options.patterns ?? [])
      .map(({ message }) => message);
    const shown = new Set(found.map(({ message }) => message));

    expect(messages.length).toBeGreaterThan(15);
    expect(messages.filter((message) => !shown.has(message))).toEqual([]);
  });
});
