import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { temporaryDirectory } from './support/temporary-directory.ts';

async function run(...args: string[]) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { out, err, code };
}

const PORTS = 'use a whole number from 0 to 65535';
const ALL = '--port, --workfront-port, --data, --users, --policy, --stages, --stage, --admin-console, --no-demo, --json';

/** What needs no package is found even before the packages are installed. */
const FOUND_BEFORE_INSTALLATION: [args: string[], sentence: string][] = [
  [['--port', 'abc'], `--port cannot be "abc"; ${PORTS}`],
  [['--port', '65536'], `--port cannot be "65536"; ${PORTS}`],
  [['--port', '-1'], `--port cannot be "-1"; ${PORTS}`],
  [['--port', '1.5'], `--port cannot be "1.5"; ${PORTS}`],
  [['--port='], `--port cannot be ""; ${PORTS}`],
  [['--port'], '--port has no value; add a whole number from 0 to 65535'],
  [['--port', '1', '--port', '2'], '--port is given twice; give it once'],
  [['--workfront-port', '8o80'], `--workfront-port cannot be "8o80"; ${PORTS}`],
  [['--user', '5'], 'unknown option --user; did you mean --users?'],
  [['--users', '-1'], '--users cannot be "-1"; use a whole number from 2 to 1000000'],
  [['--users', '1'], '--users cannot be "1"; use a whole number from 2 to 1000000'],
  [['--data'], '--data has no value; add the path of a directory'],
  [['--data', '--json'], '--data has no value; add the path of a directory'],
  [['--data='], '--data cannot be ""; use the path of a directory'],
  [['--policy', 'dryRun=true'], `--policy cannot be "dryRun=true"; use a JSON object in quotes, such as '{"dryRun":true}'`],
  [['--policy', '[]'], '--policy cannot be "[]"; use a JSON object in quotes'],
  [['--json=yes'], '--json takes no value; leave out "yes"'],
  [['--no-dmeo'], 'unknown option --no-dmeo; did you mean --no-demo?'],
  [['--work'], 'unknown option --work; did you mean --workfront-port?'],
  [['--frobnicate'], `unknown option --frobnicate; use ${ALL}`],
  [['-p', '80'], `unknown option -p; use ${ALL}`],
  [['users', '5'], 'unknown option users; did you mean --users?'],
  [['--', 'x'], `unknown option x; use ${ALL}`],
];

const FOUND_BEFORE_START: typeof FOUND_BEFORE_INSTALLATION = [
  [['--policy', '{"dryrun":true}'], '--policy has an unknown rule "dryrun"; did you mean "dryRun"?'],
  [['--policy', '{"brake":{"perhour":9}}'], '--policy has an unknown rule "brake.perhour"; did you mean "perHour"?'],
  [['--policy', '{"brake":{"x":9}}'], '--policy has an unknown rule "brake.x"; use perHour, shareOfActivePerDay, floorPerDay'],
  [['--policy', '{"__proto__":1,"x":1}'], '--policy has an unknown rule "'],
  [['--policy', '{"brake":{"perHour":1000}}'], '--policy: brake.perHour: expected at most 500'],
  [['--policy', '{"dryRun":"yes"}'], '--policy: dryRun: expected a boolean'],
  [['--stages', 'mine.json'], '--stages has no stage; add --stage NAME'],
  [['--stage', 'test', '--policy', '{"dryRun":true}'], '--policy and --stage exclude each other; write the rules into the stage'],
];

describe('npm start', () => {
  it.each([...FOUND_BEFORE_INSTALLATION, ...FOUND_BEFORE_START])('refuses %j before it opens anything', async (args, sentence) => {
    const dataDir = join(await temporaryDirectory(), 'data');
    const data = args.some((arg) => arg.startsWith('--data')) ? [] : ['--data', dataDir];

    const { code, out, err } = await run('bin/local.ts', ...data, ...args);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.split('\n')).toEqual([expect.stringContaining(sentence), 'npm start -- --help lists all options.', '']);
    expect(existsSync(dataDir)).toBe(false);
  });

  it.each(FOUND_BEFORE_INSTALLATION)('refuses %j before it installs anything', async (args, sentence) => {
    expect(await run('bin/check-options.mjs', ...args)).toEqual({ code: 2, out: '', err: expect.stringContaining(sentence) });
  });

  it('refuses a wrong file of stages in one line', async () => {
    const folder = await temporaryDirectory();
    const file = join(folder, 'mine.json');
    await writeFile(file, '{"stages":{"test":{"wrokfront":{}}}}');
    const dataDir = join(folder, 'data');

    expect(await run('bin/local.ts', '--data', dataDir, '--stages', file, '--stage', 'test')).toEqual({
      code: 2,
      out: '',
      err: `${file}: stages.test: unknown key "wrokfront"; did you mean "workfront"?\n`,
    });
    expect(existsSync(dataDir)).toBe(false);
  });

  it('accepts good options before it installs anything', async () => {
    const args = ['--port', '0', '--data', 'x', '--users=5', '--policy', '{"dryRun":true}', '--no-demo', '--json'];

    expect(await run('bin/check-options.mjs', ...args)).toEqual({ code: 0, out: '', err: '' });
  });

  it.each(['bin/local.ts', 'bin/check-options.mjs'])('lists its options with their defaults for --help: %s', async (program) => {
    const { code, out } = await run(program, '--help');

    expect(code).toBe(0);
    expect(out).toMatch(/^npm start -- \[options\]\n/);
    for (const option of ['--port N', '--data DIR', '--users N', '--policy JSON', '--stage NAME', '--no-demo'])
      expect(out).toContain(option);
    expect(out).toContain('(default 8787)');
  });
});

describe.each<[program: string, call: string, cases: [args: string[], sentence: string][]]>([
  [
    'test/fuzz/run.ts',
    'npm run test:fuzz --',
    [
      [['--runs', 'abc'], '--runs cannot be "abc"; use a whole number from 1 to 1000000000'],
      [['--run', '5'], 'unknown option --run; did you mean --runs?'],
      [['--only', '5'], '--only has no seed; add --seed S'],
    ],
  ],
  [
    'test/bench/run.ts',
    'npm run bench --',
    [
      [['--burst', 'x'], '--burst cannot be "x"; use a whole number from 1 to 999999'],
      [['--wirte'], 'unknown option --wirte; did you mean --write?'],
    ],
  ],
  ['test/leaks/run.ts', 'npm run test:leaks --', [[['--runs', '5'], 'unknown option --runs; there are no options']]],
  ['test/aws-emulator/run.ts', 'npm run test:aws --', [[['--stage', 'test'], 'unknown option --stage; there are no options']]],
  ['test/cfn-lint/run.ts', 'npm run test:template --', [[['--fix'], 'unknown option --fix; there are no options']]],
  ['bin/openapi.ts', 'npm run openapi --', [[['--check'], 'unknown option --check; there are no options']]],
])('%s', (program, call, cases) => {
  it.each(cases)('refuses %j', async (args, sentence) => {
    const { code, out, err } = await run(program, ...args);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.split('\n')).toEqual([expect.stringContaining(sentence), `${call} --help lists all options.`, '']);
  });
});
