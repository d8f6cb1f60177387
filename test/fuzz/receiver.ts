import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { startLocalAws } from '../../local/aws/local-aws.ts';
import { type RecordingQueue, startRecordingQueue } from './recording-queue.ts';
import { FUZZED_SECRETS, FUZZED_SOURCES } from './targets.ts';

const news = z.union([z.object({ url: z.url() }), z.object({ rss: z.number() }), z.object({ error: z.string() })]);

interface Instance {
  port: number;
  /** The highest use of memory that was seen, in bytes. */
  peak(): number;
  /** What it threw instead of an answer, what it printed as errors, and whether it ended by itself. */
  faults: string[];
  close(): Promise<void>;
}

export interface FuzzedReceiver {
  instances: Instance[];
  queue: RecordingQueue;
  close(): Promise<void>;
}

/**
 * Starts the receiver as it is deployed, behind the local gateway, in processes of its own, with the local secrets and a queue that
 * records.
 */
export async function startReceiver(instances: number): Promise<FuzzedReceiver> {
  const dataDir = await mkdtemp(join(tmpdir(), 'fuzz-'));
  const aws = await startLocalAws({ dataDir, secrets: FUZZED_SECRETS });
  const queue = await startRecordingQueue();
  const env = {
    ...process.env,
    ...aws.environment,
    AWS_ENDPOINT_URL_SQS: queue.endpoint,
    LEAVER_QUEUE_URL: queue.leaverUrl,
    QUARANTINE_QUEUE_URL: queue.quarantineUrl,
    NODE_OPTIONS: '',
    STAGE: 'fuzz',
    SOURCES: JSON.stringify(FUZZED_SOURCES),
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    // Its warnings go to the console, where this process reads them.
    POWERTOOLS_DEV: 'true',
  };
  const started = await Promise.all(Array.from({ length: instances }, () => startInstance(env)));

  return {
    instances: started,
    queue,
    async close() {
      for (const instance of started) await instance.close();
      await queue.close();
      await aws.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function startInstance(env: NodeJS.ProcessEnv): Promise<Instance> {
  const child = fork(new URL('./receiver-process.ts', import.meta.url), {
    env,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const faults: string[] = [];
  let peak = 0;
  let isClosing = false;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stderr?.on('data', (line: Buffer) => faults.push(`printed an error: ${line}`));
  child.once('exit', (code) => {
    if (!isClosing) faults.push(`ended with exit code ${code}`);
  });

  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', () =>
      reject(new Error(`the receiver did not start (${faults.join()}); start test/fuzz/receiver-process.ts by hand to see why`)),
    );
    child.on('message', (message) => {
      const report = news.parse(message);
      if ('url' in report) resolve(report.url);
      else if ('rss' in report) peak = Math.max(peak, report.rss);
      else faults.push(report.error);
    });
  });
  return {
    port: Number(new URL(url).port),
    peak: () => peak,
    faults,
    async close() {
      isClosing = true;
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
