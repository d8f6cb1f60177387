import type { Hono } from 'hono';
import * as z from 'zod';
import type { Resolution } from '../events/resolution.ts';
import { leaverOf, leaverOptions, resolveIn } from '../events/resolve-leaver.ts';
import type { Console } from './console.ts';
import { badge, form, type Markup, markup, page, table } from './page.ts';
import { readForm } from './read-form.ts';

const { field } = leaverOptions.shape;
const found = leaverOptions.extend({ field: z.preprocess((value) => (value === undefined ? value : [value]), field) });

/** Who would be meant by what HR says, and what would happen. A form is sent, so that nobody's address is in a URL. */
export function addFind(app: Hono, open: Console): void {
  app.get('/find', (context) => context.html(page(open, { title: 'Find a person', at: '/find', body: question(open) })));

  app.post('/find', async (context) => {
    const { resolution, dryRun } = await resolveIn(open.deployment, leaverOf(await readForm(found, context)));
    const body = markup`${steps(resolution, dryRun)}<h2>Another person</h2>${question(open)}`;
    return context.html(page(open, { title: 'Find a person', at: '/find', body }));
  });
}

const question = (
  open: Console,
): Markup => markup`<p>What a termination of this person would do now. Nothing is changed, and nothing is kept.</p>
${form(
  open,
  { action: '/find' },
  markup`${inputs.map(
    ([name, label, hint]) => markup`<p class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" autocomplete="off"${hint === '' ? '' : markup` placeholder="${hint}"`}></p>`,
  )}<p class="buttons"><button>Show every step</button></p>`,
)}`;

const inputs = [
  ['email', 'E-mail address in HR', ''],
  ['number', 'Employee number', ''],
  ['sso', 'SSO name', ''],
  ['givenName', 'Given name, to compare', ''],
  ['familyName', 'Family name, to compare', ''],
  ['field', 'A custom field', 'DE:HR ID=10042'],
] as const;

function steps({ stopped, owner, pinnedCustomerId, keys, hits, matchedBy, guards, would }: Resolution, dryRun: boolean): Markup {
  return markup`<p class="headline">${badge(would.become)} ${would.why}</p>
${stopped.map((why) => markup`<p class="note bad">${why}; the event would wait until then.</p>`)}
${dryRun ? markup`<p class="note bad">This stage only tries: nothing is written to Workfront.</p>` : ''}
<ol class="timeline">
<li><strong>Credential</strong> <p>user ${owner.userId} of customer ${owner.customerId ?? 'unknown'}, sees ${owner.activeUsers} active users;
the stage is pinned to ${pinnedCustomerId ?? 'no customer yet'}</p></li>
<li><strong>Match keys</strong> <p>${keys.join(', ')}</p></li>
<li><strong>Search</strong> ${
    hits.length === 0
      ? markup`<p>nobody is found</p>`
      : table(
          `${hits.length} found`,
          ['user', 'is', 'agrees in'],
          hits.map(({ userId, isActive, agrees }) => [
            markup`<code>${userId}</code>`,
            badge(isActive ? 'active' : 'inactive'),
            agrees.join(', '),
          ]),
        )
  }</li>
${matchedBy === undefined ? '' : markup`<li><strong>Match</strong> <p>by ${matchedBy}</p></li>`}
${
  guards.length === 0
    ? ''
    : markup`<li><strong>Guards</strong> ${table(
        'Every guard, in the order in which they are asked',
        ['guard', 'answer', 'saw'],
        guards.map(({ guard, answer, saw }) => [guard, badge(answer === 'hold' ? 'held' : answer, answer), saw ?? '']),
      )}</li>`
}
<li><strong>Would be</strong> <p>${badge(would.become)} ${would.why}</p></li></ol>`;
}
