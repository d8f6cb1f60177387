import { describe, expect, it } from '@jest/globals';
import { lookAgain } from '../../../lambda/domain/watch/look-again.ts';
import { awaitOutcomes } from '../../../ops/orders/await-outcomes.ts';
import { carryOut } from '../../../ops/orders/carry-out.ts';
import type { Order } from '../../../ops/orders/order.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';

const REF = { source: 'acme-hr', eventId: 'evt-1' };
const never = new AbortController().signal;
const options = (deployment: TestDeployment, signal = never) => ({ deployment, signal, onStep: () => undefined });

async function afterArrival(deployment: TestDeployment, ...events: Parameters<typeof anArrival>[]) {
  for (const event of events) await deployment.work(anArrival(...event));
  return Promise.all(events.map(([, changes]) => entryOf(deployment, changes?.eventId)));
}

async function entryOf({ ledger }: TestDeployment, eventId = REF.eventId) {
  const entry = await ledger.readEntry({ ...REF, eventId });
  if (entry === undefined) throw new Error(`expected event ${eventId}`);
  return entry;
}

async function ordered(deployment: TestDeployment, order: Order, eventId?: string) {
  const begun = await carryOut([await entryOf(deployment, eventId)], order, options(deployment));
  const [deed] = await awaitOutcomes(begun, { ...options(deployment), seconds: 5 });
  return deed;
}

