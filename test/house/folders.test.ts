import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sourceFiles } from './source-files.ts';

const MOST = 26;
const sources = sourceFiles().filter((file) => /\.(ts|mjs|cjs|js|py)$/.test(file));
const folders = [...Map.groupBy(sources, dirname)].map(([folder, files]) => ({ folder, count: files.length }));

describe('a folder', () => {
  it.each(folders)(`has at most ${MOST} source files: $folder ($count)`, ({ count }) => {
    expect(count).toBeLessThanOrEqual(MOST);
  });

  it('lambda/domain has at most 6 files beside its rooms', () => {
    const beside = readdirSync('lambda/domain', { withFileTypes: true }).filter((entry) => entry.isFile());

    expect(beside.length).toBeGreaterThan(0);
    expect(beside.length).toBeLessThanOrEqual(6);
  });

  it('is named after one idea, never after what is left over', () => {
    const names = new Set(folders.flatMap(({ folder }) => folder.split('/')));

    expect(['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'types', 'misc'].filter((name) => names.has(name))).toEqual([]);
  });
});
