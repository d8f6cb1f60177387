import type { Hono } from 'hono';
import { eventRef } from '../../lambda/domain/event/leaver-message.ts';
import type { HistoryStep, LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { toMillis } from '../../lambda/domain/time/time.ts';
import { caveats, ownedBy, ownedRows } from '../after/owned.ts';
import { besideEvent } from '../events/beside-event.ts';
import { type BothSides, openSides } from '../events/both-sides.ts';
import { findEvent } from '../events/find-event.ts';
import { type Line, storyOf, TITLES } from '../events/story.ts';
import { bothTimes, lengthOf } from '../terminal/times.ts';
import { sentenceOf } from '../terminal/trouble.ts';
import { accessSection } from './access.ts';
import { decisionForm } from './buttons.ts';
import type { Console } from './console.ts';
import { badge, eventLink, form, type Markup, markup, page, table } from './page.ts';
import { readFields, readForm } from './read-form.ts';
import { bothSides, whereToUndo } from './sides.ts';

/** One event: its whole story, and what can be ordered. Who it is about is shown only if asked for. */
export function addEvent(app: Hono, open: Console): void {
  const { deployment } = open;
  app.get('/event', async (context) => {
    const { id, source } = context.req.query();
    const entry = await findEvent(deployment, readFields(eventRef, { eventId: id, source }));
    return context.html(
      page(open, { title: `Event ${entry.eventId}`, at: '/events', body: await story(entry, { open, sides: undefined }) }),
    );
  });

  app.post('/event', async (context) => {
    const entry = await findEvent(deployment, await readForm(eventRef, context));
    const sides = await openSides(deployment)
      .then((read) => read(entry))
      .catch(sentenceOf);
    return context.html(page(open, { title: `Event ${entry.eventId}`, at: '/events', body: await story(entry, { open, sides }) }));
  });

  app.post('/event/impact', async (context) => {
    const entry = await findEvent(deployment, await readForm(eventRef, context));
    return context.html(page(open, { title: 'What the user owns', at: '/events', body: await impact(entry, open) }));
  });
}

async function story(entry: LedgerEntry, { open, sides }: { open: Console; sides: BothSides | string | undefined }): Promise<Markup> {
  const { deployment, again } = open;
  const { source, eventId, status, reason } = entry;
  const { inConsole, ...beside } = await besideEvent(entry, deployment);
  const lines = storyOf(entry, { person: sides !== undefined, again, ...beside });
  const fields = Object.entries({ source, eventId });
  return markup`<p class="headline">${badge(status)} ${reason ?? ''} <span class="soft">${source}</span></p>
${partsOf(lines).map((part) => partMarkup(part, entry))}
<section><h2>Who it is about</h2>${
    sides === undefined
      ? form(open, { action: '/event', fields }, markup`<p class="buttons"><button>Show who it is about, read now</button></p>`)
      : bothSides(sides)
  }</section>
${entry.workfrontUserId === undefined ? '' : form(open, { action: '/event/impact', fields }, markup`<p class="buttons"><button>Count what the user owns, read now</button></p>`)}
${inConsole === undefined ? '' : accessSection(open, inConsole)}
<section><h2>${TITLES.ways}</h2>${whereToUndo(beside.undoable)}${decisionForm(open, entry, { now: deployment.clock(), at: 'event' })}</section>`;
}

/** What the user owns in Workfront now: only ids and counts. */
async function impact(entry: LedgerEntry, { deployment }: Console): Promise<Markup> {
  if (entry.workfrontUserId === undefined)
    throw new PermanentFailure('no-user', `event ${entry.eventId} is ${entry.status} and has led to no user; find the person first`);
  const owned = await ownedBy(entry.workfrontUserId, { ids: false, person: false }, deployment);
  const { userId, link, at } = owned;
  return markup`<p>Counted ${bothTimes(at)}, for event ${eventLink(entry)}: <a href="${link}" rel="noreferrer" target="_blank">${userId} in Workfront</a></p>
${table(
  'What the user owns',
  ['how many', 'what', 'what to do'],
  ownedRows(owned).map(({ count, what, advice }) => [count, what, advice]),
)}
${caveats(owned).map((line) => markup`<p class="soft">${line}</p>`)}`;
}

interface Part {
  title: string;
  lines: string[];
}

/** The parts of a story, each with its heading; the first line, which names the event, is the title of the page. */
function partsOf(lines: readonly Line[]): Part[] {
  const parts: Part[] = [];
  for (const { text, heading } of lines.slice(1)) {
    if (heading) parts.push({ title: text, lines: [] });
    else if (text !== '') parts.at(-1)?.lines.push(text.trim());
  }
  return parts.filter(({ title }) => title !== TITLES.ways);
}

const partMarkup = ({ title, lines }: Part, { history }: LedgerEntry): Markup =>
  markup`<section><h2>${title}</h2>${
    title === TITLES.steps
      ? markup`<ol class="timeline">${history.map((step, index) => stepMarkup(step, history[index - 1]))}</ol>`
      : linesMarkup(lines)
  }</section>`;

const stepMarkup = ({ at, to, by, why }: HistoryStep, before: HistoryStep | undefined): Markup => markup`<li>${badge(to)}
<time datetime="${at}">${bothTimes(at)}</time> ${before === undefined ? '' : markup`<span class="soft">+${lengthOf(toMillis(at) - toMillis(before.at))}</span>`}
<p>${why} <span class="soft">(${by})</span></p></li>`;

/** A line of the story is a sentence, or a name and a value in two columns. */
function linesMarkup(lines: readonly string[]): Markup {
  const shown: Markup[] = [];
  let pairs: Markup[] = [];
  const endPairs = () => {
    if (pairs.length > 0) shown.push(markup`<dl>${pairs}</dl>`);
    pairs = [];
  };
  for (const line of lines) {
    const [, name, value] = /^(\S.{0,24}?) {2,}(.+)$/.exec(line) ?? [];
    if (name !== undefined) pairs.push(markup`<dt>${name}</dt><dd>${value}</dd>`);
    else {
      endPairs();
      shown.push(markup`<p>${line}</p>`);
    }
  }
  endPairs();
  return markup`${shown}`;
}
