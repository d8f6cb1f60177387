import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';

/** The machine and the day of a measurement, and the versions of the tools. */
export interface Machine {
  date: string;
  system: string;
  versions: Record<string, string>;
}

const named = z.object({ version: z.string() });
const NAMED = [
  '@aws-sdk/client-sqs',
  '@aws-lambda-powertools/logger',
  '@aws-lambda-powertools/tracer',
  '@middy/core',
  'zod',
  'esbuild',
  'autocannon',
];

/** Describes the machine. Call it before the first measurement: the load of other programs makes all figures worse, and the ratios less certain. */
export function machine(): Machine {
  const [load = 0] = loadavg();
  return {
    date: new Date().toISOString().slice(0, 10),
    system: `${availableParallelism()} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${/^\d+\.\d+/.exec(release())?.[0]}, load ${load.toFixed(1)} before`,
    versions: { node: process.versions.node, ...Object.fromEntries(NAMED.map((name) => [name, versionOf(name)])) },
  };
}

const versionOf = (name: string) => named.parse(JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8'))).version;
