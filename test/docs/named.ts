import { existsSync, readFileSync } from 'node:fs';

/** A function and the file that has it, as a page names them: `` `fold` in `lambda/fold.ts` ``. */
export interface NamedFunction {
  name: string;
  file: string;
}

/** A test and its file, as a page names them: `` `test/fold.test.ts` "folds" ``. */
export interface NamedTest {
  file: string;
  title: string;
}

export const functionsOn = (page: string): NamedFunction[] =>
  [...page.matchAll(/`(\w+)` in `([\w./-]+\.ts)`/g)].map(([, name = '', file = '']) => ({ name, file }));

export const testsOn = (page: string): NamedTest[] =>
  [...page.matchAll(/`(test\/[\w./-]+\.test\.ts)`((?:,? "[^"]+")+)/g)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file, title })),
  );

/** Whether the file has a test of this title: the first argument of a test, as its file writes it. */
export const hasTest = ({ file, title }: NamedTest): boolean =>
  existsSync(file) && [`'${title}'`, `"${title}"`, `\`${title}\``].some((literal) => readFileSync(file, 'utf8').includes(literal));

/** The rows of the table under a heading of a page, without its head: each row as its cells. */
export function tableUnder(page: string, heading: string): string[][] {
  const [, after = ''] = page.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  const lines = section.split('\n').filter((line) => line.startsWith('| ') && line.endsWith(' |'));
  return lines.slice(2).map((line) => line.slice(2, -2).split(' | '));
}

/** The source of a function at the top level of a file, as the formatter lays it out; undefined if no function has this name. */
export function sourceOf({ name, file }: NamedFunction): string | undefined {
  if (!existsSync(file)) return undefined;
  const source = readFileSync(file, 'utf8');
  const start = new RegExp(`^(?:export )?(?:(?:async )?function\\*? ${name}\\b|const ${name}\\b)`, 'm').exec(source);
  if (start === null) return undefined;
  const rest = source.slice(start.index);
  const next = /\n(?=\S)(?![})\]])/.exec(rest);
  return next === null ? rest : rest.slice(0, next.index);
}
