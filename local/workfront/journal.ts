import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FakeDirectory } from './directory.ts';
import { fakeUser } from './user.ts';

/**
 * Brings a directory to the state that the journal holds and keeps the journal from then on: one line of JSON for each user added or updated, as
 * it was then. A line is handed to the operating system before Workfront answers, so the state survives `kill -9`. A line cut short by a crash
 * is dropped. Start with the same population each time.
 * @throws Error where the file holds something else
 */
export function keepJournal(directory: FakeDirectory, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
  if (whole.length < bytes.length) truncateSync(file, whole.length);

  for (const line of whole.toString('utf8').split('\n').slice(0, -1)) {
    const user = fakeUser.parse(JSON.parse(line));
    if (directory.byId(user.ID) === undefined) directory.add(user);
    else directory.update(user.ID, user);
  }
  directory.onChange((user) => appendFileSync(file, `${JSON.stringify(user)}\n`));
}
