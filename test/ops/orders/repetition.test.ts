import { describe, expect, it } from '@jest/globals';
import type { Employee } from '../../../lambda/domain/event/hr-event.ts';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { act } from '../../../ops/orders/act.ts';
import { carryOut } from '../../../ops/orders/carry-out.ts';
import { claimPlan } from '../../../ops/orders/claim-plan.ts';
import type { Order } from '../../../ops/orders/order.ts';
import type { DigestedPlan } from '../../../ops/orders/plan-file.ts';
import { recordPlan } from '../../../ops/orders/plan-record.ts';
import { judgeAll } from '../../../ops/orders/repetition.ts';
import type { Session } from '../../../ops/session.ts';
import { aDirectory, anArrival, aTermination, aUser, guid } from '../../support/builders.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';

const DAY = 86_400_000;
const ANA: Employee = { email: 'ana@new.test', employeeNumber: '10042' };

/** Ana has an account that no key of the event leads to. */
async function withNobodyFound(employee: Employee = ANA): Promise<TestDeployment> {
  const deployment = aDeployment({ users: aDirectory({ id: guid(1), emailAddr: 'ana@old.test' }) });
  await deployment.work(anArrival(aTermination({ employee })));
  return deployment;
}

async function entryOf({ ledger }: TestDeployment, eventId = 'evt-1'): Promise<LedgerEntry> {
  const [entry] = await ledger.byEventId(eventId);
  if (entry === undefined) throw new Error(`expected event ${eventId}`);
  return entry;
}

async function judged(deployment: TestDeployment, order: Partial<Order> = {}) {
  const entries = [await entryOf(deployment)];
  const open = async () => deployment.desk.directory;
  const [one] = await judgeAll(entries, { kind: 'replay', reason: 'the keys are right now', ...order }, { deployment, open });
  return one;
}

const setUser = (deployment: TestDeployment, changes: Parameters<typeof aUser>[0]) =>
  deployment.desk.directory.users.set(changes?.id ?? guid(1), aUser(changes));

describe('a replay of an event that found nobody', () => {
  it('shows who is found now, and deactivates that user', async () => {
    const deployment = await withNobodyFound();
    setUser(deployment, { id: guid(1), emailAddr: 'ana@new.test' });

    const one = await judged(deployment);

    expect(one).toMatchObject({
      userId: guid(1),
      verdict: { kind: 'act', does: expect.stringContaining(`user ${guid(1)}, by emailAddr`) },
    });
    await carryOut(
      [await entryOf(deployment)],
      { kind: 'replay', reason: 'the keys are right now' },
      {
        deployment,
        signal: new AbortController().signal,
        onStep: () => undefined,
      },
    );
    expect(await entryOf(deployment)).toMatchObject({ status: 'deactivated', workfrontUserId: guid(1) });
  });

  it('does nothing if nobody is found now either', async () => {
    expect((await judged(await withNobodyFound()))?.verdict).toEqual({ kind: 'nothing', why: 'nobody is found now either' });
  });

  it("lets the worker ask HR if the event has HR's own id alone", async () => {
    const deployment = await withNobodyFound({ sourceId: '7', email: 'ana@new.test' });

    expect((await judged(deployment))?.verdict.kind).toBe('act');
  });

  it.each([
    { what: 'an address alone', user: { emailAddr: 'ana@new.test' }, verdict: 'refused' },
    { what: 'an address and the number', user: { emailAddr: 'ana@new.test', extRefID: '10042' }, verdict: 'act' },
  ])('older than the stage allows, that leads to a user by $what: $verdict', async ({ user, verdict }) => {
    const deployment = await withNobodyFound();
    setUser(deployment, { id: guid(1), ...user });
    deployment.desk.now += 8 * DAY;

    expect((await judged(deployment))?.verdict.kind).toBe(verdict);
  });

  it('by an address and a name is done at any age', async () => {
    const deployment = await withNobodyFound({ email: 'ana@new.test', givenName: 'Ana', familyName: 'Alba' });
    setUser(deployment, { id: guid(1), emailAddr: 'ana@new.test', firstName: 'Ana' });
    deployment.desk.now += 90 * DAY;

    expect((await judged(deployment))?.verdict.kind).toBe('act');
  });

  it('of any age is done for the user that a person names, and for no other than those found', async () => {
    const deployment = await withNobodyFound();
    setUser(deployment, { id: guid(1), emailAddr: 'ana@new.test' });
    deployment.desk.now += 8 * DAY;

    expect((await judged(deployment, { userId: guid(1) }))?.verdict.kind).toBe('act');
    expect((await judged(deployment, { userId: guid(2) }))?.verdict).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/none of them/),
    });
  });

  it("searches by the match keys of the event's source", async () => {
    const deployment = await withNobodyFound();
    setUser(deployment, { id: guid(1), emailAddr: undefined, username: 'ana@new.test' });
    const rules = { matchKeys: [{ field: 'username', from: 'email' as const }] };
    deployment.desk.policy = {
      ...deployment.desk.policy,
      sources: { 'acme-hr': { ...rules, sendsAgainForDays: 7, speaksFor: [], mayEndEarlier: false, sendsNumbers: true, approval: false } },
    };

    expect((await judged(deployment))?.userId).toBe(guid(1));
  });
});

