import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { tableUnder } from './named.ts';

const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
const page = readFileSync('docs/contributing.md', 'utf8');
const rows = tableUnder(page, 'Scripts');
const explained = rows.flatMap(([names = '']) => [...names.matchAll(/`([\w:]+)`/g)].map(([, name = '']) => name));

describe('docs/contributing.md', () => {
  it('explains every script of package.json once, and no other', () => {
    expect(explained.toSorted()).toEqual(Object.keys(scripts).sort());
  });

  it.each(rows)('says what it is for and how long it takes: %s', (_, purpose, duration) => {
    expect(purpose?.length).toBeGreaterThan(10);
    expect(duration).toMatch(/second|minute|installation/);
  });

  it('names no script that is not there', () => {
    const named = [...page.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);

    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('says what a check leaves out: every script that CI runs is named', () => {
    const inCi = [...readFileSync('.ci/run', 'utf8').matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    const [, paragraph = ''] = /^(`check` leaves out [\s\S]*?)\n\n/m.exec(page) ?? [];

    expect(inCi.length).toBeGreaterThan(3);
    expect(inCi.filter((name) => !paragraph.includes(`\`${name}\``))).toEqual([]);
  });
});
