import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installPython, runTool } from '../support/programs/run-tool.ts';

const HOME = resolve('.local/engines');
const PINS = import.meta.dirname;
const LAMBDA = join(HOME, 'lambda');

export const MOTO_PYTHON = join(HOME, 'moto/bin/python');

/** The folder with every jar that ElasticMQ needs. */
export const ELASTICMQ_JARS = join(HOME, 'elasticmq');

/** AWS's Lambda emulator, and its runtime client for Node.js. */
export const LAMBDA_EMULATOR = join(LAMBDA, 'aws-lambda-rie');
export const RUNTIME_CLIENT = join(LAMBDA, 'node_modules/aws-lambda-ric/index.mjs');

/** @throws Error that says what is missing */
export async function installMoto(signal: AbortSignal): Promise<void> {
  const requirements = join(PINS, 'moto/requirements.txt');
  await installOnce(join(HOME, 'moto'), [requirements], (venv) => installPython({ venv, requirements, what: 'moto', signal }));
}

/** @throws Error that says what is missing */
export async function installElasticmq(signal: AbortSignal): Promise<void> {
  await runTool('java', ['-version'], { signal, needed: 'java of at least 17', advice: 'install it' });
  const pom = join(PINS, 'elasticmq/pom.xml');
  await installOnce(ELASTICMQ_JARS, [pom], async (folder) => {
    // Refuses a file whose checksum is not the one that the repository has for it.
    const options = ['--quiet', '--batch-mode', '--strict-checksums', '--file', pom];
    await runTool('mvn', [...options, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`], {
      signal,
      needed: 'mvn, and ElasticMQ from Maven Central',
      advice: 'install Maven, and check that it can reach a repository',
    });
  });
}

/** @throws Error that says what is missing */
export async function installLambda(signal: AbortSignal): Promise<void> {
  const pins = ['go.mod', 'go.sum', 'package.json', 'package-lock.json'].map((name) => join(PINS, 'lambda', name));
  await installOnce(LAMBDA, pins, async (cwd) => {
    for (const pin of pins) cpSync(pin, join(cwd, pin.slice(join(PINS, 'lambda').length)));
    const emulator = 'github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie';
    await runTool('go', ['build', '-mod=readonly', '-o', LAMBDA_EMULATOR, emulator], {
      cwd,
      signal,
      needed: 'go, and the Lambda emulator from a Go module proxy',
      advice: 'install Go, and check that it can reach a proxy (GOPROXY)',
    });
    // Builds a part of it in C++.
    await runTool('npm', ['ci', '--prefix', cwd, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      signal,
      needed: 'npm, cmake, make, a C++ compiler, and the runtime client from the npm registry',
      advice: 'install what is missing',
    });
  });
}

/** Installs into an empty folder, unless the same pins are installed there. */
async function installOnce(folder: string, pins: readonly string[], install: (folder: string) => Promise<void>): Promise<void> {
  const mark = join(folder, 'installed');
  const expected = pins.map((pin) => readFileSync(pin, 'utf8')).join('\n');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === expected) return;

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await install(folder);
  writeFileSync(mark, expected);
}
