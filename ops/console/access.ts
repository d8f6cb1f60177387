import type { Hono } from 'hono';
import * as z from 'zod';
import { type AccessRecord, needsPerson } from '../../lambda/domain/console-access/access-record.ts';
import { readAccess } from '../../lambda/domain/console-access/open-access.ts';
import { eventRef } from '../../lambda/domain/event/leaver-message.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { consoleSteps, IN_CONSOLE } from '../events/console-story.ts';
import { findEvent } from '../events/find-event.ts';
import { closeAccess, retryAccess } from '../orders/console-orders.ts';
import { oneOf, reason } from '../terminal/option-values.ts';
import type { Console } from './console.ts';
import { asking, eventLink, form, type Markup, markup, page, reasonField } from './page.ts';
import { readForm } from './read-form.ts';

const QUESTIONS = {
  retry: 'The worker reads what this leaver has in the Admin Console, and removes it. Try again?',
  close: 'Nothing more is removed in the Admin Console for this leaver: what they have there, they keep. Close?',
} as const;

const accessForm = z.object({
  ...eventRef.shape,
  /** How many steps the page showed: nobody decides about what they did not see. */
  steps: z.coerce.number().int().min(1),
  order: oneOf(['retry', 'close'] as const),
  reason,
});
type Sent = z.output<typeof accessForm>;

/** What a person orders about one leaver in the Admin Console: ask, then do. */
export function addAccess(app: Hono, open: Console): void {
  const { deployment } = open;
  app.post('/access/ask', async (context) => {
    const sent = await readForm(accessForm, context);
    const facts = linesOf(await unchanged(sent, open));
    const { order } = sent;
    const fields = Object.entries(sent).map(([name, value]): [string, string] => [name, String(value)]);
    const body = asking(open, {
      question: QUESTIONS[order],
      facts,
      yes: order === 'retry' ? 'Yes, try again' : 'Yes, close',
      back: '/decide',
      action: '/access/do',
      fields,
    });
    return context.html(page(open, { title: 'Are you sure?', at: '/decide', body }));
  });

  app.post('/access/do', async (context) => {
    const sent = await readForm(accessForm, context);
    await unchanged(sent, open);
    const entry = await findEvent(deployment, { eventId: sent.eventId, source: sent.source });
    const order = sent.order === 'retry' ? retryAccess : closeAccess;
    await order(entry, { by: open.by, reason: sent.reason }, deployment);
    const done = sent.order === 'retry' ? 'The worker asks the Admin Console now.' : 'Closed.';
    const body = markup`<p>${done}</p><p>${eventLink(entry)} shows what becomes of it.</p>`;
    return context.html(page(open, { title: 'Done', at: '/decide', body }));
  });
}

/** @throws PermanentFailure `access-changed` */
async function unchanged({ steps, ...ref }: Sent, { deployment }: Console): Promise<AccessRecord> {
  const record = (await readAccess(ref, deployment.ledger))?.value;
  if (record?.history.length === steps) return record;
  throw new PermanentFailure(
    'access-changed',
    `what is recorded of event ${ref.eventId} in the Admin Console has changed since the page showed it; nothing was done; look at it again`,
  );
}

const linesOf = (record: AccessRecord): Markup => markup`${consoleSteps(record).map((line) => markup`<p>${line}</p>`)}`;

/** The part of an event's page about the Admin Console, with buttons if a person must act. */
export function accessSection(open: Console, record: AccessRecord): Markup {
  const { source, eventId, history } = record;
  const fields = Object.entries({ source, eventId, steps: String(history.length) });
  return markup`<section><h2>${IN_CONSOLE}</h2>${linesOf(record)}${
    needsPerson(record)
      ? form(
          open,
          { action: '/access/ask', fields },
          markup`${reasonField('access')}<p class="buttons"><button name="order" value="retry">Try again in the Admin Console</button>
<button name="order" value="close">Close: nothing is left to do there</button></p>`,
        )
      : ''
  }</section>`;
}
