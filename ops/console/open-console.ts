import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Session } from '../session.ts';
import { Usage } from '../terminal/exit-code.ts';
import { codeOf, mustSignIn, sentenceOf } from '../terminal/trouble.ts';
import { addAccess } from './access.ts';
import { addBulk } from './bulk.ts';
import type { Console } from './console.ts';
import { addDecide } from './decide.ts';
import { addDoor, LOOPBACK } from './door.ts';
import { addEvent } from './event.ts';
import { addEvents } from './events.ts';
import { addFind } from './find.ts';
import { markup, page } from './page.ts';
import { addReport } from './report.ts';
import { addStageOrders } from './stage-orders.ts';
import { addToday } from './today.ts';
import { addTrouble } from './trouble.ts';

interface Opening {
  deployment: Deployment;
  session: Pick<Session, 'again' | 'deployment'>;
  /** 0: any free one. */
  port: number;
  signal: AbortSignal;
}

/** A console that listens. */
export interface OpenConsole {
  /** The address that lets one browser in, once. */
  entrance: string;
  close(): Promise<void>;
}

const FILES = [
  ['/console.css', 'text/css'],
  ['/console.js', 'text/javascript'],
] as const;

/**
 * Serves the console on loopback, with the operator's own identity.
 *
 * @throws PermanentFailure `port-in-use`; what AWS throws if it does not know the operator
 */
export async function openConsole({ deployment, session, port, signal }: Opening): Promise<OpenConsole> {
  const app = new Hono();
  const server = createAdaptorServer({ fetch: app.fetch, hostname: LOOPBACK });
  if (!(server instanceof Server)) throw new Error('the server does not speak HTTP/1');
  const { door } = addDoor(app, { port: () => portOf(server) });
  const open: Console = {
    deployment,
    session,
    again: session.again,
    by: await deployment.operator(),
    door,
    signal,
    plans: new Map(),
  };
  for (const [path, type] of FILES) {
    const text = readFileSync(new URL(`.${path}`, import.meta.url), 'utf8');
    app.get(path, (context) => context.body(text, 200, { 'content-type': `${type}; charset=utf-8` }));
  }
  app.get('/favicon.ico', (context) => context.body(null, 204));
  for (const add of [addToday, addDecide, addAccess, addBulk, addEvents, addEvent, addFind, addTrouble, addStageOrders, addReport])
    add(app, open);
  app.notFound((context) => context.html(page(open, { title: 'No such page', at: '/', body: markup`<p><a href="/">Today</a></p>` }), 404));
  app.onError((failure, context) => troublePage(failure, context, open));

  server.listen(port, LOOPBACK);
  await once(server, 'listening').catch((failure: unknown) => {
    if (codeOf(failure) !== 'EADDRINUSE') throw failure;
    throw new PermanentFailure('port-in-use', `port ${port} is in use; leave --port out, or name another one`);
  });
  return {
    entrance: door().entrance,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** What went wrong, in the words of the commands. */
function troublePage(failure: Error, context: Context, open: Console): Response | Promise<Response> {
  const status = failure instanceof Usage ? 400 : failure instanceof PermanentFailure ? 409 : mustSignIn(failure) ? 401 : 500;
  const lines = sentenceOf(failure).split('\n');
  const body = markup`<div class="note bad" role="alert">${lines.map((line) => markup`<p>${line}</p>`)}</div>
<p><a class="button" href="/">Today</a></p>`;
  return context.html(page(open, { title: 'Not done', at: '/', body }), status);
}
