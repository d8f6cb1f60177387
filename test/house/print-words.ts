import { readFileSync } from 'node:fs';
import { sourceFiles } from './source-files.ts';
import { inOneLine, refusedWords, roomOf } from './words.ts';

// Prints every refused word, by room. Ends with 1 if there is any.
const all = sourceFiles().flatMap((file) => refusedWords(file, readFileSync(file, 'utf8')));

for (const [room, found] of Map.groupBy(all, ({ file }) => roomOf(file))) {
  console.log(`${room}: ${found.length}`);
  for (const refusal of found) console.log(`  ${inOneLine(refusal)}`);
}
console.log(`${all.length} in all`);
process.exitCode = all.length === 0 ? 0 : 1;
