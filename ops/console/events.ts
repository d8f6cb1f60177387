import type { Hono } from 'hono';
import * as z from 'zod';
import { EVENT_STATUSES } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { DAY, toInstant, toMillis } from '../../lambda/domain/time/time.ts';
import { type Deployment, KEEP_DAYS } from '../deployment/deployment.ts';
import { filterOptions, isMeant, periodOf } from '../events/filter.ts';
import { shownBy } from '../events/holds.ts';
import { bothTimes } from '../terminal/times.ts';
import type { Console } from './console.ts';
import { badge, eventLink, type Markup, markup, page, table } from './page.ts';
import { readFields } from './read-form.ts';

const ON_A_PAGE = 50;

// The leaver is not among the filters: a query is part of the address, which the browser remembers.
const query = filterOptions()
  .omit({ employee: true })
  .extend({
    /** Where the page begins: when its first event was received at the latest, and how many received just then were shown before. */
    before: z.iso.datetime({ offset: true }).optional(),
    skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
  });
type Query = z.output<typeof query>;

/** Every event, the last received first, page by page: however many there are, one page is in memory. */
export function addEvents(app: Hono, open: Console): void {
  app.get('/events', async (context) => {
    const asked = readFields(query, context.req.query());
    const { entries, next } = await onePage(open.deployment, asked);
    const rows = entries.map((entry) => [
      eventLink(entry),
      bothTimes(entry.receivedAt),
      markup`${badge(entry.status)} ${why(entry)}`,
      entry.source,
    ]);
    const body = markup`${filterForm(asked, open)}
${entries.length === 0 ? markup`<p>No event matches.</p>` : table('Events, the last received first', ['event', 'received', 'status', 'source'], rows)}
<nav class="pages" aria-label="Pages of events">${next === undefined ? '' : markup`<a href="${hrefOf({ ...asked, ...next })}">Earlier events</a>`}</nav>`;
    return context.html(page(open, { title: 'Events', at: '/events', body }));
  });
}

const why = ({ hold, reason, waiting }: LedgerEntry): string =>
  (hold &&
    shownBy(hold)
      .map(({ guard }) => guard)
      .join(' + ')) ??
  reason ??
  waiting?.code ??
  '';

/** Reads one page, and where the next one begins. Several events can have been received in the same instant. */
async function onePage(
  { ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>,
  { since, until, before, skip, ...filter }: Query,
): Promise<{ entries: LedgerEntry[]; next: Pick<Query, 'before' | 'skip'> | undefined }> {
  const period = periodOf({ since, until }, clock(), KEEP_DAYS * DAY);
  const entries: LedgerEntry[] = [];
  let [at, seen] = [before, 0];
  for await (const entry of ledger.entries({ ...period, ...(before !== undefined && { until: before }) })) {
    const received = toInstant(toMillis(entry.receivedAt));
    if (received !== at) [at, seen] = [received, 0];
    seen += 1;
    if (received === before && seen <= skip) continue;
    if (!isMeant(entry, filter)) continue;
    if (entries.length === ON_A_PAGE) return { entries, next: { before: received, skip: seen - 1 } };
    entries.push(entry);
  }
  return { entries, next: undefined };
}

function hrefOf(asked: Query): string {
  const given = Object.entries(asked).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]));
  return `/events?${new URLSearchParams(given)}`;
}

const filterForm = ({ status, source, reason, since, until }: Query, { deployment }: Console): Markup => markup`<form class="filters">
<p class="field"><label for="status">status</label><select id="status" name="status"><option value="">all</option>
${EVENT_STATUSES.map((one) => option(one, status))}</select></p>
<p class="field"><label for="source">source</label><select id="source" name="source"><option value="">all</option>
${Object.keys(deployment.places.sourceSecrets).map((one) => option(one, source))}</select></p>
<p class="field"><label for="reason">guard or reason</label><input id="reason" name="reason" value="${reason ?? ''}" autocomplete="off"></p>
<p class="field"><label for="since">since (7d, or a day)</label><input id="since" name="since" value="${since ?? ''}"></p>
<p class="field"><label for="until">until</label><input id="until" name="until" value="${until ?? ''}"></p>
<p class="buttons"><button>Show</button></p></form>`;

const option = (value: string, chosen: string | undefined): Markup =>
  value === chosen ? markup`<option selected>${value}</option>` : markup`<option>${value}</option>`;
