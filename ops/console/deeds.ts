import type { Deed } from '../orders/carry-out.ts';
import { deedRow } from '../orders/print-deeds.ts';
import type { Judged } from '../orders/repetition.ts';
import { badge, eventLink, type Markup, table } from './page.ts';

/** How long an answer waits for the worker, in seconds. The event's page shows what comes later. */
export const WAIT = 15;

/** What an order would do to each event. */
export const verdictTable = (judged: readonly Judged[]): Markup =>
  table(
    'What it would do',
    ['event', 'status', 'would', 'what'],
    judged.map(({ entry, verdict }) => [
      eventLink(entry),
      badge(entry.status),
      verdict.kind,
      verdict.kind === 'act' ? verdict.does : verdict.why,
    ]),
  );

/** What an order did to each event. */
export const deedTable = (deeds: readonly Deed[]): Markup =>
  table(
    'What was done',
    ['event', 'was', 'is', 'what was done', 'why'],
    deeds.map(deedRow).map((row) => [eventLink(row), row.was, badge(row.status), row.did, row.why]),
  );
