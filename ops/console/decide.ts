import type { Hono } from 'hono';
import * as z from 'zod';
import { type EventRef, sourceName, wrongAbout } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { previewLines, undoPreview } from '../after/undo-preview.ts';
import { undoneLines } from '../events/after-the-write.ts';
import { type BothSides, openSides } from '../events/both-sides.ts';
import { reasonIn } from '../events/filter.ts';
import { meaningOfEnd, shownBy } from '../events/holds.ts';
import { type UndoneBefore, undoableOf, undoneOf } from '../events/undoable.ts';
import { carryOutAndWait, leftOut, weigh } from '../orders/act.ts';
import { overtakenText, wasOvertaken } from '../orders/overtaken.ts';
import { type Judged, judgeAll } from '../orders/repetition.ts';
import { selected } from '../orders/selection.ts';
import { toDoBesideEvents } from '../orders/to-do.ts';
import { guid, oneOf, reason } from '../terminal/option-values.ts';
import { bothTimes } from '../terminal/times.ts';
import { sentenceOf } from '../terminal/trouble.ts';
import { bulkForms } from './bulk.ts';
import { CHOICES, decisionForm, orderOf } from './buttons.ts';
import type { Console } from './console.ts';
import { deedTable, verdictTable, WAIT } from './deeds.ts';
import { asking, badge, eventLink, type Markup, markup, page, table } from './page.ts';
import { readFields, readForm, seen, seenEvents, unchanged } from './read-form.ts';
import { bothSides, whatGuardsSaw, whereToUndo } from './sides.ts';

const ON_A_PAGE = 10;

const query = z.object({
  guard: reasonIn(['held']).optional(),
  source: z.optional(sourceName),
  page: z.coerce.number().int().min(1).max(1000).default(1),
});

const decision = z.object({
  event: seenEvents,
  choice: oneOf(CHOICES),
  reason,
  user: guid.optional(),
  because: oneOf(wrongAbout.options).optional(),
  /** The user that a search found when the question was asked, if a finished event is processed again. */
  found: z.string().optional(),
});
type Decision = z.output<typeof decision>;

/** The page on which a person decides about events that are held or whose user is active again, and the two steps of every decision: ask, then do. */
export function addDecide(app: Hono, open: Console): void {
  const { deployment } = open;
  app.get('/decide', async (context) => {
    const { page: at, guard, source } = readFields(query, context.req.query());
    const { entries, total } = await selected(deployment, {
      statuses: ['returned', 'held'],
      filter: { reason: guard, source },
      limit: at * ON_A_PAGE,
    });
    const shown = entries.slice((at - 1) * ON_A_PAGE);
    const readSides = await openSides(deployment).catch(sentenceOf);
    const cards: Markup[] = [];
    for (const entry of shown) {
      const sides = typeof readSides === 'function' ? await readSides(entry) : readSides;
      const [undoable, undone] = [await undoableOf(entry, deployment), await undoneOf(entry, deployment)];
      cards.push(card(entry, { sides, undoable, undone }, open));
    }
    const body = markup`<p>${total === 0 ? 'Nothing is held, and nobody is active again: no event waits for a decision.' : `${total} held or active again, the longest unchanged first.`}
${total > ON_A_PAGE ? `These are ${shown.length} of them.` : ''}</p>
${cards}
${pages({ at, total, guard, source })}
${await elsewhere(open)}
${bulkForms(open)}`;
    return context.html(page(open, { title: 'Decide', at: '/decide', body }));
  });

  app.post('/decide/ask', async (context) => {
    const sent = await readForm(decision, context);
    const judged = await judgeAll(await unchanged(deployment, sent.event), orderOf(sent.choice, orderParts(sent)), { deployment });
    return context.html(page(open, { title: 'Are you sure?', at: '/decide', body: await question(judged, sent, open) }));
  });

  app.post('/decide/do', async (context) => {
    const sent = await readForm(decision, context);
    const order = orderOf(sent.choice, orderParts(sent));
    const judged = await judgeAll(await unchanged(deployment, sent.event), order, { deployment });
    await weigh(judged, order.kind, open);
    if (judged.length === 1 && judged[0]?.userId !== sent.found)
      throw new PermanentFailure(
        'found-another',
        'a search finds another user now than when you were asked; nothing was done; look at the event again',
      );
    const entries = judged.flatMap((one) => (leftOut(one).length === 0 ? [one.entry] : []));
    const deeds = await carryOutAndWait(entries, order, {
      deployment,
      signal: open.signal,
      seconds: WAIT,
      left: judged.flatMap(leftOut),
      onStep: () => undefined,
    });
    const overtaken = deeds.filter((deed) => wasOvertaken(deed, order));
    const body = markup`${overtaken.length > 0 ? markup`<p class="note bad">${overtakenText(overtaken)}</p>` : ''}${deedTable(deeds)}
<p><a class="button" href="/decide">Back to what is held</a></p>`;
    return context.html(page(open, { title: 'What was done', at: '/decide', body }));
  });
}

