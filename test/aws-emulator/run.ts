import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { readCommandLine } from '../../local/command-line.mjs';
import { startFakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import { generateDirectory } from '../../local/workfront/users/population.ts';
import { callsStep } from './calls-step.ts';
import { deliverySteps, laterStep, rescindedStep, scheduledStep } from './delivery-steps.ts';
import { openDeployed, SIGNING_SECRET, SOURCE } from './deployed.ts';
import { type Emulator, LOG, STAGE, startEmulator } from './emulator.ts';
import { grantAgain } from './grant-again.ts';
import { commandsOf, type GuideCommand } from './guide.ts';
import { installEmulator } from './install-emulator.ts';
import { logsStep, operatorSteps } from './operator-steps.ts';
import { openShell, TOOLS_LOG } from './shell.ts';
import { stackSteps } from './stack-steps.ts';
import { POPULATION, type Step, tellStory } from './story.ts';
import { troubleSteps } from './trouble-steps.ts';

/** The limit of the whole run, with the installation of the emulator on a fresh machine. */
const WITHIN_MS = 600_000;

/** The run types its commands in order, and compares their output with it. */
const GUIDE = 'docs/deploy.md';

readCommandLine({ call: 'npm run test:aws --', options: {} });
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
  console.error(signal.aborted ? `gave up: ${signal.reason}` : sentenceOf(error));
  console.error(`the output of the emulator is in ${LOG}, that of the tools in ${TOOLS_LOG}`);
  process.exitCode = 1;
} finally {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
}
process.exit();

async function proveAll(): Promise<void> {
  await step(['the emulator is installed', () => installEmulator(signal)]);
  const workfront = await startFakeWorkfront({ directory: generateDirectory(POPULATION) });
  cleanUps.push(workfront.close);
  let emulator: Emulator | undefined;
  await step([
    'the emulator is up, on 127.0.0.1 only, and checks permissions and TLS',
    async () => {
      emulator = await startEmulator(signal);
      cleanUps.push(emulator.stop);
      return emulator.environment.AWS_ENDPOINT_URL ?? '';
    },
  ]);
  if (emulator === undefined) throw new Error('the emulator did not start; see its log');
  takeForAws(emulator);

  const shell = openShell(emulator, workfront.url, signal);
  const secrets = { workfront: workfront.apiKey, [SOURCE]: SIGNING_SECRET, hmac: 'another secret for the emulator alone' };
  for (const command of commandsOf(readFileSync(GUIDE, 'utf8'))) {
    await step([`${GUIDE}: ${command.line}`, () => shell.follow(command, secrets)]);
    if (isDeployment(command)) await grantAgain();
  }
  const system = await openDeployed(emulator, shell, signal);
  const story = tellStory(system, workfront);
  await step(scheduledStep(story));
  await step([
    'a second deployment of the same commit changes nothing',
    async () => {
      const { code, out, err } = await shell.run('npx', ['cdk', 'deploy', '-c', `stage=${STAGE}`]);
      if (code !== 0 || !(out + err).includes('(no changes)'))
        throw new Error('the second deployment changed something; see what cdk printed');
      return 'no changes';
    },
  ]);
  const steps = [
    ...deliverySteps(story),
    rescindedStep(story),
    ...troubleSteps(story),
    ...operatorSteps(story),
    laterStep(story),
    logsStep(story),
    callsStep(shell),
    ...stackSteps(shell),
  ];
  for (const one of steps) await step(one);
}

/** Whether the command deploys the stack. */
function isDeployment({ line, exit }: GuideCommand): boolean {
  return line.startsWith('npx cdk deploy') && exit === 0;
}

/** Makes this process use the emulator as AWS. */
function takeForAws({ environment }: Emulator): void {
  Object.assign(process.env, environment);
  setDefaultCACertificates([...getCACertificates(), readFileSync(environment.NODE_EXTRA_CA_CERTS ?? '', 'utf8')]);
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
