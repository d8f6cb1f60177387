import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { EventRef } from '../../lambda/domain/event/leaver-message.ts';
import { printable } from '../terminal/terminal.ts';
import type { Door } from './door.ts';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

/**
 * A piece of a page. Every value is shown as text (`html` of Hono escapes it), without characters that could turn the line around;
 * only other pieces are kept as they are.
 */
export const markup = (strings: TemplateStringsArray, ...values: unknown[]): Markup => html(strings, ...values.map(asText));

function asText(value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  return Array.isArray(value) ? value.map(asText) : value;
}

const PAGES = [
  ['/', 'Today'],
  ['/decide', 'Decide'],
  ['/events', 'Events'],
  ['/find', 'Find a person'],
  ['/trouble', 'Trouble'],
  ['/report', 'Report'],
] as const;

/** What every page says of its console. */
export interface Frame {
  deployment: { name: string };
  by: string;
  door: () => Door;
}

interface Page {
  title: string;
  /** The entry of the menu that it belongs to. */
  at: (typeof PAGES)[number][0];
  body: Markup;
  /** After how many seconds the page loads itself again; 0: never. */
  refresh?: number;
}

/** A whole page. */
export function page({ deployment: { name }, by }: Frame, { title, at, body, refresh = 0 }: Page): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title} - ${name}</title>
<link rel="stylesheet" href="/console.css"><script src="/console.js" defer></script>
</head>
<body data-refresh="${refresh}">
<a class="skip" href="#main">Skip to the page</a>
<header>
<p class="stage"><strong>${name}</strong> <span>Workfront offboarding</span></p>
<nav aria-label="Pages"><ul>${PAGES.map(
    ([href, text]) => markup`<li><a href="${href}"${href === at ? html` aria-current="page"` : ''}>${text}</a></li>`,
  )}</ul></nav>
</header>
<main id="main" tabindex="-1"><h1>${title}</h1>
${body}
</main>
<footer><p>You act as ${by}. This console ends with its terminal. <span id="freshness" role="status"></span></p></footer>
</body>
</html>`;
}

/** A form that this console accepts. @param fields are sent with it, and not shown */
export function form(
  { door }: Pick<Frame, 'door'>,
  { action, fields = [], upload = false }: { action: string; fields?: readonly (readonly [string, string])[]; upload?: boolean },
  content: Markup,
): Markup {
  return markup`<form method="post" action="${action}"${upload ? html` enctype="multipart/form-data"` : ''}>
<input type="hidden" name="form" value="${door().formToken}">${hidden(fields)}
${content}</form>`;
}

const hidden = (fields: readonly (readonly [string, string])[]) =>
  fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);

/** The place for a reason. Each has a label and an id of its own. @param of names what the reason is for */
export const reasonField = (
  of: string,
): Markup => markup`<p class="field"><label for="reason-${of}">Why (kept with it, nothing personal)</label>
<input id="reason-${of}" name="reason" required maxlength="500" autocomplete="off"></p>`;

/** A button that asks: what will happen, and a way back. Nothing is done before it is answered. */
export function asking(
  frame: Frame,
  {
    question,
    facts = markup``,
    yes,
    back,
    ...sent
  }: {
    question: string;
    facts?: Markup;
    yes: string;
    /** The page to which a no leads. */
    back: Page['at'];
    action: string;
    fields: readonly (readonly [string, string])[];
  },
): Markup {
  return markup`<section class="ask"><p class="question">${question}</p>
${facts}
${form(frame, sent, markup`<p class="buttons"><button class="do">${yes}</button> <a class="button" href="${back}">No, do nothing</a></p>`)}
</section>`;
}

/** The chart of a report, which is wider than a telephone. */
export const chart = (svg: string): Markup =>
  markup`<div class="wide" tabindex="0" role="region" aria-label="Chart of delays">${raw(svg)}</div>`;

export const table = (caption: string, titles: readonly string[], rows: readonly (readonly unknown[])[]): Markup => markup`<div class="wide"
 tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${titles.map((title) => markup`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => markup`<tr>${cells.map((cell, index) => markup`<td data-title="${titles[index] ?? ''}">${cell}</td>`)}</tr>`)}</tbody></table></div>`;

/** The address of one event. Event ids are not personal: docs/data.md. */
const eventHref = ({ source, eventId }: EventRef): string =>
  `/event?source=${encodeURIComponent(source)}&id=${encodeURIComponent(eventId)}`;

export const eventLink = (ref: EventRef): Markup => markup`<a href="${eventHref(ref)}">${ref.eventId}</a>`;

/** A status or health as a word in a frame of its colour: never by colour alone. */
export const badge = (kind: string, text = kind): Markup => markup`<span class="badge ${kind}">${text}</span>`;
