import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SYSTEM_NAMES } from '../../lambda/sources/systems/registry.ts';

const pages = readdirSync('docs/sources').filter((file) => !['README.md', 'adding-a-source.md'].includes(file));
const pageOf = (file: string) => readFileSync(`docs/sources/${file}`, 'utf8');
const systems = SYSTEM_NAMES.filter((name) => name !== 'canonical');

/** Names of events in the code of a system, such as `employee.left`. */
const namesIn = (code: string): string[] => [...code.matchAll(/'([a-z]+(?:\.[a-z_.-]+)+)'/g)].map(([, name = '']) => name);

describe.each(pages)('docs/sources/%s', (file) => {
  it('says as of which day, what is documented and what is assumed', () => {
    const [, section = ''] = pageOf(file).split('\n## Documented, and assumed\n');

    expect(section).toMatch(/^\s*As of \d{4}-\d{2}-\d{2}\./);
    expect(section).toMatch(/Documented|From |Recorded|You decide/);
  });

  it('says what becomes of each delivery, whether HR can withdraw one without a word, and whether somebody can have two records', () => {
    expect(pageOf(file)).toContain('\n## What becomes of it\n');
    expect(pageOf(file)).toContain('**Withdrawn without a word?**');
    expect(pageOf(file)).toContain('**Another record of the same person?**');
  });
});

it.each(systems)('the page of %s names every event that its code knows', (name) => {
  const code = readFileSync(`lambda/sources/systems/${name}.ts`, 'utf8');
  const events = namesIn(code).filter((one) => /^(employee|employment|contract|contractor|worker|offboarding|directory)\./.test(one));

  expect(events.filter((one) => !pageOf(`${name}.md`).includes(one))).toEqual([]);
});

it.each(systems)('the page of %s has every field that its mapping takes for granted', (name) => {
  const code = readFileSync(`lambda/sources/systems/${name}.ts`, 'utf8');
  const [, preset = ''] = /preset: \{([\s\S]*?)\n {2}\},/.exec(code) ?? [];
  const fields = [...preset.replace(/withoutDate: '\w+'/, '').matchAll(/\w: ['`][^'`]*?(\w+)['`]/g)].map(([, field = '']) => field);

  expect(fields.length > 0).toBe(code.includes('preset: {'));
  expect(fields.filter((one) => !pageOf(`${name}.md`).includes(one))).toEqual([]);
});
