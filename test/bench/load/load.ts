import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { type Spread, spreadOf } from '../page/statistics.ts';
import { aTermination, signedHeaders } from '../setup/events.ts';
import { placesOf } from '../setup/places.ts';
import { plainAddresses, SOURCE, startStandIns } from '../setup/stand-ins.ts';
import { startWorker } from '../setup/worker.ts';

export const CONNECTIONS = 10;
/** The number of different deliveries. They are sent repeatedly, as HR systems do. */
const DELIVERIES = 200;
const QUIET = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };

/** The output of autocannon 9 with `--json`. */
const loaded = z.object({
  requests: z.object({ average: z.number() }),
  latency: z.object({ p50: z.number(), p90: z.number(), p99: z.number(), max: z.number() }),
  errors: z.number(),
  timeouts: z.number(),
  non2xx: z.number(),
  '2xx': z.number(),
});

type Loaded = z.infer<typeof loaded>;

interface LoadRow {
  name: string;
  perSecond: Spread;
  p50: Spread;
  p90: Spread;
  p99: Spread;
}

export interface LoadResult {
  seconds: number;
  rows: LoadRow[];
  answered: number;
  /** Not 2xx, or not answered. */
  failed: number;
}

/** Loads the receiver over HTTP while a worker reads the same queue, in turn with an empty handler behind the same gateway. */
export async function measureLoad({
  bundles,
  seconds,
  rounds,
}: {
  bundles: { receiver: string; worker: string; empty: string };
  seconds: number;
  rounds: number;
}): Promise<LoadResult> {
  const standIns = await startStandIns({ users: 1000 });
  const environment = { ...standIns.environment, ...QUIET };
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  const gateways = { 'empty handler': startGateway(bundles.empty, environment), receiver: startGateway(bundles.receiver, environment) };
  const worker = startWorker(bundles.worker, environment);
  const seen: [name: string, run: Loaded][] = [];
  try {
    const deliveries = plainAddresses(standIns.workfront, DELIVERIES).map(aTermination);
    for (let round = 0; round < rounds; round++) {
      for (const [name, gateway] of Object.entries(gateways)) {
        seen.push([name, await load(await gateway.url, { deliveries, seconds, folder })]);
        await placesOf(standIns).untilQueueIsEmpty(300);
      }
    }
  } finally {
    for (const child of [worker, ...Object.values(gateways).map(({ process: child }) => child)]) {
      child.kill('SIGTERM');
      await (child.exitCode ?? once(child, 'exit'));
    }
    await standIns.close();
    rmSync(folder, { recursive: true });
  }
  return summarise(seen, seconds);
}

function startGateway(bundle: string, env: Record<string, string>): { process: ChildProcess; url: Promise<string> } {
  const child = fork(join(import.meta.dirname, 'gateway-process.ts'), [bundle], {
    env,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  return { process: child, url: once(child, 'message').then(([url]) => z.url().parse(url)) };
}

/** Runs autocannon as a program, so that the load has a process of its own; a HAR file has the many different requests. */
async function load(
  url: string,
  { deliveries, seconds, folder }: { deliveries: readonly string[]; seconds: number; folder: string },
): Promise<Loaded> {
  const file = join(folder, 'deliveries.har');
  const entries = deliveries.map((body) => ({
    request: {
      method: 'POST',
      url: `${url}/webhooks/${SOURCE}`,
      headers: Object.entries(signedHeaders(body)).map(([name, value]) => ({ name, value })),
      postData: { text: body },
    },
  }));
  writeFileSync(file, JSON.stringify({ log: { version: '1.2', creator: { name: 'bench', version: '1' }, entries } }));
  const args = ['--json', '--connections', String(CONNECTIONS), '--duration', String(seconds), '--har', file, url];
  const child = spawn(join('node_modules', '.bin', 'autocannon'), args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return loaded.parse(await json(child.stdout));
}

function summarise(seen: readonly (readonly [name: string, run: Loaded])[], seconds: number): LoadResult {
  const all = seen.map(([, run]) => run);
  const byName = Map.groupBy(seen, ([name]) => name);
  return {
    seconds,
    rows: [...byName].map(([name, named]) => {
      const runs = named.map(([, run]) => run);
      return {
        name,
        perSecond: spreadOf(runs.map(({ requests }) => requests.average)),
        p50: spreadOf(runs.map(({ latency }) => latency.p50)),
        p90: spreadOf(runs.map(({ latency }) => latency.p90)),
        p99: spreadOf(runs.map(({ latency }) => latency.p99)),
      };
    }),
    answered: all.reduce((sum, run) => sum + run['2xx'], 0),
    failed: all.reduce((sum, { errors, timeouts, non2xx }) => sum + errors + timeouts + non2xx, 0),
  };
}
