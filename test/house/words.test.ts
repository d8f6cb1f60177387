// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code under test has templates
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { sourceFiles } from './source-files.ts';
import { textsOfCode, textsOfMarkdown } from './texts.ts';
import { inOneLine, readRules, refusedWords, roomOf } from './words.ts';

describe('the words check', () => {
  it.each([...Map.groupBy(sourceFiles(), roomOf)])('finds nothing in %s', (_, files) => {
    const found = files.flatMap((file) => refusedWords(file, readFileSync(file, 'utf8')));

    expect(found.map(inOneLine)).toEqual([]);
  });

  it.each([
    ['a comment', 'a.ts', '// Mend it first.\n', 'Mend', 1],
    ['a comment over two lines', 'a.ts', 'run();\n// Nobody knows what\n// of it.\n', 'what of', 2],
    ['a docstring over two lines', 'a.ts', '/**\n * A date that is\n * none.\n */\n', 'that is none', 2],
    ['a string', 'a.ts', "const a = 1;\nthrow new Error('whom it concerns');\n", 'whom', 2],
    ['the name of a test', 'a.test.ts', "it('starts anew', () => {});\n", 'anew', 1],
    ['a template, around an expression', 'a.ts', 'const a = `wanted ${[{ b }]}, came ${c}`;\n', 'wanted , came', 1],
    ['a string within a template', 'a.ts', "const a = `for ${b ? 'nought' : `the ${'cure'}`}`;\n", 'nought', 1],
    ['a string after a line break', 'a.ts', "const a = 'first\\nanew';\n", 'anew', 1],
    ['a comment after a regular expression', 'a.ts', "const a = /['`]/; // put off\n", 'put off', 1],
    ['a page', 'docs/a.md', '# A page\n\nIt was put\noff.\n', 'put off', 3],
    ['a block that no program prints', 'docs/a.md', '```sh\nrun # cured by this\n```\n', 'cured', 2],
    ['any other file', 'a.yml', 'on: push\n# came none\n', 'came none', 2],
  ])('finds a planted sentence in %s', (_, file, content, found, line) => {
    expect(refusedWords(file, content)[0]).toEqual({ file, line, found, instead: expect.any(String) });
  });

  it.each([
    ['a name in code', 'a.ts', 'const mend = whom.cure / anew;\n'],
    ['a longer word', 'a.ts', "// Recommended.\nconst a = 'secure';\n"],
    ['two sentences', 'a.ts', "const a = 'wanted. It came';\n"],
    ['a regular expression', 'a.ts', 'const a = /whom/;\n'],
    ['the name of a stored field', 'a.ts', "// Prints `cure`.\nconst a = row['cure'];\n"],
    ['what a program printed', 'docs/a.md', '```console\n$ run\nit is mended\n```\n\n```\n$ run\nanew\n```\n'],
  ])('accepts %s', (_, file, content) => {
    expect(refusedWords(file, content)).toEqual([]);
  });

  it('finds every entry of words.txt', () => {
    const entries = readFileSync('test/house/words.txt', 'utf8').match(/^[^#\n].*(?= -> )/gm) ?? [];
    const found = entries.map((entry) => refusedWords('a.md', `Here is ${entry.replace('...', 'something, that')} for you.`).length);

    expect(entries.length).toBeGreaterThan(20);
    expect(found.filter((count) => count === 0)).toEqual([]);
  });

  it('refuses a list with a line that says nothing of what to write instead', () => {
    expect(() => readRules('mend -> fix\nwhom\n')).toThrow('expected "refused -> instead", got "whom"');
  });
});

describe('the texts of a file', () => {
  it('are those of its comments, strings and templates, each at its place', () => {
    const code = "const a = /'/.test(`x ${f(`y ${1}`)} z`) ? b / c : 'd'; /* e */ let g = {}; g = 4 / 2; // h\n";

    expect(textsOfCode(code).map(({ start, text }) => [start, text.trim()])).toEqual([
      [code.indexOf('`y'), `\`y ${' '.repeat('${1}'.length)}\``],
      [code.indexOf('`x'), `\`x ${' '.repeat('${f(`y ${1}`)}'.length)} z\``],
      [code.indexOf("'d'"), "'d'"],
      [code.indexOf('/* e'), 'e'],
      [code.indexOf('// h'), 'h'],
    ]);
  });

  it('are refused if it ends within one: no half of a file goes unread', () => {
    expect(() => textsOfCode('const a = `x ${b} y')).toThrow(SyntaxError);
    expect(() => textsOfCode("const a = 'x\n")).toThrow(SyntaxError);
  });

  it('keep the line breaks of a page', () => {
    const page = 'one\n\n```console\n$ two\nthree\n```\nfour\n';

    expect(textsOfMarkdown(page)).toEqual([
      { start: 0, text: page.replace(/```console|\$ two|three|```/g, (out) => ' '.repeat(out.length)) },
    ]);
  });
});
