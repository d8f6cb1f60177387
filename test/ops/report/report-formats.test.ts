import { describe, expect, it } from '@jest/globals';
import { HOUR } from '../../../lambda/domain/time/time.ts';
import { delayChart } from '../../../ops/report/chart.ts';
import { csvLine, csvRow } from '../../../ops/report/csv.ts';
import { htmlHead, htmlRow } from '../../../ops/report/html.ts';
import type { Leaver } from '../../../ops/report/leaver.ts';
import type { ReportNumbers } from '../../../ops/report/numbers.ts';

const LEAVER: Leaver = {
  userId: '0'.repeat(32),
  source: 'hr',
  eventId: 'evt-1',
  receivedAt: '2026-11-20T12:00:00.000Z',
  effectiveAt: '2026-11-20T12:00:00.000Z',
  deactivatedAt: '2026-11-20T12:01:30.000Z',
  delay: 90_000,
  outcome: 'deactivated',
  reason: null,
  decided: [],
  events: 1,
  deactivatedBefore: null,
  pastTarget: false,
};
const NUMBERS: ReportNumbers = {
  leavers: 3,
  outcomes: { deactivated: 3 },
  pastTarget: 1,
  delay: { p50: 500, p95: 90_000, p99: 90_000, longest: 2 * HOUR },
  spread: [
    { from: 0, to: 1000, count: 2 },
    { from: 1000, to: HOUR + 1, count: 0 },
    { from: HOUR + 1, to: null, count: 1 },
  ],
  guards: [],
  onTime: { of: 3, within: 2, percent: 66.6, target: HOUR },
};
const FRAME = {
  deployment: '<b>test</b>',
  since: '2026-11-01T00:00:00.000Z',
  until: '2026-11-24T00:00:00.000Z',
  generatedAt: '2026-11-24T00:00:00.000Z',
  target: HOUR,
  by: 'ana',
  tests: 0,
  findings: 0,
  inConsole: { waiting: 0, held: 0, failed: 0 },
};

describe('CSV', () => {
  it.each([
    ['=HYPERLINK("http://evil")', `"'=HYPERLINK(""http://evil"")"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['＝1', `"'＝1"`],
    ['evt-1', '"evt-1"'],
    ['a "b", c', '"a ""b"", c"'],
  ])('writes %j so that no spreadsheet runs it', (text, cell) => {
    expect(csvLine([text])).toBe(`${cell}\r`);
  });

  it('has numbers as numbers, and nothing for what is unknown', () => {
    expect(csvRow(LEAVER)).toBe(
      `"${'0'.repeat(32)}","hr","evt-1",1,"2026-11-20T12:00:00.000Z","2026-11-20T12:00:00.000Z","2026-11-20T12:01:30.000Z",90,false,"deactivated",,,""\r`,
    );
  });
});

describe('the page', () => {
  it('loads nothing, runs nothing, and shows the text of others as text', () => {
    const page = `${htmlHead(FRAME, NUMBERS)}${htmlRow({ ...LEAVER, eventId: '<script>alert(1)</script>' })}`;

    expect(page).not.toMatch(/<script|<link|<img|src=|url\(|@import|https?:/);
    expect(page).toContain("default-src 'none'");
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&lt;b&gt;test&lt;/b&gt;');
  });

  it('has a bar for each length of delay, and marks those past the target', () => {
    const chart = delayChart(NUMBERS, HOUR);

    expect(chart.match(/<rect class="within"/g)).toHaveLength(2);
    expect(chart.match(/<rect class="late"/g)).toHaveLength(1);
    expect(chart).toContain('past the target of 1 h');
    expect(chart).toContain('above 1 h: 1');
  });
});
