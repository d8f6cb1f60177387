import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { type Behaviour, behaviourChanges } from './behaviour.ts';
import type { CallLog } from './call-log.ts';
import { type Answer, send } from './wire.ts';

const MOST_CALLS_SHOWN = 1000;

/** The controls for people and testers: `GET` and `PUT /_fake/behaviour`, `GET` and `DELETE /_fake/calls`. Only from this machine. */
export async function control(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  { behaviour, calls }: { behaviour: Behaviour; calls: CallLog },
): Promise<void> {
  const answer = isLocal(request) ? await answerOf(request, behaviour, calls) : { status: 403, body: { error: 'only from this machine' } };
  send(response, answer, { jsonEscapes: false, gzip: false });
}

async function answerOf(request: IncomingMessage, behaviour: Behaviour, calls: CallLog): Promise<Answer> {
  switch (`${request.method} ${request.url}`) {
    case 'GET /_fake/behaviour':
      return { status: 200, body: behaviour };
    case 'PUT /_fake/behaviour':
      return change(behaviour, await textOf(request));
    case 'GET /_fake/calls': {
      const { total, byKind, changingWrites, maxInFlight, answered429, entries } = calls;
      return { status: 200, body: { total, byKind, changingWrites, maxInFlight, answered429, entries: entries.slice(-MOST_CALLS_SHOWN) } };
    }
    case 'DELETE /_fake/calls':
      calls.clear();
      return { status: 200, body: {} };
    default:
      return { status: 404, body: { error: 'expected GET or PUT /_fake/behaviour, GET or DELETE /_fake/calls' } };
  }
}

function change(behaviour: Behaviour, text: string): Answer {
  try {
    Object.assign(behaviour, behaviourChanges.parse(JSON.parse(text)));
    return { status: 200, body: behaviour };
  } catch (error) {
    const problem = error instanceof z.ZodError ? z.prettifyError(error) : 'expected JSON, got something else';
    return { status: 400, body: { error: problem } };
  }
}

/** A page in a browser that reached us through a name of its own is not from this machine. */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const host = URL.parse(`http://${headers.host ?? ''}`)?.hostname ?? '';
  return (
    ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(socket.remoteAddress ?? '') && ['127.0.0.1', 'localhost', '[::1]'].includes(host)
  );
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
