import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { ConsoleDesk } from '../../lambda/domain/console-access/admin-console.ts';
import { readAccess } from '../../lambda/domain/console-access/open-access.ts';
import { TransientFailure } from '../../lambda/domain/failures.ts';
import { HOUR } from '../../lambda/domain/time/time.ts';
import { aRecord, aWorker } from '../support/a-worker.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';

const ana = anArrival(aTermination());
const FOLLOW_UP = { kind: 'console-access', source: 'acme-hr', eventId: 'evt-1' };
const named = { profiles: ['Workfront'], groups: [] };

/** A Console that has the person until it is asked to remove them. */
function aConsole() {
  const asked: string[] = [];
  let direct = ['Workfront'];
  const adminConsole: ConsoleDesk['adminConsole'] = {
    memberships: async (address) => ({ user: { name: address, isAdobeId: false }, direct, all: direct }),
    remove: async ({ names }) => {
      asked.push(...names);
      direct = [];
      return { kind: 'accepted' };
    },
  };
  return { asked, console: { adminConsole, named } };
}

const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });

afterEach(() => {
  jest.restoreAllMocks();
});

describe('after a deactivation', () => {
  it('nothing is sent or read if the stage does not ask for it', async () => {
    const desk = newDesk();
    const worker = aWorker(desk);

    await worker.process([aRecord(ana)]);

    expect(worker.asked.sent).toEqual([]);
    expect([...desk.ledger.records.keys()].filter((key) => key.includes('console'))).toEqual([]);
  });

  it('a message of its own has the leaver removed: the outcome is in the ledger before anything is asked', async () => {
    const desk = newDesk();
    const { asked, console } = aConsole();
    const worker = aWorker(desk, { console });

    expect(await worker.process([aRecord(ana)])).toEqual([]);

    expect(desk.ledger.entries.get('acme-hr/evt-1')?.status).toBe('deactivated');
    expect(asked).toEqual([]);
    expect(worker.asked.sent).toEqual([FOLLOW_UP]);

    expect(await worker.process([aRecord(FOLLOW_UP, { messageId: 'm-2' })])).toEqual(['m-2']);
    expect(asked).toEqual(['Workfront']);
    expect(await worker.process([aRecord(FOLLOW_UP, { messageId: 'm-2', receives: 2 })])).toEqual([]);
    expect((await readAccess(FOLLOW_UP, desk.ledger))?.value.status).toBe('removed');
  });

  it('a worker that is killed before the message is sent sends it when the event comes back', async () => {
    const desk = newDesk();
    const { console } = aConsole();
    const sent: unknown[] = [];
    let broken = true;
    const send = async (message: unknown) => {
      if (broken) throw new TransientFailure('queue-unavailable', 'no');
      sent.push(message);
    };
    const worker = aWorker(desk, { console, queue: { send } });

    expect(await worker.process([aRecord(ana)])).toEqual(['m-1']);
    expect(desk.ledger.entries.get('acme-hr/evt-1')?.status).toBe('deactivated');
    broken = false;
    expect(await worker.process([aRecord(ana, { receives: 2 })])).toEqual([]);

    expect(sent).toEqual([FOLLOW_UP]);
  });

  it('it does not wait for an event bus that is in trouble', async () => {
    const desk = newDesk();
    const { console } = aConsole();
    const outcomes = { publish: () => Promise.reject(new TransientFailure('outcomes-unavailable', 'no')) };
    const worker = aWorker(desk, { console, outcomes });

    expect(await worker.process([aRecord(ana)])).toEqual(['m-1']);

    expect(worker.asked.sent).toEqual([FOLLOW_UP]);
  });

  it('a redelivery of the event sends nothing more once the follow-up has begun', async () => {
    const desk = newDesk();
    const { console } = aConsole();
    const worker = aWorker(desk, { console });
    await worker.process([aRecord(ana)]);
    await worker.process([aRecord(FOLLOW_UP, { messageId: 'm-2' })]);

    await worker.process([aRecord(ana, { receives: 2 })]);

    expect(worker.asked.sent).toEqual([FOLLOW_UP]);
  });

  it.each([
    ['an event that is held', {}, { isAdmin: true }],
    ['a user who was inactive already', {}, { isActive: false }],
    ['a leaver without an account', {}, { emailAddr: 'another@acme.test' }],
  ])('nothing follows on %s', async (_, rules, user) => {
    const desk = aDesk({ users: aDirectory({ id: guid(1), ...user }), rules });
    const { console } = aConsole();
    const worker = aWorker(desk, { console });

    await worker.process([aRecord(ana)]);

    expect(worker.asked.sent).toEqual([]);
  });
});

describe('the daily look', () => {
  it('sends the message of a follow-up again that was lost', async () => {
    const desk = newDesk();
    const { console } = aConsole();
    const worker = aWorker(desk, { console });
    await worker.process([aRecord(ana)]);
    await worker.process([aRecord(FOLLOW_UP, { messageId: 'm-2' })]);
    worker.asked.sent.length = 0;

    desk.now += HOUR;
    await worker.process([aRecord({ kind: 'canary' }, { messageId: 'm-3' })]);

    expect(worker.asked.sent).toEqual([FOLLOW_UP]);
  });
});

describe('the log', () => {
  it('has ids, statuses and codes of each turn, and no address or name of a group', async () => {
    const desk = newDesk();
    const { console } = aConsole();
    const worker = aWorker(desk, { console });
    await worker.process([aRecord(ana)]);

    await worker.process([aRecord(FOLLOW_UP, { messageId: 'm-2' })]);
    await worker.process([aRecord(FOLLOW_UP, { messageId: 'm-2' })]);

    expect(worker.lines.join('')).toContain('"message":"console access settled"');
    expect(worker.lines.join('')).not.toMatch(/ana@acme|"Workfront"/);
  });
});
