import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../aws/loopback-server.ts';
import { fakeBamboohr } from './bamboohr.ts';
import { employeeChanges, type FakeEmployees } from './employees.ts';
import { fakeEntra } from './entra.ts';
import { fakeFinch } from './finch.ts';
import { fakeHibob } from './hibob.ts';
import { fakeMerge } from './merge.ts';
import { fakePersonio } from './personio.ts';
import { fakeSuccessfactors } from './successfactors.ts';
import type { ApiAnswer, ApiCall, FakeSystem } from './system.ts';

/** Every HR system that has a stand-in. */
export const FAKE_SYSTEMS = {
  bamboohr: fakeBamboohr,
  entra: fakeEntra,
  finch: fakeFinch,
  hibob: fakeHibob,
  merge: fakeMerge,
  personio: fakePersonio,
  successfactors: fakeSuccessfactors,
} as const satisfies Record<string, FakeSystem>;

/** The APIs of all HR systems on this machine, over real HTTP: the first part of a path is the host of the real API. */
export interface FakeHr {
  url: string;
  employees: FakeEmployees;
  /** Every call, and the status of its answer. */
  calls: (ApiCall & { status: number })[];
  /** Replaces the answers of the next calls, one each; `hang-up` breaks the connection, `silence` never answers. */
  troubles: (ApiAnswer | 'hang-up' | 'silence')[];
  close(): Promise<void>;
}

export async function startFakeHr({ port = 0, employees }: { port?: number; employees: FakeEmployees }): Promise<FakeHr> {
  const calls: FakeHr['calls'] = [];
  const troubles: FakeHr['troubles'] = [];
  const server = createServer(async (request, response) => {
    const call = await readCall(request);
    if (call.host === '_fake') return send(response, control(call, employees));

    const trouble = troubles.shift();
    if (trouble === 'silence') return;
    if (trouble === 'hang-up') return void request.socket.destroy();
    const answer = trouble ?? answerOf(call, employees);
    calls.push({ ...call, status: answer.status });
    send(response, answer);
  });
  const { url, close } = await listenOnLoopback(server, port);
  return { url, employees, calls, troubles, close };
}

function answerOf(call: ApiCall, employees: FakeEmployees): ApiAnswer {
  const system: FakeSystem | undefined = Object.values(FAKE_SYSTEMS).find(({ host }) => host.test(call.host));
  return system?.answer(call, employees) ?? { status: 404, body: { error: 'no such path' } };
}

/** The controls for people and tests: `PUT /_fake/employees/<id>` with the changes, such as `{"standing":"left","lastDay":"2026-11-30"}`. */
function control({ method, path, body }: ApiCall, employees: FakeEmployees): ApiAnswer {
  const [, id] = /^\/employees\/([^/]+)$/.exec(path) ?? [];
  if (id === undefined) return { status: 404, body: { error: 'unknown control; use GET or PUT /_fake/employees/<id>' } };
  if (method === 'PUT') {
    const changes = employeeChanges.safeParse(JSON.parse(body));
    if (!changes.success) return { status: 400, body: { error: changes.error.message } };
    employees.change(decodeURIComponent(id), changes.data);
  }
  const employee = employees.find(decodeURIComponent(id));
  return employee === undefined ? { status: 404, body: { error: 'no such employee' } } : { status: 200, body: employee };
}

async function readCall(request: IncomingMessage): Promise<ApiCall> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, host = '', path = '/'] = /^\/([^/]+)(\/.*)$/.exec(pathname) ?? [];
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return { method: request.method ?? '', host, path, query, headers, body: Buffer.concat(chunks).toString() };
}

function send(response: ServerResponse, { status, body, headers }: ApiAnswer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
