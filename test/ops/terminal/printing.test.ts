import { describe, expect, it } from '@jest/globals';
import { folded } from '../../../ops/terminal/folded.ts';
import { quoted } from '../../../ops/terminal/quoted.ts';
import { tablePrinter } from '../../../ops/terminal/table.ts';
import { printable, type Terminal } from '../../../ops/terminal/terminal.ts';
import { lengthOf, momentOf } from '../../../ops/terminal/times.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');

describe('a moment', () => {
  it.each([
    ['90s', '2026-11-24T11:58:30.000Z'],
    ['24h', '2026-11-23T12:00:00.000Z'],
    ['2w', '2026-11-10T12:00:00.000Z'],
    ['2026-11-24T13:00:00+01:00', '2026-11-24T12:00:00.000Z'],
    ['2026-11-24T12:00Z', '2026-11-24T12:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(momentOf(text, NOW)).toBe(instant);
  });

  it.each(['tomorrow', '2026-11-31', '24', '-1h', '2026-13-40T00:00:00Z', ''])('is not %j', (text) => {
    expect(() => momentOf(text, NOW)).toThrow(/is not a time; use an instant such as/);
  });
});

it.each([
  [12, '12 ms'],
  [3400, '3.4 s'],
  [30_000, '30 s'],
  [310_000, '5 min 10 s'],
  [7_200_000, '2 h'],
  [183_600_000, '2 d 3 h'],
])('%d milliseconds are %s', (millis, text) => {
  expect(lengthOf(millis)).toBe(text);
});

it.each([
  ['msg_1', 'msg_1'],
  ['a b', "'a b'"],
  ["it's;rm", "'it'\\''s;rm'"],
])('%j is one word of a shell as %s', (word, text) => {
  expect(quoted(word)).toBe(text);
});

it('shows what could steer a terminal', () => {
  expect(printable('a\u001b[2Jb\u202ec\nd')).toBe('a\ufffd[2Jb\ufffdc\ufffdd');
});

describe('a table', () => {
  function onTerminal(width: number | undefined) {
    const lines: string[] = [];
    const terminal: Terminal = {
      print: async (text) => void lines.push(text),
      say: () => undefined,
      progress: () => undefined,
      width,
      style: (_, text) => text,
      interactive: false,
      ask: async () => false,
      answer: async () => '',
    };
    return { lines, terminal };
  }
  const COLUMNS = [{ title: 'event', copied: true }, { title: 'source' }, { title: 'why', wraps: true }];
  const ROW = ['msg_0123456789', 'standard-webhooks', 'a sentence that is far too long for this'];

  it.each([
    { width: undefined, lines: ['msg_0123456789  standard-webhooks  a sentence that is far too long for this'] },
    {
      width: 70,
      lines: ['msg_0123456789  standard-webhooks  a sentence that is far too long for', '                                   this'],
    },
    { width: 60, lines: ['msg_0123456789  standard-we…  a sentence that is far too', '                              long for this'] },
    { width: 50, lines: ['source  standard-webhooks', 'why     a sentence that is far too long for this', ''] },
  ])('in $width columns wraps the sentence, and cuts what is not copied', async ({ width, lines: expected }) => {
    const { lines, terminal } = onTerminal(width);
    const table = tablePrinter(COLUMNS, terminal);

    await table.row(ROW);
    await table.end();

    expect(lines.slice(1)).toEqual(expected);
  });

  it('of which something to copy would be cut becomes lines of title and value', async () => {
    const { lines, terminal } = onTerminal(40);
    const table = tablePrinter([{ title: 'source' }, { title: 'URL', copied: true }], terminal);
    const url = 'https://abcdefghij.execute-api.eu-west-1.amazonaws.com/webhooks/hibob';

    await table.row(['hibob', url]);
    await table.end();

    expect(lines).toEqual(['source  hibob', `URL     ${url}`, '']);
  });

  it('prints rows one by one, when it knows how wide they are', async () => {
    const { lines, terminal } = onTerminal(80);
    const table = tablePrinter(COLUMNS, terminal);

    for (let row = 0; row < 150; row += 1) await table.row([`msg_${row}`, 'hr', 'why']);

    expect(lines).toHaveLength(151);
  });
});

describe('a line that is longer than the terminal is wide', () => {
  const text = `12:00:00  failed  ${'word '.repeat(12)}end`;

  it('goes on below the beginning of its sentence', () => {
    expect(folded(text, { width: 60, hang: 18 })).toEqual([
      `12:00:00  failed  ${'word '.repeat(8)}`.trimEnd(),
      `${' '.repeat(18)}${'word '.repeat(4)}end`,
    ]);
  });

  it('folds a command after a backslash, so that it can still be copied, and never within quotes', () => {
    const command = `    npm run ops -- --stage production release msg_1 --reason "the manager said so on the phone"`;

    const lines = folded(command, { width: 60, hang: 18 });

    expect(lines).toEqual([
      '    npm run ops -- --stage production release msg_1 \\',
      '        --reason "the manager said so on the phone"',
    ]);
    expect(lines.every((line) => line.length <= 60)).toBe(true);
  });

  it.each([
    { what: 'nothing outside a terminal', line: text, width: undefined },
    { what: 'no line that fits', line: 'short', width: 60 },
  ])('folds $what', ({ line, width }) => {
    expect(folded(line, { width, hang: 18 })).toEqual([line]);
  });

  it('leaves room for a sentence on a narrow terminal', () => {
    const lines = folded(text, { width: 50, hang: 45 });

    expect(lines.every((line) => line.length <= 50)).toBe(true);
    expect(lines.at(-1)).toMatch(/^ {10}\S/);
  });
});

describe('a time on the command line', () => {
  const now = new Date(2026, 10, 26, 15, 7, 11).getTime();
  const local = (year: number, month: number, day: number) => new Date(year, month - 1, day).toISOString();

  it.each([
    { text: '2026-11-24', start: local(2026, 11, 24), next: local(2026, 11, 25) },
    { text: 'today', start: local(2026, 11, 26), next: local(2026, 11, 27) },
    { text: 'Yesterday', start: local(2026, 11, 25), next: local(2026, 11, 26) },
    { text: 'monday', start: local(2026, 11, 23), next: local(2026, 11, 24) },
    { text: 'thursday', start: local(2026, 11, 26), next: local(2026, 11, 27) },
  ])('can be the day $text, from its beginning to its end', ({ text, start, next }) => {
    expect(momentOf(text, now)).toBe(start);
    expect(Date.parse(momentOf(text, now, 'end'))).toBe(Date.parse(next) - 1);
  });

  it.each(['2026-02-30', 'tomorrow', 'mon'])('cannot be %s', (text) => {
    expect(() => momentOf(text, now)).toThrow('is not a time');
  });
});
