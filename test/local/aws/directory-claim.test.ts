import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { claimDirectory } from '../../../local/aws/directory-claim.ts';
import { directoryFailure } from '../../../local/aws/directory-failure.ts';
import { closing } from '../support/closing.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('a directory', () => {
  it('is used by one local system at a time', async () => {
    const directory = join(await temporaryDirectory(), 'new', 'data');
    const first = claimDirectory(directory);

    expect(() => claimDirectory(directory)).toThrow(
      `another local system uses ${directory}; stop it first, or use another directory with --data`,
    );
    await first.close();
    expect(() => closing(claimDirectory(directory), ({ close }) => close())).not.toThrow();
  });

  it.each<[what: string, spoil: (directory: string) => string, code: string, sentence: string]>([
    ['is a file', (directory) => fileIn(directory), 'not-a-directory', 'is not a directory; use the path of a directory'],
    ['is below a file', (directory) => join(fileIn(directory), 'x'), 'not-a-directory', 'is not a directory; use the path of a directory'],
    ['cannot be opened for writing', (directory) => unwritable(directory), 'directory-not-writable', 'cannot be made or written; give'],
    [
      'has another file in the place of the claim',
      (directory) => notOurs(directory),
      'directory-unusable',
      'cannot be used (file is not a database); use',
    ],
  ])('that %s is refused by its path, and not called in use', async (_, spoil, code, sentence) => {
    const directory = spoil(await temporaryDirectory());

    expect(failureOf(() => claimDirectory(directory))).toMatchObject({
      code,
      message: expect.stringContaining(`${directory} ${sentence}`),
    });
  });

  it.each([
    ['SQLite', Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })],
    ['the file system', Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })],
    ['LevelDB', Object.assign(new Error('IO error: 000003.log: No space left on device'), { code: 'LEVEL_IO_ERROR' })],
  ])('on a full disk is refused as such, by the error of %s', (_, error) => {
    expect(directoryFailure('/data', error)).toMatchObject({
      code: 'disk-full',
      message: 'the disk of /data is full; free some space, or use another directory with --data',
    });
  });

  it.each([
    ['SQLite', Object.assign(new Error('unable to open database file'), { code: 'ERR_SQLITE_ERROR', errcode: 14 })],
    ['a read-only file system', Object.assign(new Error('EROFS: read-only file system, mkdir'), { code: 'EROFS' })],
    ['a missing right', Object.assign(new Error('EACCES: permission denied, mkdir'), { code: 'EACCES' })],
  ])('that cannot be written is refused as such, by the error of %s', (_, error) => {
    expect(directoryFailure('/data', error)).toMatchObject({ code: 'directory-not-writable' });
  });
});

function fileIn(directory: string): string {
  writeFileSync(join(directory, 'file'), '');
  return join(directory, 'file');
}

/** SQLite gives the same error for a directory without the right to write; no right stops the administrator who may run this test. */
function unwritable(directory: string): string {
  mkdirSync(join(directory, 'claim.db'));
  return directory;
}

function notOurs(directory: string): string {
  writeFileSync(join(directory, 'claim.db'), 'not a database '.repeat(100));
  return directory;
}

function failureOf(act: () => unknown): unknown {
  try {
    act();
  } catch (failure) {
    return failure;
  }
  return undefined;
}
