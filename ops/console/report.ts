import type { Hono } from 'hono';
import * as z from 'zod';
import { DAY } from '../../lambda/domain/time/time.ts';
import { periodOf, sinceAndUntil } from '../events/filter.ts';
import { delayChart } from '../report/chart.ts';
import { WRITERS } from '../report/formats.ts';
import { decisionText } from '../report/leaver-row.ts';
import { type Report, withReport } from '../report/make-report.ts';
import { delayText, sentencesOf } from '../report/numbers.ts';
import { oneOf } from '../terminal/option-values.ts';
import { bothTimes, length } from '../terminal/times.ts';
import type { Console } from './console.ts';
import { badge, chart, eventLink, type Markup, markup, page, table } from './page.ts';
import { readFields } from './read-form.ts';

const DEFAULT_PERIOD = 30 * DAY;
/** More leavers are in the downloads. */
const MOST_SHOWN = 100;

const query = z.object({ ...sinceAndUntil.shape, target: length.default(length.parse('1h')), late: z.literal('1').optional() });
const FILES = { csv: 'text/csv', json: 'application/json', html: 'text/html' } as const;
const download = query.extend({ format: oneOf(['csv', 'json', 'html']) });

/** The auditors' report of a period, with the files as the command makes them. */
export function addReport(app: Hono, open: Console): void {
  app.get('/report', async (context) => {
    const asked = readFields(query, context.req.query());
    const body = await withReport(open.deployment, frameOf(asked, open), (report) => reportBody(report, context.req.query()));
    return context.html(page(open, { title: 'Report', at: '/report', body }));
  });

  app.get('/report/file', (context) => {
    const { format, ...asked } = readFields(download, context.req.query());
    const { readable, writable } = new TransformStream<string, string>();
    const writer = writable.getWriter();
    const write = (report: Report) =>
      WRITERS[format](report, { print: (text) => writer.write(`${text}\n`), width: undefined, style: (_style, text) => text });
    // A file that breaks off must not look whole: an aborted stream ends the connection.
    void withReport(open.deployment, frameOf(asked, open), write).then(
      () => writer.close(),
      (failure: unknown) => writer.abort(failure),
    );
    return context.body(readable.pipeThrough(new TextEncoderStream()), 200, {
      'content-type': `${FILES[format]}; charset=utf-8`,
      'content-disposition': `attachment; filename="leavers-${open.deployment.name}.${format}"`,
    });
  });
}

const frameOf = ({ since, until, target }: z.output<typeof query>, { deployment }: Console) => ({
  period: periodOf({ since, until }, deployment.clock(), DEFAULT_PERIOD),
  openEnd: until === undefined,
  target,
  onStep: () => undefined,
});

function reportBody({ frame, numbers, store }: Report, typed: Record<string, string>): Markup {
  const file = (format: string) => `/report/file?${new URLSearchParams({ ...typed, format })}`;
  const isLate = typed.late === '1';
  return markup`${filterForm(typed)}
<p>Received from ${bothTimes(frame.since)} to ${bothTimes(frame.until)}.</p>
<ul>${sentencesOf(numbers, frame).map((sentence) => markup`<li>${sentence}</li>`)}</ul>
<p class="buttons">${Object.keys(FILES).map((format) => markup`<a class="button" href="${file(format)}" download>Download ${format.toUpperCase()}</a> `)}</p>
<section><h2>Delays</h2>${numbers.delay.p50 === null ? markup`<p>Nobody was deactivated.</p>` : chart(delayChart(numbers, frame.target))}</section>
${leaverTable({ store, isLate })}`;
}

function leaverTable({ store, isLate }: { store: Report['store']; isLate: boolean }): Markup {
  const rows: unknown[][] = [];
  for (const leaver of store.leavers({ late: isLate })) {
    if (rows.length === MOST_SHOWN) break;
    const { effectiveAt, deactivatedAt, delay, outcome, reason, pastTarget, decided } = leaver;
    rows.push([
      eventLink(leaver),
      effectiveAt === null ? '' : bothTimes(effectiveAt),
      deactivatedAt === null ? '' : bothTimes(deactivatedAt),
      markup`${delayText(delay)} ${pastTarget ? badge('bad', 'past the target') : ''}`,
      markup`${badge(outcome)} ${reason ?? ''}`,
      decided.map(decisionText).join('; '),
    ]);
  }
  return table(
    `${isLate ? 'Past the target' : 'Leavers'}, the first ${rows.length}`,
    ['event', 'effective', 'deactivated', 'delay', 'outcome', 'decided by'],
    rows,
  );
}

const filterForm = ({ since = '', until = '', target = '', late = '' }: Record<string, string>): Markup => markup`<form class="filters">
<p class="field"><label for="since">since (30d, or a day)</label><input id="since" name="since" value="${since}"></p>
<p class="field"><label for="until">until</label><input id="until" name="until" value="${until}"></p>
<p class="field"><label for="target">in time within</label><input id="target" name="target" value="${target}" placeholder="1h"></p>
<p class="field"><label for="late">show</label><select id="late" name="late"><option value="">all leavers</option>
${late === '1' ? markup`<option value="1" selected>past the target</option>` : markup`<option value="1">past the target</option>`}</select></p>
<p class="buttons"><button>Show</button></p></form>`;
