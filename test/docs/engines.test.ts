import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ENGINES } from '../engines/engines.ts';
import { tableUnder } from './named.ts';

const rows = tableUnder(readFileSync('docs/emulator.md', 'utf8'), 'Second opinions');

describe('the engines in docs/emulator.md', () => {
  it('are those that judge, at the versions that are installed', () => {
    const documented = rows.map(([name = '', version]) => ({ name: name.split(' ')[0], version }));

    expect(documented).toEqual(ENGINES.map(({ name, version }) => ({ name, version })));
  });

  it('have a licence, say what they judge and where they differ from AWS', () => {
    for (const [name, , licence, judges, differs] of rows) {
      expect([name, licence]).toEqual([name, expect.stringMatching(/^(Apache-2\.0|MIT)$/)]);
      expect(judges?.length).toBeGreaterThan(10);
      expect(differs?.length).toBeGreaterThan(10);
    }
  });

  it('are asked to run tests that exist', () => {
    expect(ENGINES.flatMap(({ tests }) => tests).filter((file) => !existsSync(file))).toEqual([]);
  });
});
