import * as z from 'zod';
import { workfrontDirectory } from '../../lambda/workfront/directory.ts';
import { type FakeWorkfront, startFakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import type { Section, Target } from './page/section.ts';
import { type Spread, spreadOf } from './page/statistics.ts';
import { plainAddresses } from './setup/stand-ins.ts';

const CALL_MS = 30;
const VERSION = 'v21.0';
/** The default and the largest page of Workfront (Adobe, "API basics"). */
const PAGES = [100, 2000];
const OURS = 'search, then write';

const listed = z.object({ data: z.array(z.object({ ID: z.string(), emailAddr: z.nullable(z.string()) })) });

export interface SizeRow {
  users: number;
  way: string;
  callsPerEvent: number;
  ms: Spread;
}

/**
 * Finds and deactivates leavers in directories of several sizes, as the product does and as "list, page, scan" does, in turn. A scan of
 * more than 100 calls runs once.
 */
export async function measureDirectorySizes({ sizes, leavers }: { sizes: readonly number[]; leavers: number }): Promise<SizeRow[]> {
  const rows: SizeRow[] = [];
  for (const users of sizes) {
    const workfront = await startFakeWorkfront({ users, behaviour: { latencyMs: CALL_MS, unstableOrder: false } });
    try {
      rows.push(...(await measureSize(workfront, { users, leavers })));
    } finally {
      await workfront.close();
    }
  }
  return rows;
}

async function measureSize(workfront: FakeWorkfront, { users, leavers }: { users: number; leavers: number }): Promise<SizeRow[]> {
  const addresses = plainAddresses(workfront, 1 + leavers * (1 + PAGES.length));
  const ways = [
    { way: OURS, times: leavers, act: ours(workfront) },
    ...PAGES.map((page) => ({
      way: `list pages of ${page}, scan, write`,
      times: users / page > 100 ? 1 : leavers,
      act: scan(workfront, page),
    })),
  ].map((way) => ({ ...way, ms: [0].slice(1), calls: 0 }));
  // The first leaver also proves the credential, with calls of its own: do not count it.
  await ways[0]?.act(addresses.pop() ?? '');

  for (let turn = 0; turn < leavers; turn++) {
    for (const one of ways.filter(({ times }) => turn < times)) {
      const before = { calls: workfront.calls.total, at: performance.now() };
      await one.act(addresses.pop() ?? '');
      one.ms.push(performance.now() - before.at);
      one.calls += workfront.calls.total - before.calls;
    }
  }
  return ways.map(({ way, ms, calls }) => ({ users, way, callsPerEvent: calls / ms.length, ms: spreadOf(ms) }));
}

function ours({ url, apiKey }: FakeWorkfront): (email: string) => Promise<void> {
  const credential = { id: '1', headers: { apiKey } };
  const directory = workfrontDirectory({
    baseUrl: url,
    apiVersion: VERSION,
    credential: { current: async () => credential, refresh: async () => credential },
    callsInFlight: 1,
    customFields: [],
    extraFields: [],
  });
  return async (value) => {
    const [user] = await directory.find([{ field: 'emailAddr', value }]);
    if (user === undefined) throw new Error('no user has this address; use one of the directory');
    await directory.deactivate(user.id);
  };
}

/** Reads every user before it chooses one: otherwise it would miss a second user with the same address. */
function scan({ url, apiKey }: FakeWorkfront, page: number): (email: string) => Promise<void> {
  const users = `${url}/attask/api/${VERSION}/user`;
  const headers = { apiKey, 'content-type': 'application/json' };
  return async (email) => {
    const found: string[] = [];
    for (let first = 0; ; first += page) {
      const answer = await fetch(`${users}/search?$$FIRST=${first}&$$LIMIT=${page}&fields=ID,emailAddr,isActive`, { headers });
      const { data } = listed.parse(await answer.json());
      found.push(...data.filter(({ emailAddr }) => emailAddr === email).map(({ ID }) => ID));
      if (data.length < page) break;
    }
    const [id] = found;
    if (id === undefined) throw new Error('no user has this address; use one of the directory');
    await fetch(`${users}/${id}`, { method: 'PUT', headers, body: JSON.stringify({ isActive: false }) });
  };
}

export const directorySection = (rows: readonly SizeRow[]): Section => ({
  title: 'Finding and deactivating one leaver, by the size of the directory',
  columns: ['users', 'way', 'calls', 'ms', 'quartiles'],
  rows: rows.map(({ users, way, callsPerEvent, ms }) => [
    users.toLocaleString('en'),
    way,
    callsPerEvent.toFixed(0),
    ms.median.toFixed(0),
    ms.samples > 1 ? `${ms.lower.toFixed(0)} to ${ms.upper.toFixed(0)}` : 'once',
  ]),
  notes: [`The stand-in for Workfront takes ${CALL_MS} ms for each call.`],
});

export function directoryTargets(rows: readonly SizeRow[]): Target[] {
  const calls = rows.filter(({ way }) => way === OURS).map(({ callsPerEvent }) => callsPerEvent);
  const [most, least] = [Math.max(...calls), Math.min(...calls)];
  return [
    {
      what: 'Workfront calls for each event, at any size',
      expected: '2',
      came: most === least ? `${most}` : `${least} to ${most}`,
      met: most === 2 && least === 2,
    },
  ];
}