describe('an order', () => {
  it('to release lets the worker deactivate, and is recorded with who gave it and why', async () => {
    const deployment = aDeployment({ users: aDirectory({ id: guid(1) }), rules: { protected: [guid(1)] } });
    await afterArrival(deployment, [aTermination()]);

    const deed = await ordered(deployment, { kind: 'release', reason: 'the manager confirmed it' });

    expect(deed).toMatchObject({ did: 'sent', before: { status: 'held' }, after: { status: 'deactivated' } });
    expect(deed?.after?.history).toContainEqual(
      expect.objectContaining({ by: deployment.me, why: 'released from protected: the manager confirmed it' }),
    );
  });

  it.each([
    { kind: 'deactivate-again' as const, status: 'deactivated', why: 'deactivated again: the sync is fixed', writes: 2 },
    { kind: 'accept' as const, status: 'accepted', why: 'accepted: the sync is fixed', writes: 1 },
  ])('to $kind who came back is recorded with who gave it and why', async ({ kind, status, why, writes }) => {
    const deployment = aDeployment({ users: aDirectory({ id: guid(1) }) });
    const { desk } = deployment;
    await afterArrival(deployment, [aTermination()]);
    const user = desk.directory.users.get(guid(1));
    if (user !== undefined) user.isActive = true;
    await lookAgain(REF, desk);

    const deed = await ordered(deployment, { kind, reason: 'the sync is fixed' });

    expect(deed).toMatchObject({ before: { status: 'returned' }, after: { status } });
    expect(deed?.after?.history).toContainEqual(expect.objectContaining({ by: deployment.me, why }));
    expect(desk.directory.writes).toHaveLength(writes);
    expect([...desk.ledger.records].filter(([key, { kept }]) => key.startsWith('person/') && kept)).toEqual([]);
  });

  it('to release an ambiguous event deactivates the user chosen, and no other', async () => {
    const deployment = aDeployment({ users: aDirectory({ id: guid(1) }, { id: guid(2) }) });
    await afterArrival(deployment, [aTermination()]);

    const deed = await ordered(deployment, { kind: 'release', reason: 'asked her', userId: guid(2) });

    expect(deed?.after).toMatchObject({ status: 'deactivated', workfrontUserId: guid(2) });
    expect(deployment.desk.directory.writes).toEqual([{ userId: guid(2), changed: true }]);
  });

  it('to recheck asks the guard again, and never gets past it', async () => {
    const deployment = aDeployment({ users: aDirectory(), rules: { customerId: 'e'.repeat(32) } });
    await afterArrival(deployment, [aTermination({ employee: { email: 'other1@acme.test' } })]);

    const deed = await ordered(deployment, { kind: 'release', reason: 'fixed', recheck: true });

    expect(deed?.after).toMatchObject({ status: 'held', reason: 'wrong-tenant' });
    expect(deployment.desk.directory.writes).toEqual([]);
  });

  it('to reject ends the event without a message to the worker', async () => {
    const deployment = aDeployment({ users: aDirectory({ isAdmin: true }) });
    await afterArrival(deployment, [aTermination()]);

    const deed = await ordered(deployment, { kind: 'reject', reason: 'the wrong person' });

    expect(deed).toMatchObject({ did: 'done', after: { status: 'rejected', reason: 'administrator' } });
    expect((await entryOf(deployment)).history.at(-1)).toMatchObject({ by: deployment.me, why: 'rejected: the wrong person' });
    expect(deployment.desk.directory.writes).toEqual([]);
  });

  it('to cancel removes the schedule, and the event never acts', async () => {
    const deployment = aDeployment({ users: aDirectory({}) });
    await afterArrival(deployment, [aTermination({ effective: { at: '2026-12-01T00:00:00Z' } })]);
    expect(deployment.desk.schedules.due.size).toBe(1);

    const deed = await ordered(deployment, { kind: 'cancel', reason: 'the contract was extended' });

    expect(deed).toMatchObject({ did: 'done', after: { status: 'cancelled', reason: 'operator' } });
    expect(deployment.desk.schedules.due.size).toBe(0);
    deployment.desk.now += 30 * 24 * 3_600_000;
    await deployment.work({ kind: 'due', ...REF });
    expect(deployment.desk.directory.writes).toEqual([]);
  });

  it('to end an event whose write was interrupted warns that it may have taken effect', async () => {
    const deployment = aDeployment({ users: aDirectory({ isAdmin: true }) });
    const [held] = await afterArrival(deployment, [aTermination()]);
    await deployment.ledger.writeEntry({
      ...(held ?? (await entryOf(deployment))),
      intent: { userId: guid(1), at: '2026-11-24T12:00:00.000Z' },
    });

    const deed = await ordered(deployment, { kind: 'reject', reason: 'no' });

    expect(deed?.after?.history.at(-1)?.why).toMatch(/may have taken effect/);
  });

  it('on an event that has changed does nothing', async () => {
    const deployment = aDeployment({ users: aDirectory({ isAdmin: true }) });
    const [seen] = await afterArrival(deployment, [aTermination()]);
    await ordered(deployment, { kind: 'reject', reason: 'first' });

    const [deed] = await carryOut(seen === undefined ? [] : [seen], { kind: 'reject', reason: 'second' }, options(deployment));

    expect(deed).toMatchObject({ did: 'refused', why: 'it has just changed; look at it again with show' });
  });

  it('stops if it is interrupted, and names the events that it did not reach', async () => {
    const deployment = aDeployment({ users: aDirectory({ isAdmin: true }, { id: guid(2), isAdmin: true, emailAddr: 'bo@acme.test' }) });
    const entries = await afterArrival(
      deployment,
      [aTermination(), { eventId: 'evt-1' }],
      [aTermination({ employee: { email: 'bo@acme.test' } }), { eventId: 'evt-2' }],
    );
    const interrupt = new AbortController();

    const deeds = await carryOut(
      entries,
      { kind: 'reject', reason: 'no' },
      {
        ...options(deployment, interrupt.signal),
        onStep: () => interrupt.abort(),
      },
    );

    expect(deeds.map(({ did }) => did)).toEqual(['done', 'not reached']);
    expect(await entryOf(deployment, 'evt-2')).toMatchObject({ status: 'held' });
  });

  it('stops if the queue refuses', async () => {
    const deployment = aDeployment({ users: aDirectory({ isAdmin: true }) });
    const [entry] = await afterArrival(deployment, [aTermination()]);
    deployment.queue.send = () => Promise.reject(new Error('no queue'));
    const twice = entry === undefined ? [] : [entry, entry];

    const deeds = await carryOut(twice, { kind: 'release', reason: 'yes' }, options(deployment));

    expect(deeds.map(({ did, why }) => [did, why])).toEqual([
      ['failed', 'no queue'],
      ['not reached', 'stopped before this event'],
    ]);
  });
});