const orderParts = ({ reason: why, user, because }: Decision) => ({ reason: why, userId: user, because });

async function question(judged: readonly Judged[], sent: Decision, open: Console): Promise<Markup> {
  const { kind } = orderOf(sent.choice, orderParts(sent));
  const { affected, question: asked } = await weigh(judged, kind, open);
  const facts = verdictTable(judged);
  if (affected.length === 0)
    return markup`<p class="note bad">Nothing can be done.</p>${facts}<p><a class="button" href="/decide">Back</a></p>`;
  const { choice, reason: why, user, because } = sent;
  const found = judged.length === 1 ? judged[0]?.userId : undefined;
  const optional = Object.entries({ user, because, found }).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  const fields: [string, string][] = [
    ...affected.map((entry): [string, string] => ['event', seen(entry)]),
    ['choice', choice],
    ['reason', why],
    ...optional,
  ];
  return asking(open, {
    question: asked,
    facts: markup`${facts}${await undoFacts(kind, affected, open)}<p>Kept with it: ${why}</p>`,
    yes: `Yes, ${choice === 'recheck' ? 'ask the guard again' : choice}`,
    back: '/decide',
    action: '/decide/do',
    fields,
  });
}

/** What an undo gives back, and what not: the command shows it first too. */
async function undoFacts(kind: string, [entry]: readonly LedgerEntry[], { deployment }: Console): Promise<Markup> {
  if (kind !== 'undo' || entry === undefined) return markup``;
  const lines = await undoPreview(entry, deployment).then(previewLines, (failure: unknown) => [sentenceOf(failure)]);
  return markup`<ul>${lines.map((line) => markup`<li>${line.trim()}</li>`)}</ul>`;
}

/** What waits for a person and is no decision about an event. */
async function elsewhere({ deployment }: Console): Promise<Markup> {
  const waiting = await toDoBesideEvents(deployment);
  if (waiting.length === 0) return markup``;
  return table(
    'What the nightly sweep found, and what is left in the Admin Console',
    ['event', 'source', 'since', 'what', 'why'],
    waiting.map(({ id = '', source = '', at, kind, what }) => [
      eventLink({ source, eventId: id }),
      source,
      bothTimes(at),
      badge('amber', kind),
      what,
    ]),
  );
}

function card(
  entry: LedgerEntry,
  { sides, undoable, undone }: { sides: BothSides | string; undoable: readonly EventRef[]; undone: readonly UndoneBefore[] },
  open: Console,
): Markup {
  const { source, eventId, status, effectiveAt, receivedAt, hold } = entry;
  const now = open.deployment.clock();
  const shown = hold === undefined ? [] : shownBy(hold);
  return markup`<article class="card" aria-labelledby="card-${eventId}"><h2 id="card-${eventId}">${eventLink(entry)} ${status === 'returned' ? badge('failed', 'returned') : shown.map(({ guard }) => badge('held', guard))}</h2>
<p class="soft">${source}, due ${bothTimes(effectiveAt ?? receivedAt)}</p>
${status === 'returned' ? markup`<p>${meaningOfEnd(entry)}</p>` : whatGuardsSaw(entry)}
${undoneLines(undone).map((line) => markup`<p class="note">${line}</p>`)}
${whereToUndo(undoable)}
<div class="beside"><div>${bothSides(sides)}</div><div>${decisionForm(open, entry, { now, at: eventId })}</div></div></article>`;
}

function pages({ at, total, guard, source }: { at: number; total: number; guard: string | undefined; source: string | undefined }): Markup {
  const to = (number: number) =>
    `/decide?${new URLSearchParams({ ...(guard && { guard }), ...(source && { source }), page: String(number) })}`;
  return markup`<nav class="pages" aria-label="Pages of what waits">${at > 1 ? markup`<a href="${to(at - 1)}">Before</a>` : ''}
${total > at * ON_A_PAGE ? markup`<a href="${to(at + 1)}">Next</a>` : ''}</nav>`;
}
