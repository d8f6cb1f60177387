import * as z from 'zod';
import { PermanentFailure } from '../../lambda/domain/failures.ts';

/** The result codes of SQLite ("Result and Error Codes") and the error codes of the file system, by what they mean for a directory. */
const FULL = [13, 'ENOSPC', 'EDQUOT'];
/** ENOENT: what Node.js makes of EROFS when it makes a directory and its parents. */
const NOT_WRITABLE = [8, 14, 'EACCES', 'EPERM', 'EROFS', 'ENOENT'];
const NOT_A_DIRECTORY = ['EEXIST', 'ENOTDIR'];

/**
 * Explains why a data directory cannot be used, in one sentence that names its path.
 *
 * @returns PermanentFailure `disk-full`, `directory-not-writable`, `not-a-directory` or, for any other error, `directory-unusable`
 */
export function directoryFailure(directory: string, error: unknown): PermanentFailure {
  const { code, message } = explanationOf(directory, error);
  return new PermanentFailure(code, message, { cause: error });
}

/** Whether a disk is full. LevelDB, which keeps the ledger, says so only in its text. */
export const isDiskFull = (error: unknown): boolean =>
  isOneOf(FULL, error) || /No space left on device/.test(textOf(error, 'message') ?? '');

function explanationOf(directory: string, error: unknown): { code: string; message: string } {
  if (isDiskFull(error))
    return { code: 'disk-full', message: `the disk of ${directory} is full; free some space, or use another directory with --data` };
  if (isOneOf(NOT_WRITABLE, error))
    return {
      code: 'directory-not-writable',
      message: `${directory} cannot be made or written; give yourself the right to write there, or use another directory with --data`,
    };
  if (isOneOf(NOT_A_DIRECTORY, error))
    return { code: 'not-a-directory', message: `${directory} is not a directory; use the path of a directory with --data` };
  const problem = textOf(error, 'message') ?? String(error);
  return { code: 'directory-unusable', message: `${directory} cannot be used (${problem}); use another directory with --data` };
}

function isOneOf(codes: readonly unknown[], error: unknown): boolean {
  return codes.includes(propertyOf(error, 'errcode')) || codes.includes(propertyOf(error, 'code'));
}

const textOf = (error: unknown, key: string) => z.string().optional().catch(undefined).parse(propertyOf(error, key));

const propertyOf = (error: unknown, key: string): unknown =>
  typeof error === 'object' && error !== null ? Object.getOwnPropertyDescriptor(error, key)?.value : undefined;
