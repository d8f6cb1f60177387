import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { ObjectStore } from '../objects/object-store.ts';
import type { FakeDirectory } from '../users/directory.ts';
import { fakeUser } from '../users/user.ts';
import { type Behaviour, behaviourChanges } from './behaviour.ts';
import type { CallLog } from './call-log.ts';
import { type Answer, send } from './wire.ts';

const MOST_CALLS_SHOWN = 1000;
const OFFERED = [
  'GET and PUT /_fake/behaviour',
  'GET and DELETE /_fake/calls',
  'POST /_fake/users',
  'POST /_fake/objects/<type>',
  'GET, PUT and DELETE /_fake/users/<ID>',
].join('; ');

const newUser = fakeUser.exactPartial();
const objectFields = z.record(z.string(), z.string().nullable());
const userChanges = newUser.omit({ ID: true });

interface Controlled {
  behaviour: Behaviour;
  calls: CallLog;
  directory: FakeDirectory;
  objects: ObjectStore;
}

/** Serves the controls for people and tests, below `/_fake/`: switches, call log and users. Only callers on this machine get an answer. */
export async function control(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  controlled: Controlled,
): Promise<void> {
  const answer = isLocal(request) ? await answerOf(request, controlled) : problem(403, 'only callers on this machine may use /_fake/');
  send(response, answer, { jsonEscapes: false, gzip: false });
}

async function answerOf(request: IncomingMessage, controlled: Controlled): Promise<Answer> {
  const [, what = '', id] = /^\/_fake\/(behaviour|calls|users|objects)(?:\/([^/?]+))?$/.exec(request.url ?? '') ?? [];
  const call = `${request.method} ${what}${id === undefined ? '' : '/<ID>'}`;
  try {
    return act(call, { ...controlled, id: id ?? '', body: await textOf(request) });
  } catch (error) {
    return problem(400, sentenceOf(error));
  }
}

/** Does what a call asks. @throws z.ZodError, SyntaxError or the Error of the directory if the body is wrong */
function act(call: string, { behaviour, calls, directory, objects, id, body }: Controlled & { id: string; body: string }): Answer {
  switch (call) {
    case 'GET behaviour':
      return { status: 200, body: behaviour };
    case 'PUT behaviour':
      Object.assign(behaviour, behaviourChanges.parse(JSON.parse(body)));
      return { status: 200, body: behaviour };
    case 'GET calls': {
      const { total, byKind, changingWrites, maxInFlight, answered429, entries } = calls;
      return { status: 200, body: { total, byKind, changingWrites, maxInFlight, answered429, entries: entries.slice(-MOST_CALLS_SHOWN) } };
    }
    case 'DELETE calls':
      calls.clear();
      return { status: 200, body: {} };
    case 'POST users':
      return { status: 200, body: directory.add(newUser.parse(JSON.parse(body))) };
    case 'POST objects/<ID>':
      return { status: 200, body: objects.add(id, objectFields.parse(JSON.parse(body))) };
    case 'GET users/<ID>':
    case 'PUT users/<ID>':
    case 'DELETE users/<ID>':
      if (directory.byId(id) === undefined) return problem(404, `no user has the ID ${id}`);
      if (call.startsWith('PUT')) directory.update(id, userChanges.parse(JSON.parse(body)));
      if (call.startsWith('DELETE')) directory.remove(id);
      return { status: 200, body: directory.byId(id) ?? {} };
    default:
      return problem(404, `unknown control; there are ${OFFERED}`);
  }
}

const problem = (status: number, error: string): Answer => ({ status, body: { error } });

function sentenceOf(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error);
  if (error instanceof SyntaxError) return 'the body is not JSON; send a JSON object';
  return error instanceof Error ? error.message : String(error);
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
