import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { generateDirectory } from '../../local/fake-population.ts';
import { startFakeWorkfront } from '../../local/fake-workfront.ts';
import { cdkOn, TOOLS_LOG } from './cdk.ts';
import { type Deployed, openDeployed } from './deployed.ts';
import { type Emulator, installEmulator, LOG, startEmulator } from './emulator.ts';
import { grantAgain } from './grant-again.ts';
import { type Step, stepsOn } from './steps.ts';

/** All of it; a fresh machine installs the emulator within this too. */
const WITHIN_MS = 240_000;

mkdirSync('reports', { recursive: true });
rmSync(TOOLS_LOG, { force: true });
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort(new Error(`stopped by ${signal}`)));
const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(WITHIN_MS)]);
const startedAt = Date.now();
const cleanUps: (() => Promise<unknown>)[] = [];

try {
  await proveAll();
  console.log(`all steps passed in ${seconds(startedAt)}`);
} catch (error) {
  console.error(signal.aborted ? `given up: ${signal.reason}` : sentenceOf(error));
  console.error(`what the emulator and the tools printed: ${LOG}, ${TOOLS_LOG}`);
  process.exitCode = 1;
} finally {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
}
process.exit();

async function proveAll(): Promise<void> {
  await step(['the emulator is installed', () => installEmulator(signal)]);
  const workfront = await startFakeWorkfront({ directory: generateDirectory({ users: 500 }) });
  cleanUps.push(workfront.close);
  let emulator: Emulator | undefined;
  await step([
    'the emulator is up, on 127.0.0.1 alone, checking permissions and TLS',
    async () => {
      emulator = await startEmulator(signal);
      cleanUps.push(emulator.stop);
      return emulator.environment.AWS_ENDPOINT_URL ?? '';
    },
  ]);
  if (emulator === undefined) throw new Error('no emulator');
  takeForAws(emulator);

  const cdk = cdkOn(emulator, workfront.url, signal);
  await step(['the account is bootstrapped', async () => cdk.bootstrap().then(() => 'cdk bootstrap')]);
  await step(['the stage is deployed', async () => cdk.deploy().then(() => 'cdk deploy')]);
  await grantAgain();
  const system = await openDeployed(emulator, signal);
  await step(['the secrets are set', async () => setSecrets(system, workfront.apiKey)]);
  const [later, ...steps] = stepsOn(system, workfront);
  if (later !== undefined) await step(later);
  await step([
    'the same commit deployed again changes nothing',
    async () => {
      if (!(await cdk.deploy()).includes('(no changes)')) throw new Error('wanted (no changes), came a deployment');
      return 'no changes';
    },
  ]);
  for (const one of steps) await step(one);
}

/** For this process, what the emulator's environment says for others. */
function takeForAws({ environment }: Emulator): void {
  Object.assign(process.env, environment);
  setDefaultCACertificates([...getCACertificates(), readFileSync(environment.NODE_EXTRA_CA_CERTS ?? '', 'utf8')]);
}

async function setSecrets(system: Deployed, apiKey: string): Promise<string> {
  await system.setSecrets({ kind: 'api-key', apiKey });
  return 'an API key, and what the source signs with';
}

async function step([title, prove]: Step): Promise<void> {
  const from = Date.now();
  try {
    const proof = await prove();
    signal.throwIfAborted();
    console.log(`ok    ${seconds(from).padStart(7)}  ${title}: ${proof}`);
  } catch (error) {
    console.log(`FAIL  ${seconds(from).padStart(7)}  ${title}`);
    throw error;
  }
}

function seconds(from: number): string {
  return `${((Date.now() - from) / 1000).toFixed(1)} s`;
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
