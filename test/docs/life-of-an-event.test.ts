import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { EVENT_STATUSES } from '../../lambda/domain/event/event-status.ts';
import { functionsOn, hasTest, sourceOf, tableUnder, testsOn } from './named.ts';

const page = readFileSync('docs/life-of-an-event.md', 'utf8');
const walk = tableUnder(page, 'The walk');

/** How many functions lie between the worker's handler and the PUT, both ends counted. */
const DEEPEST = 7;

interface Link {
  name: string;
  file: string;
  /** How it calls the next function: by its name, or as a port. */
  calls: string;
  /** The function behind the port, if the next one is called through it. */
  behind: string | undefined;
}

const chain = tableUnder(page, "From the worker's handler to the PUT").map(([name = '', file = '', calls = '']): Link => {
  const [called = '', behind] = [...calls.matchAll(/`([\w.]+)`/g)].map(([, one = '']) => one);
  return { name: name.replaceAll('`', ''), file: file.replaceAll('`', ''), calls: called, behind };
});
const links = chain.slice(0, -1).map((link, index) => ({ ...link, next: chain[index + 1]?.name ?? '' }));

const sourcesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');

describe('docs/life-of-an-event.md', () => {
  it('names no function and no file that is not there', () => {
    const named = functionsOn(page);

    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((one) => sourceOf(one) === undefined)).toEqual([]);
  });

  it('names no test that is not there', () => {
    const named = testsOn(page);

    expect(named.length).toBeGreaterThan(walk.length);
    expect(named.filter((one) => !hasTest(one))).toEqual([]);
  });

  it('has ten to twelve steps, each with a function, what is written, and a test', () => {
    const incomplete = walk.filter(([, , where = '', written = '', shown = '']) => {
      return functionsOn(where).length === 0 || written === '' || testsOn(shown).length === 0;
    });

    expect(walk.map(([number]) => Number(number))).toEqual(walk.map((_, index) => index + 1));
    expect(walk.length).toBeGreaterThanOrEqual(10);
    expect(walk.length).toBeLessThanOrEqual(12);
    expect(incomplete).toEqual([]);
  });

  it('says which function decides for each status in which an event rests', () => {
    const ends = tableUnder(page, 'Where else an event may rest');
    const statuses = new Set(ends.flatMap(([status = '']) => [...status.matchAll(/`([a-z-]+)`/g)].map(([, one]) => one)));

    expect(ends.filter(([, , decided = '']) => functionsOn(decided).length === 0)).toEqual([]);
    expect(EVENT_STATUSES.filter((status) => !statuses.has(status))).toEqual(['received', 'processing']);
  });
});

describe("the chain from the worker's handler to the PUT", () => {
  it('is short', () => {
    expect(chain.length).toBeGreaterThan(4);
    expect(chain.length).toBeLessThanOrEqual(DEEPEST);
  });

  it("begins where the worker's handler takes a message, and ends at the PUT; the only other one is that of an undo", () => {
    const [first, last] = [chain.at(0), chain.at(-1)];

    expect(sourceOf({ name: 'processLeavers', file: first?.file ?? '' })).toContain(`${first?.name}(`);
    expect(last === undefined ? '' : sourceOf(last)).toContain("'PUT'");
    expect(sourcesOf('lambda').match(/'PUT', userId/g)).toHaveLength(2);
    expect(readFileSync('lambda/workfront/reactivation.ts', 'utf8')).toContain("'PUT', userId");
  });

  it.each(links)('goes from $name to $next in $file', ({ name, file, calls, behind, next }) => {
    expect(sourceOf({ name, file })).toContain(`${calls}(`);
    expect(behind ?? calls).toBe(next);
  });

  it.each(links.filter(({ behind }) => behind !== undefined))('reaches $next behind the port $calls', ({ calls, next }) => {
    expect(sourcesOf('lambda')).toContain(`${calls.split('.').at(-1)}: ${next}(`);
  });
});
