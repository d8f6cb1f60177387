import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { synthBundles } from '../support/synth-bundles.ts';

export interface ColdBundle {
  name: string;
  of: 'receiver' | 'worker' | 'neither';
  file: string;
  /** Of Node.js, for the process that loads it. */
  flags: string[];
  /** What the zip that Lambda unpacks weighs. */
  zipBytes: number;
}

const root = join(import.meta.dirname, '..', '..');

/** As the Powertools documentation and `NodejsFunction` with `OutputFormat.ESM` make it: readable code, source maps on. */
const COMMON: BuildOptions = {
  format: 'esm',
  mainFields: ['module', 'main'],
  sourcemap: true,
  outExtension: { '.js': '.mjs' },
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
};

/** Ours in all but one thing: the SDK is looked for at run time, as in Lambda's own copy. */
const SDK_OUTSIDE: BuildOptions = {
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  supported: { 'dynamic-import': false },
  external: ['@aws-sdk/*', '@smithy/*', '@aws/*'],
};

/** Builds everything that is compared, now, into a folder of its own. */
export async function buildColdBundles(folder: string): Promise<ColdBundle[]> {
  const peers = join(folder, 'peers');
  mkdirSync(peers, { recursive: true });
  // For the SDK that is left outside; our own bundles have nothing beside them.
  symlinkSync(join(root, 'node_modules'), join(peers, 'node_modules'));
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  writeFileSync(join(empty, 'index.js'), "exports.handler = async () => ({ statusCode: 202, body: '' });\n");
  const ours = synthBundles(join(folder, 'synth'));
  const made = async (name: string, entry: string, options: BuildOptions) => {
    const outdir = join(peers, name);
    await build({ entryPoints: { index: join(root, entry) }, outdir, bundle: true, platform: 'node', target: 'node24', ...options });
    return outdir;
  };

  return [
    bundle('empty', 'neither', empty),
    bundle('receiver', 'receiver', ours.receiver),
    bundle('receiver, peer (a): common style', 'receiver', await made('peer-a-receiver', 'test/bench/peers/common-receiver.ts', COMMON)),
    bundle('receiver, peer (b): SDK outside', 'receiver', await made('peer-b-receiver', 'lambda/receiver.ts', SDK_OUTSIDE)),
    bundle('worker', 'worker', ours.worker),
    bundle('worker, peer (a): common style', 'worker', await made('peer-a-worker', 'test/bench/peers/common-worker.ts', COMMON)),
    bundle('worker, peer (b): SDK outside', 'worker', await made('peer-b-worker', 'lambda/worker.ts', SDK_OUTSIDE)),
  ];
}

function bundle(name: string, of: ColdBundle['of'], folder: string): ColdBundle {
  const files = readdirSync(folder);
  const main = files.includes('index.mjs') ? 'index.mjs' : 'index.js';
  return {
    name,
    of,
    file: join(folder, main),
    flags: files.includes(`${main}.map`) ? ['--enable-source-maps'] : [],
    zipBytes: files.reduce((bytes, file) => bytes + zipped(join(folder, file), file), END_OF_ZIP),
  };
}

/** Headers of the ZIP format (APPNOTE 6.3): local 30 bytes and central 46 bytes for each file, and the end, 22. */
const END_OF_ZIP = 22;

function zipped(path: string, name: string): number {
  return deflateRawSync(readFileSync(path), { level: 9 }).length + 30 + 46 + 2 * Buffer.byteLength(name);
}
