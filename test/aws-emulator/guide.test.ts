import { describe, expect, it } from '@jest/globals';
import { commandsOf, differenceFrom } from './guide.ts';

const MARKDOWN = `# A guide

\`\`\`sh
not run
\`\`\`

\`\`\`console exit=3
$ one --stage test
it says this

and that
$ two
\`\`\`

\`\`\`console
$ three
...
done in 3.4 s
\`\`\`
`;

describe('the guide', () => {
  it('has its commands in order, with their output and exit code', () => {
    expect(commandsOf(MARKDOWN)).toEqual([
      { line: 'one --stage test', exit: 3, prints: ['it says this', '', 'and that'] },
      { line: 'two', exit: 3, prints: [] },
      { line: 'three', exit: 0, prints: ['...', 'done in 3.4 s'] },
    ]);
  });

  it.each([
    ['the same', ['a', 'b'], 'a\nb\n'],
    ['colours, empty lines and the lines of npm', ['a'], '> ops\n> node bin/ops.ts\n\n\u001b[32ma\u001b[0m\n'],
    [
      'another time, length of time and id',
      ['2026-11-24 12:00:00 UTC 3.4 s 0123456789abcdef0123456789abcdef'],
      `2027-01-02 03:04:05 UTC 17 ms ${'a'.repeat(32)}`,
    ],
    [
      'another account and API',
      ['https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com 111122223333'],
      'https://zzz.execute-api.eu-west-1.amazonaws.com 000000000000',
    ],
    ['other columns', ['green  node'], 'green      node'],
    ['lines that are left out', ['a', '...', 'd'], 'a\nb\nc\nd'],
    ['lines that are left out at the end', ['a', '...'], 'a\nb'],
    ['text that is left out', ['a … (c)'], 'a b b (c)'],
  ])('agrees with %s', (_, prints, printed) => {
    expect(differenceFrom(prints, printed)).toBeUndefined();
  });

  it.each([
    ['another line', ['a', 'b'], 'a\nc', 'the guide has the line "b", the output has "c"; correct one of them'],
    ['too few lines', ['a', 'b'], 'a', 'the guide has the line "b", the output ends; correct one of them'],
    ['too many lines', ['a'], 'a\nb', 'the guide ends, the output goes on with "b"; correct one of them'],
    ['a line that is missing', ['...', 'x'], 'a\nb', 'the guide has the line "x", the output has "a"; correct one of them'],
    ['a character of patterns', ['a.c'], 'abc', 'the guide has the line "a.c", the output has "abc"; correct one of them'],
  ])('differs from %s', (_, prints, printed, difference) => {
    expect(differenceFrom(prints, printed)).toBe(difference);
  });
});
