import { escaped, STYLE } from '../report/html.ts';
import { bothTimes } from '../terminal/times.ts';
import { caveats, type OwnedByUser, type OwnedRow, ownedRows } from './owned.ts';

/** A page for the manager of a leaver: what is to be given to others. It loads nothing and runs nothing, and its policy forbids both. */
export function ownedPage(owned: OwnedByUser): string {
  const who = owned.name ?? `user ${owned.userId}`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What ${escaped(who)} owns in Workfront</title><style>${STYLE}</style></head><body><main>
<h1>What ${escaped(who)} owns in Workfront</h1>
<p>Counted ${escaped(bothTimes(owned.at))}. <a href="${escaped(owned.link)}">${escaped(owned.userId)}</a></p>
${caveats(owned)
  .map((line) => `<p>${escaped(line)}</p>`)
  .join('\n')}
<section><h2>To be given to others</h2><div class="wide"><table>
<thead><tr><th>how many</th><th>what</th><th>what to do</th></tr></thead><tbody>
${ownedRows(owned).map(row).join('\n')}
</tbody></table></div></section>
</main></body></html>
`;
}

const row = ({ what, count, advice, things }: OwnedRow): string =>
  `<tr><td>${escaped(count)}</td><td>${escaped(what)}${things.map(thing).join('')}</td><td>${escaped(advice)}</td></tr>`;

const thing = ({ id, link }: OwnedRow['things'][number]): string =>
  `<br>${link === undefined ? escaped(id) : `<a href="${escaped(link)}">${escaped(id)}</a>`}`;
