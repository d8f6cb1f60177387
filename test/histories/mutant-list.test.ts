import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { MUTANTS } from './run/mutant-list.ts';

const CORE = resolve(import.meta.dirname, '../../lambda/domain');

it('each rule that can be taken out is in the core, once, where its edit looks for it', async () => {
  const missed: string[] = [];

  for (const { name, edits } of MUTANTS) {
    for (const { file, from, to } of edits) {
      const parts = (await readFile(join(CORE, file), 'utf8')).split(from);
      if (parts.length !== 2 || from === to) missed.push(`${name}: ${file} has the text ${parts.length - 1} times: ${from}`);
    }
  }

  expect(missed).toEqual([]);
});

it('each has a name of its own', () => {
  const names = MUTANTS.map(({ name }) => name);

  expect(names).toEqual([...new Set(names)]);
});
