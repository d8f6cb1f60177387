import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const outdir = join(root, 'node_modules/.cache/programs');

/** Lets a module in a bundle find the files beside its source. */
const atItsPlace = {
  name: 'at-its-place',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

/** Writes a file unless it is the same already: another run may be using it. */
async function write({ path, text }) {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/**
 * Bundles the programs that tests start hundreds of times, before the first suite: loading 600 modules takes three times as long as
 * loading one. Tests find them by BUNDLED_PROGRAMS.
 */
export default async function bundlePrograms() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['bin/ops.ts', 'bin/local.ts', 'test/docs/terminal-process.ts'],
    outbase: root,
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    external: ['aws-cdk-lib', 'constructs', 'dynalite'],
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    plugins: [atItsPlace],
    logLevel: 'warning',
  });
  await Promise.all(outputFiles.map(write));
  process.env.BUNDLED_PROGRAMS = outdir;
}
