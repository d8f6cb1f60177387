import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { synthBundles } from '../../support/synth-bundles.ts';

export interface ColdBundle {
  name: string;
  of: 'receiver' | 'worker' | 'neither';
  file: string;
  /** The flags of Node.js for the process that loads it. */
  flags: string[];
  /** The size of the zip that Lambda unpacks. */
  zipBytes: number;
}

const root = join(import.meta.dirname, '..', '..', '..');

/** The style of the Powertools documentation, and of `NodejsFunction` with `OutputFormat.ESM`: readable code, source maps on. */
const COMMON: BuildOptions = {
  format: 'esm',
  mainFields: ['module', 'main'],
  sourcemap: true,
  outExtension: { '.js': '.mjs' },
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
};

/** Our own style, except that the SDK is outside of the bundle, as Lambda's own copy is. */
const SDK_OUTSIDE: BuildOptions = {
  format: 'cjs',
  mainFields: ['module', 'main'],
  minify: true,
  supported: { 'dynamic-import': false },
  external: ['@aws-sdk/*', '@smithy/*', '@aws/*'],
};

/** Builds every bundle of the comparison into a folder of its own. */
export async function buildColdBundles(folder: string): Promise<ColdBundle[]> {
  const peers = join(folder, 'peers');
  mkdirSync(peers, { recursive: true });
  // For the SDK outside of the bundle; our own bundles need no packages.
  symlinkSync(join(root, 'node_modules'), join(peers, 'node_modules'));
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  writeFileSync(join(empty, 'index.js'), "exports.handler = async () => ({ statusCode: 202, body: '' });\n");
  const ours = synthBundles(join(folder, 'synth'));
  const made = async ({ name, entry }: { name: string; entry: string }, options: BuildOptions) => {
    const outdir = join(peers, name);
    await build({ entryPoints: { index: join(root, entry) }, outdir, bundle: true, platform: 'node', target: 'node24', ...options });
    return outdir;
  };

  return [
    bundle({ name: 'empty', of: 'neither', folder: empty }),
    bundle({ name: 'receiver', of: 'receiver', folder: ours.receiver }),
    bundle({
      name: 'receiver, peer (a): common style',
      of: 'receiver',
      folder: await made({ name: 'peer-a-receiver', entry: 'test/bench/peers/common-receiver.ts' }, COMMON),
    }),
    bundle({
      name: 'receiver, peer (b): SDK outside',
      of: 'receiver',
      folder: await made({ name: 'peer-b-receiver', entry: 'lambda/receiver.ts' }, SDK_OUTSIDE),
    }),
    bundle({ name: 'worker', of: 'worker', folder: ours.worker }),
    bundle({
      name: 'worker, peer (a): common style',
      of: 'worker',
      folder: await made({ name: 'peer-a-worker', entry: 'test/bench/peers/common-worker.ts' }, COMMON),
    }),
    bundle({
      name: 'worker, peer (b): SDK outside',
      of: 'worker',
      folder: await made({ name: 'peer-b-worker', entry: 'lambda/worker.ts' }, SDK_OUTSIDE),
    }),
  ];
}

function bundle({ name, of, folder }: Pick<ColdBundle, 'name' | 'of'> & { folder: string }): ColdBundle {
  const files = readdirSync(folder);
  const main = files.includes('index.mjs') ? 'index.mjs' : 'index.js';
  return {
    name,
    of,
    file: join(folder, main),
    flags: files.includes(`${main}.map`) ? ['--enable-source-maps'] : [],
    zipBytes: files.reduce((bytes, file) => bytes + zippedBytes({ path: join(folder, file), name: file }), END_OF_ZIP),
  };
}

/** The headers of the ZIP format (APPNOTE 6.3): 30 bytes local and 46 bytes central for each file, and 22 at the end. */
const END_OF_ZIP = 22;

function zippedBytes({ path, name }: { path: string; name: string }): number {
  return deflateRawSync(readFileSync(path), { level: 9 }).length + 30 + 46 + 2 * Buffer.byteLength(name);
}
