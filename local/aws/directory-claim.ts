import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PermanentFailure } from '../../lambda/domain/failures.ts';

/**
 * Makes the directory, for its owner alone, and claims it for this process until `close` or the process's end, however it ends:
 * the claim is a lock of the operating system on an SQLite file.
 *
 * @throws PermanentFailure `directory-in-use` where another process has it: two local systems would ruin each other's data
 */
export function claimDirectory(directory: string): { close(): Promise<void> } {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const claim = new DatabaseSync(join(directory, 'claim.db'), { timeout: 0 });
  try {
    claim.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    claim.close();
    throw new PermanentFailure('directory-in-use', `expected ${directory} alone, another local system works on it, stop that one first`, {
      cause: error,
    });
  }
  return { close: async () => claim.close() };
}
