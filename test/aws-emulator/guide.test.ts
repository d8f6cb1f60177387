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
  it('gives its commands in their order, with what they print and end with', () => {
    expect(commandsOf(MARKDOWN)).toEqual([
      { line: 'one --stage test', exit: 3, prints: ['it says this', '', 'and that'] },
      { line: 'two', exit: 3, prints: [] },
      { line: 'three', exit: 0, prints: ['...', 'done in 3.4 s'] },
    ]);
  });

  it.each([
    ['the same', ['a', 'b'], 'a\nb\n'],
    ['colours, empty lines and what npm says first', ['a'], '> ops\n> node bin/ops.ts\n\n\u001b[32ma\u001b[0m\n'],
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
    ['another line', ['a', 'b'], 'a\nc', 'expected the line "b", got "c"'],
    ['too few', ['a', 'b'], 'a', 'expected the line "b", got none'],
    ['too many', ['a'], 'a\nb', 'expected nothing more, got "b"'],
    ['one that is nowhere', ['...', 'x'], 'a\nb', 'expected the line "x", got "a"'],
    ['a sign of patterns', ['a.c'], 'abc', 'expected the line "a.c", got "abc"'],
  ])('differs from %s', (_, prints, printed, difference) => {
    expect(differenceFrom(prints, printed)).toBe(difference);
  });
});