it('a replay of a dry run deactivates once the dry run ended', async () => {
  const deployment = aDeployment({ users: aDirectory({ id: guid(1) }), rules: { dryRun: true } });
  await deployment.work(anArrival(aTermination()));
  expect(await entryOf(deployment)).toMatchObject({ status: 'would-deactivate' });
  deployment.desk.policy = { ...deployment.desk.policy, dryRun: false };

  expect((await judged(deployment))?.verdict.kind).toBe('act');
  await carryOut(
    [await entryOf(deployment)],
    { kind: 'replay', reason: 'live', userId: guid(1) },
    {
      deployment,
      signal: new AbortController().signal,
      onStep: () => undefined,
    },
  );

  expect(await entryOf(deployment)).toMatchObject({ status: 'deactivated', chosenUserId: guid(1) });
});

function aSession(deployment: TestDeployment) {
  const printed: string[] = [];
  const session: Session = {
    deployment: async () => deployment,
    clock: deployment.clock,
    again: (command) => `ops ${command}`,
    terminal: {
      print: async (text) => void printed.push(text),
      say: () => undefined,
      progress: () => undefined,
      width: undefined,
      style: (_, text) => text,
      interactive: false,
      ask: async () => false,
      answer: async () => '',
    },
  };
  return { session, printed };
}

describe('several finished events at once', () => {
  async function withTwo() {
    const deployment = aDeployment({ users: aDirectory({ id: guid(1) }), rules: { dryRun: true } });
    await deployment.work(anArrival(aTermination(), { eventId: 'evt-1' }));
    await deployment.work(anArrival(aTermination({ employee: { email: 'other1@acme.test' } }), { eventId: 'evt-2' }));
    deployment.desk.policy = { ...deployment.desk.policy, dryRun: false };
    return deployment;
  }

  it('are not replayed without a plan', async () => {
    const deployment = await withTwo();
    const { session } = aSession(deployment);
    const entries = [await entryOf(deployment, 'evt-1'), await entryOf(deployment, 'evt-2')];
    const options = { wait: 0, yes: true };
    const open = async () => deployment.desk.directory;

    await expect(
      act({ entries, order: { kind: 'replay', reason: undefined }, none: 'No event matches', options, open }, session),
    ).rejects.toThrow(/plan replay/);

    expect(deployment.desk.directory.writes).toEqual([]);
  });

  it('leave out what is judged otherwise, and say why', async () => {
    const deployment = await withTwo();
    deployment.desk.now += 8 * DAY;
    const { session, printed } = aSession(deployment);
    const options = { wait: 0, json: true };
    const open = async () => deployment.desk.directory;
    const entries = [await entryOf(deployment)];

    await act({ entries, order: { kind: 'replay', reason: undefined }, none: 'No event matches', options, open }, session);

    expect(JSON.parse(printed.join(''))).toMatchObject([{ did: 'refused', why: expect.stringMatching(/older than 7 days.*--user GUID/) }]);
    expect(deployment.desk.directory.writes).toEqual([]);
  });

  it('of a plan are not done if one of them leads to another user by now', async () => {
    const deployment = await withTwo();
    const { source, eventId, version, status, receivedAt } = await entryOf(deployment);
    const plan: DigestedPlan = {
      v: 1,
      deployment: { name: 'test', ledgerTable: 'ledger' },
      kind: 'replay',
      reason: 'the dry run ended',
      by: deployment.me,
      at: '2026-11-24T12:00:00.000Z',
      secondAbove: 20,
      events: [{ source, eventId, version, status, receivedAt, foundUserId: guid(1), does: 'processes it again' }],
      digest: 'a'.repeat(64),
    };
    await recordPlan(plan, deployment);
    setUser(deployment, { id: guid(1), emailAddr: 'gone@acme.test' });
    setUser(deployment, { id: guid(2), emailAddr: 'ana@acme.test' });
    const open = async () => deployment.desk.directory;

    await expect(claimPlan(plan, deployment, open)).rejects.toThrow(`evt-1 led to ${guid(1)}, leads to ${guid(2)}`);

    setUser(deployment, { id: guid(1), emailAddr: 'ana@acme.test' });
    deployment.desk.directory.users.delete(guid(2));
    expect(await claimPlan(plan, deployment, open)).toHaveLength(1);
  });
});

it('a replay shows what holds an event of that age, and not only what would hold one that came now', async () => {
  const deployment = await withNobodyFound({ email: 'ana@new.test' });
  setUser(deployment, { id: guid(1), emailAddr: 'ana@new.test', madeAt: '2026-11-24T18:00:00.000Z' });
  deployment.desk.now += DAY;

  expect((await judged(deployment))?.verdict).toMatchObject({ kind: 'act', does: expect.stringContaining('would be held (newcomer') });
});
