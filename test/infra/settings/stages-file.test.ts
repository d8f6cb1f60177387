import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../../lambda/domain/failures.ts';
import { readStagesFile } from '../../../lib/settings/stages-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'stages-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file of stages', () => {
  it('is JSON that may have comments, trailing commas and the name of its schema', async () => {
    writeFileSync(join(folder, 'a.json'), '{\n  // ours\n  "$schema": "x", "stages": { "test": { "a": 1, }, },\n}');

    expect(await readStagesFile('a.json', folder)).toEqual({ file: 'a.json', stages: { test: { a: 1 } } });
  });

  it('is nothing if none is named and none is there', async () => {
    expect(await readStagesFile(undefined, folder)).toBeUndefined();
  });

  it.each([
    [
      'b.json',
      '{\n  "stages": {\n    "test": { "a" 1 }\n  }\n}',
      'b.json: line 3, column 19: colon expected; correct it there or just before',
    ],
    ['c.json', '{ "stages": {', 'c.json: line 1, column 14: close brace expected; correct it there or just before'],
    ['d.json', '{ "stages": { "test": secret } }', 'd.json: line 1, column 23: invalid symbol; correct it there or just before'],
    ['e.json', '{ "test": {} }', 'e.json: expected "stages" with your stages by name, got none; see docs/settings.md'],
    ['f.yaml', 'stages:', 'f.yaml has an ending that is not known; use .json, .jsonc or .ts'],
  ])('is refused in one line: %s', async (file, text, line) => {
    writeFileSync(join(folder, file), text);

    await expect(readStagesFile(file, folder)).rejects.toEqual(new InvalidInput(line));
  });

  it('that is not there is refused', async () => {
    await expect(readStagesFile('none.json', folder)).rejects.toEqual(
      new InvalidInput('there is no file none.json; npm run ops -- init writes one'),
    );
  });
});
