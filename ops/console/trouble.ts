import type { Hono } from 'hono';
import * as z from 'zod';
import { reverify } from '../orders/reverify-deliveries.ts';
import { type DeadLetter, deadLettersOf, describeDeadLetter, mustBeUnreadable, withDeadLetter } from '../queues/dead-letter.ts';
import { deleteForGood } from '../queues/deletion-log.ts';
import { deliveriesOf, dismissDeliveries, provenFirst, summaryOf } from '../queues/quarantine.ts';
import { redrive } from '../queues/redrive.ts';
import { messageId, reason } from '../terminal/option-values.ts';
import { bothTimes } from '../terminal/times.ts';
import type { Console } from './console.ts';
import { doctor } from './doctor.ts';
import { asking, badge, eventLink, form, type Markup, markup, page, reasonField, table } from './page.ts';
import { readForm } from './read-form.ts';

/** How long an answer waits until SQS has moved the messages, in seconds. */
const WAIT = 15;
/** More are counted, and shown by the command. */
const MOST_SHOWN = 100;

const fixForm = z.discriminatedUnion('fix', [
  z.object({ fix: z.literal('redrive') }),
  z.object({ fix: z.literal('reverify'), id: messageId.optional() }),
  z.object({ fix: z.literal('dismiss'), id: messageId, reason }),
  z.object({ fix: z.literal('delete'), id: messageId, reason }),
]);
type Fix = z.output<typeof fixForm>;

/** What is wrong with the machinery, each with its fix as a button that asks. */
export function addTrouble(app: Hono, open: Console): void {
  app.get('/trouble', async (context) => {
    const body = markup`${await quarantine(open)}${await deadLetters(open)}${await doctor(open)}`;
    return context.html(page(open, { title: 'Trouble', at: '/trouble', body }));
  });

  app.post('/trouble/ask', async (context) => {
    const sent = await readForm(fixForm, context);
    const fields = Object.entries(sent).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
    const body = asking(open, { ...(await questionOn(sent, open)), back: '/trouble', action: '/trouble/do', fields });
    return context.html(page(open, { title: 'Are you sure?', at: '/trouble', body }));
  });

  app.post('/trouble/do', async (context) => {
    const did = await carryOut(await readForm(fixForm, context), open);
    const body = markup`${did}<p><a class="button" href="/trouble">Back to trouble</a></p>`;
    return context.html(page(open, { title: 'What was done', at: '/trouble', body }));
  });
}

async function questionOn(sent: Fix, open: Console): Promise<{ question: string; yes: string; facts?: Markup }> {
  const { deployment } = open;
  switch (sent.fix) {
    case 'redrive':
      return { question: 'Put every dead letter back on the leaver queue?', yes: 'Yes, put them back' };
    case 'reverify':
      return {
        question: 'Send what is accepted now to the worker?',
        yes: 'Yes, send it',
        facts: await reverified(open, { id: sent.id, dryRun: true }),
      };
    case 'dismiss': {
      let why: string | undefined;
      for await (const one of deliveriesOf(deployment)) if (one.message.id === sent.id) why = summaryOf(one).why;
      const loss = why === 'unreadable' ? ' It is proven to be of HR: a leaver in it keeps access.' : '';
      return { question: `Delete this delivery permanently?${loss}`, yes: 'Yes, delete it' };
    }
    case 'delete':
      return withDeadLetter(deployment, sent.id, async (message) => {
        const { why } = await mustBeUnreadable(message, open);
        return {
          question: 'Delete this message permanently?',
          yes: 'Yes, delete it',
          facts: markup`<p>${why}</p><pre>${message.body}</pre>`,
        };
      });
  }
}

