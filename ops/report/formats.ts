import { styleOf } from '../events/summary.ts';
import { tablePrinter } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { timeCells, timeTitles } from '../terminal/times.ts';
import { CSV_HEAD, csvRow } from './csv.ts';
import { HTML_END, HTML_TABLE_END, htmlHead, htmlRow, htmlTableHead } from './html.ts';
import { decisionText } from './leaver-row.ts';
import type { Report } from './make-report.ts';
import { delayText, sentencesOf } from './numbers.ts';

export const FORMATS = ['table', 'csv', 'json', 'html'] as const;

const NO_TIME = timeTitles('').map(() => '');

type Write = (report: Report, terminal: Pick<Terminal, 'print' | 'style' | 'width'>) => Promise<void>;

/** Each format prints one leaver at a time, so that no report is held in memory. */
export const WRITERS: Record<(typeof FORMATS)[number], Write> = {
  async table({ frame, numbers, store }, terminal) {
    const table = tablePrinter(
      [
        ...[...timeTitles('effective'), ...timeTitles('deactivated')].map((title) => ({ title })),
        { title: 'delay' },
        { title: 'outcome', style: styleOf },
        { title: '', style: () => 'red' },
        { title: 'user', copied: true },
        { title: 'source' },
        { title: 'event', copied: true },
        { title: 'decided by' },
      ],
      terminal,
    );
    for (const { effectiveAt, deactivatedAt, delay, outcome, pastTarget, userId, source, eventId, decided } of store.leavers()) {
      const times = [effectiveAt, deactivatedAt].flatMap((at) => (at === null ? NO_TIME : timeCells(at)));
      const people = decided.map(decisionText).join('; ');
      await table.row([...times, delayText(delay), outcome, pastTarget ? 'past target' : '', userId ?? '', source, eventId, people]);
    }
    await table.end();
    await terminal.print('');
    for (const sentence of sentencesOf(numbers, frame)) await terminal.print(sentence);
  },

  async csv({ store }, { print }) {
    await print(CSV_HEAD);
    for (const leaver of store.leavers()) await print(csvRow(leaver));
  },

  async json({ frame, numbers, store }, { print }) {
    await print(`{"report":${JSON.stringify({ ...frame, ...numbers })},\n"leavers":[`);
    let last: string | undefined;
    for (const leaver of store.leavers()) {
      if (last !== undefined) await print(`${last},`);
      last = JSON.stringify(leaver);
    }
    await print(`${last ?? ''}]}`);
  },

  async html({ frame, numbers, store }, { print }) {
    await print(htmlHead(frame, numbers));
    if (numbers.pastTarget > 0) {
      await print(htmlTableHead(`Past the target: ${numbers.pastTarget}`));
      for (const leaver of store.leavers({ late: true })) await print(htmlRow(leaver));
      await print(HTML_TABLE_END);
    }
    await print(htmlTableHead(`All ${numbers.leavers} leavers`));
    for (const leaver of store.leavers()) await print(htmlRow(leaver));
    await print(HTML_TABLE_END);
    await print(HTML_END);
  },
};
