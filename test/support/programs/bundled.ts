import { join, resolve } from 'node:path';

/**
 * The file to start for a program of ours: its bundle where jest has made one (`test/on-node/bundle-programs.mjs`), else the program
 * itself, as in a check that runs without jest.
 *
 * @param program such as `bin/ops.ts`
 */
export function bundled(program: string): string {
  const { BUNDLED_PROGRAMS: folder } = process.env;
  return folder === undefined ? resolve(program) : join(folder, program.replace(/\.ts$/, '.mjs'));
}
