import type { Context, Hono } from 'hono';
import * as z from 'zod';
import { GUARD_NAMES } from '../../lambda/domain/deactivate/guards/order.ts';
import { sourceName } from '../../lambda/domain/event/leaver-message.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { reasonIn } from '../events/filter.ts';
import { carryOutAndWait } from '../orders/act.ts';
import { claimPlan } from '../orders/claim-plan.ts';
import { makePlan, orderOf } from '../orders/make-plan.ts';
import { type DigestedPlan, parsePlan, textOfPlan, withDigest } from '../orders/plan-file.ts';
import { recordPlan } from '../orders/plan-record.ts';
import { judgeAll } from '../orders/repetition.ts';
import { selected } from '../orders/selection.ts';
import { Usage } from '../terminal/exit-code.ts';
import { oneOf, reason } from '../terminal/option-values.ts';
import { bothTimes } from '../terminal/times.ts';
import type { Console } from './console.ts';
import { deedTable, WAIT } from './deeds.ts';
import { eventLink, form, type Markup, markup, page, reasonField, table } from './page.ts';
import { readFields, readForm } from './read-form.ts';

const KINDS = ['release', 'cancel', 'replay'] as const;
const STATUSES = { release: ['held'], cancel: ['held'], replay: ['failed'] } as const;
/** More rows are in the file of the plan. */
const MOST_SHOWN = 200;

const digestField = z.string().regex(/^[0-9a-f]{64}$/, 'the digest of a plan');
const planForm = z.object({
  kind: oneOf(KINDS),
  reason,
  guard: reasonIn(['held']).optional(),
  source: z.optional(sourceName),
});

/** Many events at once: only by a plan, which says what will be done to each, and is applied as it is or not at all. */
export function addBulk(app: Hono, open: Console): void {
  const { deployment, plans } = open;
  const keep = (plan: DigestedPlan) => plans.set(plan.digest, plan);
  const kept = (digest: string): DigestedPlan => {
    const plan = plans.get(digest);
    if (plan === undefined) throw new PermanentFailure('no-plan', 'this console has no such plan; open its file on the page Decide');
    return plan;
  };
  const show = async (context: Context, plan: DigestedPlan) =>
    context.html(page(open, { title: `A plan to ${plan.kind}`, at: '/decide', body: await planBody(plan, open) }));

  app.post('/plan/make', async (context) => {
    const { kind, reason: why, guard, source } = await readForm(planForm, context);
    const { entries } = await selected(deployment, { statuses: STATUSES[kind], filter: { reason: guard, source } });
    const judged = await judgeAll(entries, { kind, reason: why }, { deployment });
    const plan = withDigest(await makePlan(judged, { kind, reason: why }, deployment));
    if (plan.events.length === 0) throw new Usage('no event would be in the plan; choose others');
    await recordPlan(plan, deployment);
    keep(plan);
    return show(context, plan);
  });

  app.post('/plan/open', async (context) => {
    const { file } = await context.req.parseBody();
    if (!(file instanceof File)) throw new Usage('no file was sent; choose the file of a plan');
    const plan = parsePlan(await file.text(), 'the plan');
    keep(plan);
    return show(context, plan);
  });

  app.get('/plan/file', (context) => {
    const { digest } = readFields(z.object({ digest: digestField }), context.req.query());
    context.header('content-disposition', `attachment; filename="plan-${digest.slice(0, 12)}.json"`);
    return context.body(textOfPlan(kept(digest)), 200, { 'content-type': 'application/json' });
  });

  app.post('/plan/apply', async (context) => {
    const { digest } = await readForm(z.object({ digest: digestField }), context);
    const plan = kept(digest);
    const entries = await claimPlan(plan, deployment);
    const deeds = await carryOutAndWait(entries, orderOf(plan), {
      deployment,
      signal: open.signal,
      seconds: WAIT,
      onStep: () => undefined,
    });
    plans.delete(digest);
    const body = markup`${deedTable(deeds)}<p><a class="button" href="/decide">Back to what is held</a></p>`;
    return context.html(page(open, { title: 'What was done', at: '/decide', body }));
  });
}

async function planBody(plan: DigestedPlan, open: Console): Promise<Markup> {
  const { digest, events, by, at, secondAbove, kind, reason: why } = plan;
  const mayApply = events.length <= secondAbove || by !== open.by;
  return markup`<dl><dt>made</dt><dd>${bothTimes(at)} by ${by}</dd><dt>why</dt><dd>${why}</dd>
<dt>digest</dt><dd><code>${digest}</code></dd></dl>
${table(
  `${events.length} events`,
  ['event', 'status', 'what it does'],
  events.slice(0, MOST_SHOWN).map((one) => [eventLink(one), one.reason ?? one.status, one.does]),
)}
${events.length > MOST_SHOWN ? markup`<p>${events.length - MOST_SHOWN} more are in the file.</p>` : ''}
<p><a class="button" href="/plan/file?digest=${digest}" download>Keep the file of the plan</a></p>
${
  mayApply
    ? form(
        open,
        { action: '/plan/apply', fields: [['digest', digest]] },
        markup`<p class="question">The leavers of these ${events.length} events ${kind === 'cancel' ? 'keep' : 'lose'} access. Compare the digest with the one that you were given.</p>
<p class="buttons"><button class="do">Apply the plan</button> <a class="button" href="/decide">No, do nothing</a></p>`,
      )
    : markup`<p class="note bad">More than ${secondAbove} events: someone other than ${by} must apply it. Give them the file and the digest.</p>`
}`;
}

/** The forms with which a plan begins, or that of somebody else is opened. */
export function bulkForms(open: Console): Markup {
  const sources = Object.keys(open.deployment.places.sourceSecrets);
  return markup`<section><h2>Many at once</h2>
<p>A plan says what would be done to each event. Nothing is done before it is applied, and nothing at all if one of its events has changed.</p>
${form(
  open,
  { action: '/plan/make' },
  markup`<p class="field"><label for="plan-kind">Make a plan to</label>
<select id="plan-kind" name="kind"><option value="release">release what is held</option><option value="cancel">cancel what is held</option>
<option value="replay">replay what failed</option></select></p>
<p class="field"><label for="plan-guard">only what this guard holds</label><select id="plan-guard" name="guard"><option value="">all guards</option>
${GUARD_NAMES.map((guard) => markup`<option>${guard}</option>`)}</select></p>
<p class="field"><label for="plan-source">only of this source</label><select id="plan-source" name="source"><option value="">all sources</option>
${sources.map((source) => markup`<option>${source}</option>`)}</select></p>
${reasonField('plan')}<p class="buttons"><button>Make the plan</button></p>`,
)}
<h3>A plan of somebody else</h3>
${form(
  open,
  { action: '/plan/open', upload: true },
  markup`<p class="field"><label for="plan-file">The file of the plan</label><input id="plan-file" type="file" name="file" accept="application/json,.json" required></p>
<p class="buttons"><button>Open the plan</button></p>`,
)}</section>`;
}
