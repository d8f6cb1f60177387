import { describe, expect, it } from '@jest/globals';
import { MINUTE, toInstant } from '../../../lambda/domain/time/time.ts';
import { carryOut } from '../../../ops/orders/carry-out.ts';
import { selected } from '../../../ops/orders/selection.ts';
import { aTermination } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';

/** A deployment with events that changed so many minutes ago, in this order. */
async function withEvents(...events: { id: string; status: 'failed' | 'held'; minutes: number }[]): Promise<TestDeployment> {
  const deployment = aDeployment({ users: [] });
  for (const { id, status, minutes } of events) {
    const updatedAt = toInstant(deployment.clock() - minutes * MINUTE);
    await deployment.ledger.writeEntry(anEntry(aTermination(), { eventId: id, status, updatedAt, receivedAt: updatedAt }));
  }
  return deployment;
}

const three = () =>
  withEvents(
    { id: 'second', status: 'failed', minutes: 20 },
    { id: 'last', status: 'failed', minutes: 10 },
    { id: 'first', status: 'failed', minutes: 30 },
  );

describe('events that a filter chooses', () => {
  it('are those unchanged for longest first', async () => {
    const { entries } = await selected(await three(), { statuses: ['failed'], filter: {} });

    expect(entries.map(({ eventId }) => eventId)).toEqual(['first', 'second', 'last']);
  });

  it('are, if only some are taken, the ones that have waited for longest', async () => {
    const { entries, total } = await selected(await three(), { statuses: ['failed'], filter: {}, limit: 2 });

    expect([entries.map(({ eventId }) => eventId), total]).toEqual([['first', 'second'], 3]);
  });

  it('of several statuses are in one order', async () => {
    const deployment = await withEvents(
      { id: 'b', status: 'failed', minutes: 20 },
      { id: 'a', status: 'held', minutes: 30 },
      { id: 'c', status: 'held', minutes: 10 },
    );

    const { entries } = await selected(deployment, { statuses: ['failed', 'held'], filter: {} });

    expect(entries.map(({ eventId }) => eventId)).toEqual(['a', 'b', 'c']);
  });

  it('are sent to the worker in that order: who has waited for longest is first', async () => {
    const deployment = await three();
    const sent: string[] = [];
    deployment.queue = { send: async ({ eventId }) => void sent.push(eventId) };
    const { entries } = await selected(deployment, { statuses: ['failed'], filter: {} });

    const signal = new AbortController().signal;
    await carryOut(entries, { kind: 'replay', reason: 'the right was given' }, { deployment, signal, onStep: () => undefined });

    expect(sent).toEqual(['first', 'second', 'last']);
  });
});
