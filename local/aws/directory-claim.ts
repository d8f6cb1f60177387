import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { directoryFailure } from './directory-failure.ts';

/**
 * Makes the directory, readable by its owner only, and claims it for this process until `close` or until the process ends in any
 * way: the claim is a lock of the operating system on an SQLite file.
 *
 * @throws PermanentFailure `directory-in-use` if another process has the claim: two local systems would ruin each other's data; the
 *   codes of {@link directoryFailure} if the directory cannot be used at all
 */
export function claimDirectory(directory: string): { close(): Promise<void> } {
  let claim: DatabaseSync | undefined;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    claim = new DatabaseSync(join(directory, 'claim.db'), { timeout: 0 });
    claim.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    const claimed = claim;
    return { close: async () => claimed.close() };
  } catch (error) {
    claim?.close();
    throw isBusy(error) ? inUse(directory, error) : directoryFailure(directory, error);
  }
}

function inUse(directory: string, cause: unknown): PermanentFailure {
  const message = `another local system uses ${directory}; stop it first, or use another directory with --data`;
  return new PermanentFailure('directory-in-use', message, { cause });
}

/** SQLITE_BUSY, the only error of SQLite that means that another process has the lock. */
const isBusy = (error: unknown) => typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === 5;
