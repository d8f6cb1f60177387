import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { hasTest, testsOn } from './named.ts';

const text = readFileSync('docs/security.md', 'utf8');
const named = testsOn(text);
const threats = text
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.endsWith(' |'))
  .map((line) => line.slice(2, -2).split(' | '))
  .filter((cells) => cells.length === 3 && !['threat', 'who', '---'].includes(cells[0] ?? ''));

describe('docs/security.md', () => {
  it('names no test that is not there', () => {
    expect(named.length).toBeGreaterThan(80);
    expect(named.filter((one) => !hasTest(one))).toEqual([]);
  });

  it('names with each file a title: none stands alone', () => {
    const files = [...text.matchAll(/`(test\/[\w./-]+\.test\.ts)`(?! checks)/g)];

    expect(files.filter(({ index }) => !/^`[^`]+` "/.test(text.slice(index)))).toEqual([]);
  });

  it.each(threats)('says of each threat what shows it, or that nothing stops it: %s', (_threat, stops, shown) => {
    expect(shown?.includes('`test/') || stops?.includes('**Not stopped') || /IAM|people who have/.test(stops ?? '')).toBe(true);
  });
});
