import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import * as z from 'zod';
import { ADDRESS } from '../aws-emulator/emulator.ts';

/** The version whose stages are upgraded. */
export const VERSION = '0.2.0';

/** What that version deploys, and its commands: one compressed file, which `node test/upgrade/make-fixture.ts` writes. */
export const FIXTURE = join(import.meta.dirname, `${VERSION}.json.br`);

/** In the fixture: the cloud assembly of the stage `test`, and the commands as one file. */
export const ASSEMBLY = 'assembly';
export const COMMANDS = 'offboarding/bin/ops.mjs';

/** A window that reaches over all files, because they share much. */
const HOW = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_LGWIN]: 24 } };

const files = z.record(z.string(), z.string());

/** Writes the fixture: every file below a folder, with its text but for the folders of this machine. @returns its size in bytes */
export function packFixture(folder: string): number {
  const names = globSync('**', { cwd: folder }).filter((name) => statSync(join(folder, name)).isFile());
  const textOf = (name: string) => readFileSync(join(folder, name), 'utf8').replaceAll(`${process.cwd()}/`, '');
  const all = Object.fromEntries(names.sort().map((name) => [name, textOf(name)]));
  writeFileSync(FIXTURE, brotliCompressSync(JSON.stringify(all), HOW));
  return statSync(FIXTURE).size;
}

/** The files of the fixture: their texts by name. */
export const fixtureFiles = () => files.parse(JSON.parse(brotliDecompressSync(readFileSync(FIXTURE)).toString()));

/** Writes the files of the fixture into a folder. The address of Workfront becomes that of a stand-in. */
export function unpackFixture(folder: string, workfrontUrl: string): void {
  for (const [name, text] of Object.entries(fixtureFiles())) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name.endsWith('.template.json') ? text.replaceAll(ADDRESS, workfrontUrl) : text);
  }
}
