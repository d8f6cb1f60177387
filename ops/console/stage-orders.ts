import type { Hono } from 'hono';
import * as z from 'zod';
import { pause } from '../../lambda/domain/stage/stage-orders.ts';
import { changePause } from '../orders/pause-stage.ts';
import { whoPaused } from '../orders/try-now.ts';
import { RESUME_QUESTION, resumeStage } from '../stage/resume-stage.ts';
import { retryStage } from '../stage/retry-stage.ts';
import { UNLATCH_QUESTION, unlatchBrake } from '../stage/unlatch-brake.ts';
import { reason } from '../terminal/option-values.ts';
import { bothTimes } from '../terminal/times.ts';
import type { Console } from './console.ts';
import { asking, form, type Markup, markup, page, reasonField } from './page.ts';
import { readForm } from './read-form.ts';

const orderForm = z.discriminatedUnion('order', [
  z.object({ order: z.literal('retry') }),
  z.object({ order: z.literal(['pause', 'resume', 'unlatch']), reason }),
]);

type StageOrder = z.output<typeof orderForm>;

/** Orders on the whole stage. Each asks first; all but a retry need a reason. */
export function addStageOrders(app: Hono, open: Console): void {
  app.post('/stage/ask', async (context) => {
    const sent = await readForm(orderForm, context);
    const body = asking(open, { ...(await questionOn(sent, open)), back: '/', action: '/stage/do', fields: Object.entries(sent) });
    return context.html(page(open, { title: 'Are you sure?', at: '/', body }));
  });

  app.post('/stage/do', async (context) => {
    const did = await carryOut(await readForm(orderForm, context), open);
    return context.html(page(open, { title: 'Done', at: '/', body: markup`<p>${did}</p><p><a class="button" href="/">Today</a></p>` }));
  });
}

async function questionOn({ order }: StageOrder, { deployment }: Console): Promise<{ question: string; yes: string }> {
  switch (order) {
    case 'pause':
      return { question: 'No leaver loses access until somebody resumes: all events wait. Pause the stage?', yes: 'Yes, pause' };
    case 'resume': {
      const paused = await whoPaused(deployment);
      const who = paused === undefined ? '' : `Paused since ${bothTimes(paused.at)} by ${paused.by}: ${paused.reason}. `;
      return { question: `${who}${RESUME_QUESTION}`, yes: 'Yes, resume' };
    }
    case 'retry':
      return { question: 'If Workfront answers, every event that waits is tried at once. Try now?', yes: 'Yes, try now' };
    case 'unlatch':
      return { question: UNLATCH_QUESTION, yes: 'Yes, release the brake' };
  }
}

async function carryOut(sent: StageOrder, { deployment, again }: Console): Promise<string> {
  switch (sent.order) {
    case 'retry': {
      const { sent: tried } = await retryStage(deployment, { again });
      return `Workfront answers. ${tried} waiting events are tried now.`;
    }
    case 'pause': {
      const { changed } = await changePause(deployment, { decide: pause, reason: sent.reason });
      return changed ? 'Paused. No new write begins; a write that has begun may still take effect.' : 'It was paused before.';
    }
    case 'resume': {
      const { changed, sent: tried } = await resumeStage(deployment, sent.reason);
      return changed ? `Resumed. ${tried} events that waited are tried now.` : 'The stage was not paused.';
    }
    case 'unlatch': {
      const was = await unlatchBrake(deployment, sent.reason);
      return was === undefined ? 'The brake was not latched.' : `Released: ${was.saw}. The events that it holds stay held.`;
    }
  }
}

const orderButton = (open: Console, order: StageOrder['order'], text: string): Markup =>
  markup`<details><summary>${text}</summary>${form(
    open,
    { action: '/stage/ask', fields: [['order', order]] },
    markup`${order === 'retry' ? '' : reasonField(order)}<p class="buttons"><button>${text}</button></p>`,
  )}</details>`;

export const pauseForm = (open: Console): Markup => orderButton(open, 'pause', 'Pause the stage');
export const resumeForm = (open: Console): Markup => orderButton(open, 'resume', 'Resume');
export const retryForm = (open: Console): Markup => orderButton(open, 'retry', 'Try now');
export const unlatchForm = (open: Console): Markup => orderButton(open, 'unlatch', 'Release the brake');
