import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ParseError, parse as parseJsonc, printParseErrorCode } from 'jsonc-parser';
import { InvalidInput } from '../../lambda/domain/failures.ts';

/** Where the stages are looked for, if no file is named. None of them is in git. */
const CONVENTIONAL = ['stages.json', 'stages.jsonc', 'stages.ts'] as const;

/** What a file of stages holds, before it is checked. */
export interface WrittenStages {
  /** The file as the person named it. */
  file: string;
  stages: unknown;
}

/**
 * Reads a file of stages: JSON, which may have comments, or a TypeScript module that exports `stages`.
 *
 * @param named undefined: the first of `CONVENTIONAL` that is there
 * @returns undefined if no file is named and none is there
 * @throws InvalidInput one line: no such file, several files, a syntax error with its line and column
 */
export async function readStagesFile(named: string | undefined, folder = process.cwd()): Promise<WrittenStages | undefined> {
  const file = named ?? conventional(folder);
  if (file === undefined) return undefined;
  const path = isAbsolute(file) ? file : join(folder, file);
  if (!existsSync(path)) throw new InvalidInput(`there is no file ${file}; npm run ops -- init writes one`);
  if (/\.jsonc?$/.test(file)) return { file, stages: stagesIn(readJsonc(path, file), file) };
  if (/\.[cm]?[jt]s$/.test(file)) return { file, stages: stagesIn(await importModule(path, file), file) };
  throw new InvalidInput(`${file} has an ending that is not known; use .json, .jsonc or .ts`);
}

function conventional(folder: string): string | undefined {
  const [first, second] = CONVENTIONAL.filter((file) => existsSync(join(folder, file)));
  if (second !== undefined) throw new InvalidInput(`there are both ${first} and ${second}; keep one, or name it by -c stages=FILE`);
  return first;
}

function readJsonc(path: string, file: string): unknown {
  const text = readFileSync(path, 'utf8');
  const errors: ParseError[] = [];
  const value: unknown = parseJsonc(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error === undefined) return value;
  const lines = text.slice(0, error.offset).split('\n');
  const place = `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
  const words = printParseErrorCode(error.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  throw new InvalidInput(`${file}: ${place}: ${words}; correct it there or just before`);
}

async function importModule(path: string, file: string): Promise<unknown> {
  const { href } = pathToFileURL(path);
  try {
    return await import(href);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const [, line] = (error.stack ?? '').split(href)[1]?.match(/^:(\d+)/) ?? [];
    const where = line === undefined ? '' : ` line ${line}:`;
    throw new InvalidInput(`${file}:${where} ${error.message.split('\n')[0]?.trim()}; correct the file`);
  }
}

function stagesIn(value: unknown, file: string): unknown {
  const stages = typeof value === 'object' && value !== null && Object.hasOwn(value, 'stages') ? Reflect.get(value, 'stages') : undefined;
  if (stages === undefined) throw new InvalidInput(`${file}: expected "stages" with your stages by name, got none; see docs/settings.md`);
  return stages;
}
