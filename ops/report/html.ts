import { lengthOf } from '../terminal/times.ts';
import { delayChart } from './chart.ts';
import type { Leaver } from './leaver.ts';
import { decisionText } from './leaver-row.ts';
import { delayText, guardText, type ReportFrame, type ReportNumbers } from './numbers.ts';

/** The look of every page that ops make. */
export const STYLE = `
:root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --ink: #1b2430; --soft: #5b6675; --line: #dde2e8; --within: #2563a8; --late: #b3400f; }
@media (prefers-color-scheme: dark) {
  :root { --page: #12161c; --card: #1b212a; --ink: #e6eaf0; --soft: #9aa6b5; --line: #313a46; --within: #6aa6e8; --late: #f0894f; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 32px 16px; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; }
h1 { margin: 0 0 4px; font-size: 26px; } h2 { margin: 0 0 12px; font-size: 17px; }
p { margin: 0 0 4px; color: var(--soft); }
section { margin-top: 20px; padding: 20px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); gap: 16px; margin: 0; }
dt { color: var(--soft); font-size: 13px; white-space: nowrap; } dd { margin: 0; font-size: 22px; font-variant-numeric: tabular-nums; }
dd.late { color: var(--late); }
svg { display: block; width: 100%; max-width: 760px; height: auto; font: 13px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .count { fill: var(--soft); }
svg .within { fill: var(--within); } svg .late { fill: var(--late); }
svg line.target { stroke: var(--late); stroke-dasharray: 4 4; } svg text.target { fill: var(--late); }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 10px 6px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; white-space: nowrap; }
th { color: var(--soft); font-weight: 600; } td.id { font-family: ui-monospace, monospace; white-space: normal; overflow-wrap: anywhere; min-width: 9em; }
tr.late td:first-child { box-shadow: inset 3px 0 var(--late); padding-left: 9px; } td.late { color: var(--late); font-weight: 600; }
@media print { body { background: none; } section { break-inside: auto; border: none; padding: 0; } }`;

/** The page up to its tables. It loads nothing and runs nothing, and its policy forbids both. */
export function htmlHead(frame: ReportFrame, numbers: ReportNumbers): string {
  const { deployment, since, until, generatedAt, target, by, tests } = frame;
  const { leavers, pastTarget, delay, outcomes, guards, onTime } = numbers;
  const tiles: { what: string; value: string | number; kind?: string }[] = [
    { what: 'leavers', value: leavers },
    ...Object.entries(outcomes).map(([what, value]) => ({ what, value })),
    { what: `past the target of ${lengthOf(target)}`, value: pastTarget, ...(pastTarget > 0 && { kind: 'late' }) },
    { what: `on time, within ${lengthOf(target)}`, value: onTime.percent === null ? '-' : `${onTime.percent} %` },
    { what: 'half within', value: delayText(delay.p50) || '-' },
    { what: '95 % within', value: delayText(delay.p95) || '-' },
    { what: '99 % within', value: delayText(delay.p99) || '-' },
    { what: 'the longest', value: delayText(delay.longest) || '-' },
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Leavers of ${escaped(deployment)}</title><style>${STYLE}</style></head><body><main>
<h1>Leavers of ${escaped(deployment)}</h1>
<p>Received from ${escaped(since)} to ${escaped(until)}. Times are UTC. A delay runs from the effective time to the deactivation that Workfront confirmed.</p>
<p>Made ${escaped(generatedAt)} by ${escaped(by)}${tests > 0 ? `; ${tests} test events are left out` : ''}.</p>
<section><h2>At a glance</h2><dl>
${tiles.map(({ what, value, kind }) => `<div><dt>${escaped(what)}</dt><dd${kind === undefined ? '' : ` class="${kind}"`}>${escaped(String(value))}</dd></div>`).join('\n')}
</dl></section>
<section><h2>Delays</h2>
${delay.p50 === null ? '<p>Nobody was deactivated.</p>' : delayChart(numbers, target)}
</section>${
    guards.length === 0
      ? ''
      : `
<section><h2>Guards</h2>
${guards.map((one) => `<p>${escaped(guardText(one))}</p>`).join('\n')}
</section>`
  }`;
}

export const htmlTableHead = (title: string): string => `<section><h2>${escaped(title)}</h2><div class="wide"><table>
<thead><tr>${['effective', 'deactivated', 'delay', 'outcome', 'Workfront user', 'source', 'event', 'decided by'].map((name) => `<th>${name}</th>`).join('')}</tr></thead><tbody>`;

export function htmlRow({ effectiveAt, deactivatedAt, deactivatedBefore, delay, outcome, reason, pastTarget, ...leaver }: Leaver): string {
  const before = deactivatedBefore === null ? '' : ` (and was deactivated ${time(deactivatedBefore)})`;
  const cells = [
    cell(time(effectiveAt)),
    cell(time(deactivatedAt)),
    cell(delay === null && pastTarget ? 'not yet' : delayText(delay), pastTarget ? 'late' : undefined),
    cell(`${outcome}${reason === null ? '' : `: ${reason}`}${before}`),
    cell(leaver.userId ?? '', 'id'),
    cell(leaver.source),
    cell(leaver.eventId, 'id'),
    cell(leaver.decided.map(decisionText).join('; '), 'id'),
  ];
  return `<tr${pastTarget ? ' class="late"' : ''}>${cells.join('')}</tr>`;
}

export const HTML_TABLE_END = '</tbody></table></div></section>';
export const HTML_END = '</main></body></html>';

const cell = (text: string, kind?: string) => `<td${kind === undefined ? '' : ` class="${kind}"`}>${escaped(text)}</td>`;

const time = (instant: string | null) => (instant === null ? '' : new Date(instant).toISOString().slice(0, 19).replace('T', ' '));

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Shows text from outside as text. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one);
