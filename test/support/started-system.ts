import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import { bundled } from './programs/bundled.ts';

export const readyLine = z.object({
  ready: z.literal(true),
  webhooks: z.url(),
  workfront: z.url(),
  hr: z.url(),
  adminConsole: z.url().optional(),
  apiVersion: z.string(),
  apiKey: z.string(),
  sources: z.record(z.string(), z.object({ url: z.url(), scheme: z.string(), secret: z.string() })),
});

const summary = z.object({
  eventId: z.string(),
  source: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  workfrontUserId: z.string().optional(),
  effectiveAt: z.string().optional(),
  history: z.array(z.object({ at: z.string(), to: z.string(), by: z.string(), why: z.string() })),
});

export type Ready = z.infer<typeof readyLine>;
export type Summary = z.infer<typeof summary>;

/** The local system, started as its users start it, in a process of its own. */
export interface StartedSystem extends Ready {
  dataDir: string;
  /** Kills it as `kill -9` does, without a chance to clean up. */
  kill(): Promise<void>;
  /** Sends SIGTERM. @returns the exit code */
  stop(): Promise<number | null>;
}

export const aDataDir = (): string => mkdtempSync(join(tmpdir(), 'offboarding-'));

export async function startSystem({
  dataDir = aDataDir(),
  users = 1000,
  policy = {},
  flags = [],
}: {
  dataDir?: string;
  users?: number;
  policy?: object;
  flags?: string[];
} = {}): Promise<StartedSystem> {
  const args = [
    bundled('bin/local.ts'),
    '--port',
    '0',
    '--workfront-port',
    '0',
    '--data',
    dataDir,
    '--users',
    String(users),
    '--policy',
    JSON.stringify(policy),
    '--no-demo',
    '--json',
    ...flags,
  ];
  const child = spawn(process.execPath, ['--import', ENDS_WITH_ITS_PARENT, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  // A hook that ran out of time never gets the system, and cannot stop it: it must not keep the process of the test from ending.
  for (const one of [child, child.stdin, child.stdout]) (one as { unref(): void }).unref();
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = readyLine.parse(JSON.parse(await firstLine(child)));
  const signal = (name: 'SIGKILL' | 'SIGTERM') => {
    child.ref();
    child.kill(name);
    return ended;
  };
  return {
    ...ready,
    dataDir,
    async kill() {
      await signal('SIGKILL');
    },
    stop: () => signal('SIGTERM'),
  };
}

/** A module for the system to load first: it ends if the process that started it is gone. */
const ENDS_WITH_ITS_PARENT = 'data:text/javascript,process.stdin.on("end",()=>process.exit(1)).resume().unref()';

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('the process has no output; start it with a pipe');
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error('the process ended before it was ready; its error output says why');
}

/** Runs an ops command on the system, and returns its JSON. */
export async function ops(system: Pick<StartedSystem, 'dataDir'>, ...args: string[]): Promise<unknown> {
  const child = spawn(process.execPath, [bundled('bin/ops.ts'), '--local', '--data', system.dataDir, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text);
}

export async function listEvents(system: Pick<StartedSystem, 'dataDir'>, ...args: string[]): Promise<Summary[]> {
  return z.array(summary).parse(await ops(system, 'list', ...args));
}

/** Waits until every event rests. Each look starts a process, so it looks at growing intervals. */
export async function untilSettled(system: StartedSystem, count: number, seconds = 60): Promise<Summary[]> {
  const deadline = Date.now() + seconds * 1000;
  for (let pause = 200; ; await sleep(pause), pause = Math.min(2 * pause, 3000)) {
    const events = await listEvents(system);
    if (events.length >= count && events.every(({ status }) => status !== 'received' && status !== 'processing')) return events;
    if (Date.now() > deadline)
      throw new Error(
        `not all of ${count} events rest within ${seconds} s; their states are: ${events.map(({ status }) => status).join(' ')}`,
      );
  }
}

export function aBody(email: string, data: object = {}): string {
  return JSON.stringify({ type: 'employee.terminated', data: { employee: { email }, effective: { immediate: true }, ...data } });
}

/** Posts a body with Standard Webhooks, signed by the reference library of that project. */
export async function post(
  system: Ready,
  body: string,
  {
    id = `msg_${crypto.randomUUID()}`,
    at = new Date(),
    secret = system.sources['standard-webhooks']?.secret ?? '',
    headers = {},
  }: { id?: string; at?: Date; secret?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${system.webhooks}/standard-webhooks`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, body),
      ...headers,
    },
  });
}

const users = z.object({
  data: z.array(z.object({ ID: z.string(), name: z.string(), emailAddr: z.string(), isActive: z.boolean(), isAdmin: z.boolean() })),
});

export type FakeRow = z.infer<typeof users>['data'][number];

/** Reads all users of the fake through its API, page by page. */
export async function allUsers({ workfront, apiVersion, apiKey }: Ready): Promise<FakeRow[]> {
  const rows: FakeRow[] = [];
  for (let first = 0; ; first += 2000) {
    const url = `${workfront}/attask/api/${apiVersion}/user/search?$$FIRST=${first}&$$LIMIT=2000&ID_Sort=asc&fields=ID,name,emailAddr,isActive,isAdmin`;
    const page = users.parse(await (await fetch(url, { headers: { apiKey } })).json()).data;
    rows.push(...page);
    if (page.length < 2000) return rows;
  }
}

const changedUser = z.object({ ID: z.string(), isActive: z.boolean() });

/** Every change of a user in the journal of the fake Workfront, over all its starts: `<GUID> false`. */
export function changesIn(dataDir: string, users: number): string[] {
  const lines = readFileSync(join(dataDir, `workfront-${users}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => changedUser.parse(JSON.parse(line))).map(({ ID, isActive }) => `${ID} ${isActive}`);
}
