import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { BUNDLE_OPTIONS } from '../../lib/bundle.ts';

const inputs = z.record(z.string(), z.object({ bytesInOutput: z.number() }));
const metafile = z.object({ outputs: z.record(z.string(), z.object({ inputs })) });

/** Lists what esbuild bundles with the options of lib/bundle.ts. Runs its program, since its API does not work within jest. */
export function modulesOf(name: 'receiver' | 'worker'): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'modules-'));
  const file = join(folder, `${name}.json`);
  try {
    execFileSync('node_modules/.bin/esbuild', [
      `lambda/${name}.ts`,
      ...BUNDLE_OPTIONS,
      `--outfile=${join(folder, `${name}.js`)}`,
      `--metafile=${file}`,
    ]);
    const { outputs } = metafile.parse(JSON.parse(readFileSync(file, 'utf8')));
    return Object.values(outputs).flatMap((output) =>
      Object.entries(output.inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
