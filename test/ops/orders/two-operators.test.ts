import { describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { act } from '../../../ops/orders/act.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { aDeployment } from '../a-deployment.ts';
import { silent } from '../run-in-process.ts';

const ADMINISTRATORS = [1, 2, 3].map((number) => ({ id: guid(number), emailAddr: `admin${number}@acme.test`, isAdmin: true }));

async function heldEvents(count: number, rules: object = {}) {
  const deployment = aDeployment({ users: aDirectory(...ADMINISTRATORS), rules: { approval: true, ...rules } });
  for (let number = 1; number <= count; number += 1) {
    const employee = { email: `admin${number}@acme.test` };
    await deployment.work({ ...anArrival(aTermination({ employee })), eventId: `msg_${number}` });
  }
  const entries: LedgerEntry[] = [];
  for await (const entry of deployment.ledger.withStatus('held', { since: '0', until: '9' })) entries.push(entry);
  return { deployment, entries };
}

function operatorOf(deployment: ReturnType<typeof aDeployment>, answers: boolean[] = []) {
  const said: string[] = [];
  const asked: string[] = [];
  const terminal = {
    ...silent((line) => said.push(line)),
    interactive: answers.length > 0,
    ask: async (question: string) => {
      asked.push(question);
      return answers.shift() ?? false;
    },
  };
  const session = { deployment: async () => deployment, again: (command: string) => `ops ${command}`, terminal, clock: deployment.clock };
  const order = (kind: 'release' | 'reject', entries: readonly LedgerEntry[], yes = true) =>
    act({ entries, order: { kind, reason: 'as HR said' }, none: 'No event matches', options: { yes, wait: 0.1 } }, session);
  return { said, asked, order };
}

describe('of two operators at once', () => {
  it.each([
    { first: 'reject', second: 'release', is: 'rejected' },
    { first: 'release', second: 'reject', is: 'held' },
  ] as const)('the one who wants to $second after a $first is told so, and gets exit code 1', async ({ first, second }) => {
    const { deployment, entries } = await heldEvents(1);
    expect(entries).toHaveLength(1);
    const [one, other] = [operatorOf(deployment), operatorOf(deployment)];
    await one.order(first, entries);
    const now = await deployment.ledger.readEntry({ source: entries[0]?.source ?? '', eventId: 'msg_1' });

    const code = await other.order(second, now === undefined ? [] : [now]);

    expect(code).toBe(1);
    expect(other.said.join('\n')).toMatch(/^Your order did nothing for msg_1: it is \S+ by \S+ at /);
  });
});

describe('a question', () => {
  it('is asked about one event too, and says what happens to the person', async () => {
    const { deployment, entries } = await heldEvents(1);
    const operator = operatorOf(deployment, [false, false]);

    expect(await operator.order('release', entries, false)).toBe(1);
    expect(await operator.order('reject', entries, false)).toBe(1);

    expect(operator.asked).toEqual(['1 person loses access: release?', '1 person keeps access. Reject?']);
  });

  it('that nobody can answer needs --yes', async () => {
    const { deployment, entries } = await heldEvents(1);

    await expect(operatorOf(deployment).order('release', entries, false)).rejects.toThrow(
      'nobody can be asked outside a terminal; add --yes if the answer is yes: 1 person loses access: release?',
    );
  });
});

it('more events than the stage allows are released only by a plan, with --yes too', async () => {
  const { deployment, entries } = await heldEvents(3, { secondPersonAbove: 2 });

  await expect(operatorOf(deployment).order('release', entries)).rejects.toThrow(
    '3 events to release, and this stage wants a second person above 2',
  );
  expect(await operatorOf(deployment).order('release', entries.slice(0, 1))).not.toBe(2);
});
