import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readCommandLine } from '../../local/command-line.mjs';
import { ACCESS, NETWORK, synthesise } from '../infra/synthesise.ts';

readCommandLine({ call: 'npm run test:template --', options: {} });

/** Rules of cfn-lint that are not asked, each with its reason. */
const NOT_ASKED = {
  W3005: 'the CDK writes a DependsOn beside each reference to a role: said twice, and not wrong',
};

const HOME = resolve('.local/cfn-lint');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const REGION = 'eu-west-1';

/** The example stages, and one that has everything a stage can have. */
const TEMPLATES = {
  test: synthesise('test'),
  production: synthesise('production'),
  everything: synthesise('production', {
    access: ACCESS,
    reserveConcurrency: true,
    network: NETWORK,
    permissionsBoundary: 'arn:aws:iam::123456789012:policy/boundary',
    alarmEmail: 'on-call@acme.test',
  }),
};

const out = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
try {
  const files = Object.entries(TEMPLATES).map(([name, template]) => {
    const file = join(out, `${name}.template.json`);
    writeFileSync(file, JSON.stringify(template.toJSON(), null, 1));
    return file;
  });
  const { status } = spawnSync(
    install(),
    ['--regions', REGION, '--ignore-checks', ...Object.keys(NOT_ASKED), '--format', 'parseable', '--', ...files],
    { stdio: 'inherit' },
  );
  process.exitCode = status ?? 1;
  if (status === 0) console.log(`cfn-lint finds nothing in ${files.length} templates`);
} finally {
  rmSync(out, { recursive: true, force: true });
}

/** The pinned tool, in a virtual environment of the project's own, made once for each list of requirements. */
function install(): string {
  const mark = join(HOME, 'requirements.txt');
  const expected = readFileSync(REQUIREMENTS, 'utf8');
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== expected) {
    rmSync(HOME, { recursive: true, force: true });
    execFileSync('python3', ['-m', 'venv', HOME]);
    execFileSync(
      join(HOME, 'bin/python'),
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--requirement', REQUIREMENTS],
      { stdio: 'inherit' },
    );
    writeFileSync(mark, expected);
  }
  return join(HOME, 'bin/cfn-lint');
}
