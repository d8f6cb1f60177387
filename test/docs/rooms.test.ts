import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

/** A line of a table that begins with a folder, or several. */
const named = [...readFileSync('docs/architecture.md', 'utf8').matchAll(/^\| ((?:`[a-z][\w/-]*`(?:, )?)+) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, folder = '']) => folder),
);

/** Every folder below the given one that has source files of its own. */
function rooms(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const own = entries.some((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name)) ? [folder] : [];
  return [...own, ...entries.flatMap((entry) => (entry.isDirectory() ? rooms(`${folder}/${entry.name}`) : []))];
}

describe('the rooms in docs/architecture.md', () => {
  it('are all rooms of the code', () => {
    const all = ['bin', 'lambda', 'lib', 'local', 'ops'].flatMap(rooms);

    expect(all.length).toBeGreaterThan(25);
    expect(all.filter((room) => !named.includes(room))).toEqual([]);
  });

  it('are all rooms of the tests that test more than one room, or nothing in lambda, lib, local or ops', () => {
    const mirrored = /^test(\/(admin-console|aws|config|domain|handlers|local|ops|sources|workfront)(\/|$)|$)/;

    expect(rooms('test').filter((room) => !mirrored.test(room) && !isPartOf(room))).toEqual([]);
  });
});

/** A room within one that the table has: what it holds is said there. */
const isPartOf = (room: string): boolean => named.some((one) => one.startsWith('test/') && (room === one || room.startsWith(`${one}/`)));
