import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { FakeDirectory } from './directory.ts';
import { fakeUser } from './user.ts';

const deletion = z.strictObject({ deleted: z.string() });
const line = z.union([deletion, fakeUser]);

/**
 * Brings a directory to the state in the journal, and keeps the journal from then on: one line of JSON for each user who was added,
 * updated or deleted. The operating system has the line before Workfront answers, so the state survives `kill -9`. A line that a
 * crash cut short is dropped. The directory must begin with the same population each time.
 *
 * @throws Error if the file is not a journal
 */
export function keepJournal(directory: FakeDirectory, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
  if (whole.length < bytes.length) truncateSync(file, whole.length);

  for (const text of whole.toString('utf8').split('\n').slice(0, -1)) replay(line.parse(JSON.parse(text)), directory);
  directory.onChange((change) => appendFileSync(file, `${JSON.stringify('user' in change ? change.user : change)}\n`));
}

function replay(change: z.infer<typeof line>, directory: FakeDirectory): void {
  if ('deleted' in change) directory.remove(change.deleted);
  else if (directory.byId(change.ID) === undefined) directory.add(change);
  else directory.update(change.ID, change);
}
