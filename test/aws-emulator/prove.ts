import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { type Emulator, LOG, startEmulator } from './emulator.ts';
import { installEmulator } from './install-emulator.ts';
import { TOOLS_LOG } from './shell.ts';
import type { Step } from './story.ts';

/** A run over an empty emulator. */
export interface Run {
  emulator: Emulator;
  /** Ends the run: an interruption, or its limit. */
  signal: AbortSignal;
  /** Does one step, and prints what came of it. @throws what the step throws */
  step(one: Step): Promise<void>;
  /** Is called at the end, in the opposite order. */
  atTheEnd(cleanUp: () => Promise<unknown>): void;
}

/** Starts an emulator, makes it the AWS of this process, does every step, and ends this process. */
export async function prove(all: (run: Run) => Promise<void>, { withinMs }: { withinMs: number }): Promise<never> {
  mkdirSync('reports', { recursive: true });
  rmSync(TOOLS_LOG, { force: true });
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort(new Error(`stopped by ${signal}`)));
  const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(withinMs)]);
  const startedAt = Date.now();
  const cleanUps: (() => Promise<unknown>)[] = [];
  const step = (one: Step) => stepOf(one, signal);

  try {
    await step(['the emulator is installed', () => installEmulator(signal)]);
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
    await all({ emulator, signal, step, atTheEnd: (cleanUp) => cleanUps.push(cleanUp) });
    console.log(`all steps passed in ${seconds(startedAt)}`);
  } catch (error) {
    console.error(signal.aborted ? `gave up: ${signal.reason}` : sentenceOf(error));
    console.error(`the output of the emulator is in ${LOG}, that of the tools in ${TOOLS_LOG}`);
    process.exitCode = 1;
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
  process.exit();
}

/** Makes this process use the emulator as AWS. */
function takeForAws({ environment }: Emulator): void {
  Object.assign(process.env, environment);
  setDefaultCACertificates([...getCACertificates(), readFileSync(environment.NODE_EXTRA_CA_CERTS ?? '', 'utf8')]);
}

async function stepOf([title, proveIt]: Step, signal: AbortSignal): Promise<void> {
  const from = Date.now();
  try {
    const proof = await proveIt();
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
