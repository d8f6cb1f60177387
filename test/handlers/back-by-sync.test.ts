import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { DAY } from '../../lambda/domain/time/time.ts';
import { credentialFromSecret } from '../../lambda/workfront/credentials.ts';
import { workfrontDirectory } from '../../lambda/workfront/directory.ts';
import { type FakeWorkfront, startFakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import { rowOf } from '../../ops/report/leaver-row.ts';
import { aRecord, aWorker } from '../support/a-worker.ts';
import { anArrival, aTermination } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';

const START = Date.parse('2026-11-24T12:00:00Z');

let fake: FakeWorkfront | undefined;
afterEach(async () => {
  jest.restoreAllMocks();
  await fake?.close();
});

/** The worker over the fake Workfront, whose directory sync brings a leaver back; both go by the clock of the desk. */
async function aSync(syncReactivatesAfterMs: number) {
  const desk = aDesk({ users: [], now: START });
  fake = await startFakeWorkfront({ users: 50, now: desk.clock, behaviour: { syncReactivatesAfterMs } });
  const { url, apiKey, directory } = fake;
  const noToken = async () => {
    throw new Error('an API key needs no token');
  };
  const client = workfrontDirectory({
    baseUrl: url,
    apiVersion: 'v21.0',
    credential: credentialFromSecret({ readSecret: async () => apiKey, giveToken: noToken, clock: desk.clock }),
    callsInFlight: 4,
    customFields: [],
    extraFields: [],
    clock: desk.clock,
  });
  const leaver = directory.add({ emailAddr: 'zoe@acme.test', entryDate: '2020-01-01T00:00:00.000Z' });
  const worker = aWorker(Object.assign(desk, { directory: client }));
  return { desk, worker, leaver, calls: fake.calls };
}

describe('a leaver activated again by a directory sync', () => {
  it.each([
    { after: 0, look: 1 },
    { after: 1500, look: 1 },
    { after: 2 * DAY, look: 3 },
  ])('after $after ms has returned at look $look, rings, and is in the report', async ({ after, look }) => {
    const { desk, worker, leaver, calls } = await aSync(after);
    const arrival = anArrival(aTermination({ employee: { email: 'zoe@acme.test' } }));
    await worker.process([aRecord(arrival)]);
    const key = `${arrival.source}/${arrival.eventId}`;
    expect(desk.ledger.entries.get(key)?.status).toBe('deactivated');

    let looks = 0;
    for (; desk.ledger.entries.get(key)?.status === 'deactivated'; looks++) {
      const { at = '' } = desk.schedules.watch.get(key) ?? {};
      desk.now = Date.parse(at);
      calls.clear();
      await worker.process([aRecord({ kind: 'watch', source: arrival.source, eventId: arrival.eventId })]);
      // Beside them, a worker that remembers no credential asks whose it is.
      expect(calls.byKind).toMatchObject({ read: 1 });
    }

    expect(looks).toBe(look);
    expect(worker.metrics()).toMatchObject({ Returned: 1 });
    const entry = desk.ledger.entries.get(key);
    expect(entry && rowOf(entry)).toMatchObject({
      outcome: 'returned',
      userId: leaver.ID,
      deactivatedAt: new Date(START).toISOString(),
    });
  });
});
