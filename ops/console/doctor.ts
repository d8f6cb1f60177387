import type { Check } from '../checks/check.ts';
import { examine } from '../checks/examine.ts';
import type { Console } from './console.ts';
import { badge, type Markup, markup, table } from './page.ts';
import { pauseForm, resumeForm, retryForm, unlatchForm } from './stage-orders.ts';

/** Everything that a leaver depends on: what is not well first, with what to do. */
export async function doctor(open: Console): Promise<Markup> {
  const checks: Check[] = [];
  for await (const check of examine(open.session)) checks.push(check);
  const well = checks.filter(({ health }) => health === 'green');
  const rest = checks.filter(({ health }) => health !== 'green');
  return markup`<section><h2>Doctor</h2>
${rest.length === 0 ? markup`<p>${badge('green', 'well')} Everything that a leaver depends on.</p>` : markup`<ul class="checks">${rest.map((check) => unwell(check, open))}</ul>`}
<details><summary>${well.length} checks are green</summary>${table(
    'Green checks',
    ['check', 'saw'],
    well.map(({ check, saw }) => [check, saw]),
  )}</details>
${pauseForm(open)}</section>`;
}

/** What the console itself can do about a check; the text beside it has the commands for everything else. */
const WAYS: Record<string, (open: Console) => Markup> = {
  pause: resumeForm,
  circuit: retryForm,
  waiting: retryForm,
  brake: unlatchForm,
  held: () => markup`<a class="button" href="/decide">Decide</a>`,
  returned: () => markup`<a class="button" href="/decide">Decide</a>`,
  'nightly sweep': () => markup`<a class="button" href="/decide">Look at them</a>`,
  failed: () => markup`<a class="button" href="/events?status=failed">Look at them</a>`,
};

const unwell = (
  check: Check,
  open: Console,
): Markup => markup`<li><p>${badge(check.health)} <strong>${check.check}</strong> ${check.saw}</p>
${
  'cure' in check
    ? markup`<pre>${check.cure.split('\n').map(
        (line) => markup`${line}
`,
      )}</pre>${WAYS[check.check]?.(open) ?? ''}`
    : ''
}</li>`;
