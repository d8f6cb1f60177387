import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const pages = ['README.md', ...readdirSync('docs', { recursive: true, encoding: 'utf8' }).map((file) => join('docs', file))].filter(
  (file) => file.endsWith('.md'),
);
const textOf = (page: string) => readFileSync(page, 'utf8');

/** What a page says, without the blocks that show code or what a program prints. */
const proseOf = (page: string) => textOf(page).replace(/^ *```[\s\S]*?^ *```$/gm, '');

/** The anchors of a page, as GitHub makes them of its headings. */
const anchorsOf = (page: string): string[] =>
  [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

const brokenLinks = (page: string): string[] =>
  [...proseOf(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    const ok = existsSync(file) && (anchor === undefined || anchorsOf(file).includes(anchor));
    return ok ? [] : [target];
  });

/** Files and folders of the repository that a page names in backticks, but for patterns such as `ops/commands/<name>.ts`. */
const brokenPaths = (page: string): string[] =>
  [...proseOf(page).matchAll(/`((?:\.\/)?(?:bin|docs|lambda|lib|local|ops|test|\.ci)\/[\w./-]+)`/g)].flatMap(([, path = '']) =>
    existsSync(path) || existsSync(`${path}.ts`) ? [] : [path],
  );

describe.each(pages)('%s', (page) => {
  it('leads only to pages and headings that are there', () => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it('names only files and folders that are there', () => {
    expect(brokenPaths(page)).toEqual([]);
  });
});

it('every page is linked from another one', () => {
  const linked = new Set(
    pages.flatMap((page) => [...textOf(page).matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, target = '']) => join(dirname(page), target))),
  );

  expect(pages.filter((page) => page !== 'README.md' && !linked.has(page))).toEqual([]);
});
