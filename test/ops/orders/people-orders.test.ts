import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { personRecord } from '../../../lambda/domain/person/person-record.ts';
import { carryOut } from '../../../ops/orders/carry-out.ts';
import { judge, type Order } from '../../../ops/orders/order.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';

async function entryOf({ ledger }: TestDeployment): Promise<LedgerEntry> {
  const [entry] = await ledger.byEventId('evt-1');
  if (entry === undefined) throw new Error('expected event evt-1');
  return entry;
}

async function ordered(deployment: TestDeployment, order: Order) {
  const signal = new AbortController().signal;
  const [deed] = await carryOut([await entryOf(deployment)], order, { deployment, signal, onStep: () => undefined });
  return deed;
}

const openAna = async ({ ledger }: TestDeployment) => (await ledger.readRecord('person/email:ana@acme.test', personRecord))?.value.open;

describe('an order to end an event', () => {
  it.each(['reject', 'cancel'] as const)('lets the record of the person go: %s', async (kind) => {
    const deployment = aDeployment({ users: aDirectory({ isAdmin: true }) });
    await deployment.work(anArrival(aTermination()));
    expect(await openAna(deployment)).toHaveLength(1);

    await ordered(deployment, { kind, reason: 'the contract goes on' });

    expect(await openAna(deployment)).toEqual([]);
    expect(deployment.desk.ledger.records.get('person/email:ana@acme.test')?.kept).toBe(false);
  });

  it.each(['reject', 'cancel'] as const)('says of a write that may have taken effect which user to look at: %s', async (kind) => {
    const deployment = aDeployment({ users: aDirectory({ isAdmin: true }) });
    await deployment.work(anArrival(aTermination()));
    const intent = { userId: guid(1), at: '2026-11-24T12:00:00.000Z' };
    await deployment.ledger.writeEntry({ ...(await entryOf(deployment)), intent });

    const deed = await ordered(deployment, { kind, reason: 'no' });

    expect(deed?.why).toContain(`a write to user ${guid(1)} at ${intent.at} may have taken effect`);
  });
});

describe('a rejected event', () => {
  async function rejected() {
    const deployment = aDeployment({ users: aDirectory({ id: guid(1), isAdmin: true }) });
    await deployment.work(anArrival(aTermination()));
    await ordered(deployment, { kind: 'reject', reason: 'the wrong person' });
    return deployment;
  }

  it('is decided about again when it is reopened, by every guard', async () => {
    const deployment = await rejected();

    const deed = await ordered(deployment, { kind: 'reopen', reason: 'it was the right one' });

    expect(deed).toMatchObject({ did: 'sent' });
    expect(await entryOf(deployment)).toMatchObject({ status: 'held', reason: 'administrator' });
    expect((await entryOf(deployment)).history).toContainEqual(
      expect.objectContaining({ to: 'processing', by: deployment.me, why: 'reopened: it was the right one' }),
    );
  });

  it('is not replayed', async () => {
    const deed = await ordered(await rejected(), { kind: 'replay', reason: 'again' });

    expect(deed).toMatchObject({ did: 'refused', why: 'a person rejected it; if that was a mistake, use reopen' });
  });
});

it.each(['held', 'failed', 'scheduled'] as const)('what is %s cannot be reopened', (status) => {
  const verdict = judge(anEntry(aTermination(), { status }), { kind: 'reopen', reason: 'why' }, 0);

  expect(verdict).toEqual({ kind: 'refused', why: `only a rejected event can be reopened; this event is ${status}` });
});

it.each(['deactivated', 'cancelled', 'already-inactive', 'no-account'] as const)('what is %s is left as it is by reopen', (status) => {
  expect(judge(anEntry(aTermination(), { status }), { kind: 'reopen', reason: 'why' }, 0).kind).toBe('nothing');
});

describe('a release', () => {
  it('is on record with what the guard was wrong about', async () => {
    const deployment = aDeployment({ users: aDirectory({ id: guid(1), isAdmin: true }) });
    await deployment.work(anArrival(aTermination()));

    await ordered(deployment, { kind: 'release', reason: 'a test account', because: 'other' });

    expect((await entryOf(deployment)).released).toMatchObject([{ guard: 'administrator', of: `user ${guid(1)}`, because: 'other' }]);
  });

  const changed = (saw: string, also?: NonNullable<LedgerEntry['hold']>['also']) =>
    anEntry(aTermination(), {
      status: 'held',
      reason: 'identity-changed',
      hold: { guard: 'identity-changed', saw, releasing: 'deactivates the user found now', of: `user ${guid(2)}`, ...(also && { also }) },
    });
  const release = (entry: LedgerEntry, order: Partial<Order> = {}) => judge(entry, { kind: 'release', reason: 'why', ...order }, 0);

  it('of identity-changed may name the user who matched before, or the one found now, and nobody else', () => {
    const entry = changed(`user ${guid(1)} matched when the termination was recorded, is active, and matches no more`);

    expect(release(entry, { userId: guid(1) }).kind).toBe('act');
    expect(release(entry, { userId: guid(2) }).kind).toBe('act');
    expect(release(entry, { userId: guid(3) }).kind).toBe('refused');
  });

  it('says which other guards it answers, and not those that it cannot', () => {
    const also = [
      { guard: 'stale', saw: 'has logged in since', of: `user ${guid(2)}` },
      { guard: 'own-goal', saw: 'owns the credential', of: `user ${guid(2)}` },
    ];

    expect(release(changed('something', also))).toEqual({ kind: 'act', does: 'deactivates the user found now; it answers stale too' });
  });
});