async function carryOut(sent: Fix, open: Console): Promise<Markup> {
  const { deployment } = open;
  switch (sent.fix) {
    case 'redrive': {
      const { moved, finished } = await redrive(deployment, { seconds: WAIT, onStep: () => undefined });
      return markup`<p>${moved} put back${finished ? '.' : ' so far; SQS goes on by itself.'}</p>`;
    }
    case 'reverify':
      return reverified(open, { id: sent.id, dryRun: false });
    case 'dismiss':
      await dismissDeliveries(new Set([sent.id]), { reason: sent.reason, deployment });
      return markup`<p>Deleted, and recorded.</p>`;
    case 'delete':
      return withDeadLetter(deployment, sent.id, async (message) => {
        await mustBeUnreadable(message, open);
        await deleteForGood(message, { what: 'deleted dead letter', deployment, reason: sent.reason });
        return markup`<p>Deleted, and recorded.</p>`;
      });
  }
}

async function reverified({ deployment }: Console, { id, dryRun }: { id: string | undefined; dryRun: boolean }): Promise<Markup> {
  const rows: unknown[][] = [];
  for await (const one of reverify(new Set(id === undefined ? [] : [id]), { dryRun, deployment }))
    rows.push([bothTimes(one.receivedAt), one.source, one.did, one.because || one.eventIds.join(', ')]);
  return table('Each delivery', ['received', 'source', 'did', 'events or reason'], rows);
}

async function quarantine(open: Console): Promise<Markup> {
  const all: ReturnType<typeof summaryOf>[] = [];
  for await (const one of deliveriesOf(open.deployment)) all.push(summaryOf(one));
  if (all.length === 0) return markup`<section><h2>Quarantine</h2><p>${badge('green', 'empty')} Every delivery was accepted.</p></section>`;
  const rows = all
    .sort(provenFirst)
    .slice(0, MOST_SHOWN)
    .map(({ id, receivedAt, source, why, detail }) => [
      bothTimes(receivedAt),
      source,
      badge(why === 'unreadable' ? 'red' : 'amber', why === 'unreadable' ? 'proven, not understood' : 'not proven'),
      detail,
      markup`${fix(open, 'reverify', { id, text: 'Verify again' })}${fix(open, 'dismiss', { id, text: 'Dismiss' })}`,
    ]);
  return markup`<section><h2>Quarantine</h2><p>${all.length} deliveries were not accepted.</p>
${table('Deliveries in the quarantine', ['received', 'source', 'why', 'detail', 'fix'], rows)}
${fix(open, 'reverify', { text: 'Verify all again' })}</section>`;
}

async function deadLetters(open: Console): Promise<Markup> {
  const all: DeadLetter[] = [];
  for await (const message of deadLettersOf(open.deployment)) all.push(await describeDeadLetter(message, open.deployment));
  if (all.length === 0) return markup`<section><h2>Dead letters</h2><p>${badge('green', 'none')}</p></section>`;
  const rows = all
    .slice(0, MOST_SHOWN)
    .map(({ id, since, kind, source, eventId, status, why }) => [
      bothTimes(since),
      kind,
      source !== undefined && eventId !== undefined ? eventLink({ source, eventId }) : '',
      status ?? '',
      why,
      kind === 'unreadable' ? fix(open, 'delete', { id, text: 'Delete' }) : '',
    ]);
  return markup`<section><h2>Dead letters</h2><p>${all.length} messages could not even be recorded.</p>
${table('Dead letters', ['since', 'kind', 'event', 'in the ledger', 'why', 'fix'], rows)}
${fix(open, 'redrive', { text: 'Put all back on the leaver queue' })}</section>`;
}

/** One fix as a button that asks. What deletes needs a reason. */
function fix(open: Console, what: Fix['fix'], { id, text }: { id?: string; text: string }): Markup {
  const fields: [string, string][] = [['fix', what], ...(id === undefined ? [] : [['id', id] satisfies [string, string]])];
  const needsReason = what === 'dismiss' || what === 'delete';
  const button = form(
    open,
    { action: '/trouble/ask', fields },
    markup`${needsReason ? reasonField(`${what}-${id}`) : ''}<p class="buttons"><button>${text}</button></p>`,
  );
  return needsReason ? markup`<details><summary>${text}</summary>${button}</details>` : button;
}
