import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { DAY, MINUTE } from '../../lambda/domain/time/time.ts';
import { aRecord, aWorker } from '../support/a-worker.ts';
import { aDirectory, anArrival, aTermination, guid } from '../support/builders.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';

const newDesk = () => aDesk({ users: aDirectory({ id: guid(1) }) });
const ana = anArrival(aTermination());
const leaver = (number: number) =>
  anArrival(aTermination({ employee: { email: `other${number}@acme.test` } }), { eventId: `evt-o${number}` });
const entryOf = (desk: TestDesk, eventId = 'evt-1') => desk.ledger.entries.get(`acme-hr/${eventId}`);

/** Makes Workfront fail for one leaver alone. */
function failingFor(desk: TestDesk, email: string, failure: Error): TestDesk {
  const { find } = desk.directory;
  desk.directory.find = async (keys) => {
    if (keys.some(({ value }) => value === email)) throw failure;
    return find.call(desk.directory, keys);
  };
  return desk;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a batch', () => {
  it('is processed, and each outcome is logged and counted', async () => {
    const desk = newDesk();
    desk.now += MINUTE;
    const worker = aWorker(desk);

    const first = await worker.process([aRecord(ana), aRecord(ana, { messageId: 'm-2' })]);
    const second = await worker.process([aRecord(ana, { messageId: 'm-2' }), aRecord({ ...ana, source: 'payroll' }, { messageId: 'm-3' })]);

    expect([first, second]).toEqual([['m-2'], []]);
    expect(worker.metrics()).toMatchObject({
      Waiting: 1,
      Deactivated: 1,
      Duplicates: 1,
      AlreadyInactive: 1,
      FromReceived: MINUTE,
      FromEffective: MINUTE,
    });
    expect(worker.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        level: 'INFO',
        message: 'event settled',
        source: 'acme-hr',
        eventId: 'evt-1',
        status: 'deactivated',
        workfrontUserId: guid(1),
      }),
    );
  });

  it('reports only the message that has to wait, and processes the others', async () => {
    const desk = failingFor(newDesk(), 'other1@acme.test', new TransientFailure('timeout', 'no answer', { retryAfterSeconds: 600 }));
    const worker = aWorker(desk);

    const failures = await worker.process([
      aRecord(ana),
      aRecord(leaver(1), { messageId: 'm-2' }),
      aRecord(leaver(2), { messageId: 'm-3' }),
    ]);

    expect(failures).toEqual(['m-2']);
    expect(worker.asked.postponed).toEqual([{ receiptHandle: 'handle of m-2', seconds: 300 }]);
    expect(desk.directory.writes.map(({ userId }) => userId)).toEqual([guid(1), guid(0xf002)]);
    expect(worker.metrics()).toMatchObject({ Deactivated: 2, Waiting: 1 });
  });

  it('may wait as a whole', async () => {
    const worker = aWorker(failingFor(newDesk(), 'ana@acme.test', new TransientFailure('timeout', 'no answer')));

    expect(await worker.process([aRecord(ana)])).toEqual(['m-1']);
  });

  it.each([
    {
      status: 'held',
      level: 'WARN',
      desk: () => aDesk({ users: aDirectory({ id: guid(1), isAdmin: true }) }),
      reason: 'administrator',
      metric: 'Held',
    },
    {
      status: 'failed',
      level: 'ERROR',
      desk: () => failingFor(newDesk(), 'ana@acme.test', new PermanentFailure('too-long', 'no')),
      reason: 'too-long',
      metric: 'Failed',
    },
  ])('logs an event that is $status as a warning or an error', async ({ status, level, desk, reason, metric }) => {
    const worker = aWorker(desk());

    expect(await worker.process([aRecord(ana)])).toEqual([]);

    expect(worker.metrics()[metric]).toBe(1);
    expect(worker.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level, message: 'event settled', status, reason }),
    );
  });

  it('processes at most as many events at once as allowed', async () => {
    const desk = aDesk({ users: aDirectory(), rules: { brake: { perHour: 100, floorPerDay: 100 } } });
    const { find } = desk.directory;
    let atOnce = 0;
    let most = 0;
    desk.directory.find = async (keys) => {
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      return find.call(desk.directory, keys);
    };

    await aWorker(desk, { eventsAtOnce: 3 }).process(
      Array.from({ length: 10 }, (_, number) => aRecord(leaver(number), { messageId: `m-${number}` })),
    );

    expect(most).toBe(3);
    expect(desk.directory.writes).toHaveLength(10);
  });

  it('is not mixed with another batch of the same process', async () => {
    const desk = newDesk();
    const gate: (() => void)[] = [];
    desk.directory.find = async (keys) => {
      if (keys.every(({ value }) => value !== 'other1@acme.test')) await new Promise<void>((resolve) => gate.push(resolve));
      throw new TransientFailure('timeout', 'no answer');
    };
    const worker = aWorker(desk);
    const open = async (count: number) => {
      while (gate.length < count) await new Promise((resolve) => setImmediate(resolve));
    };

    const first = worker.process([aRecord(leaver(1), { messageId: 'a-1' }), aRecord(leaver(2), { messageId: 'a-2' })]);
    await open(1);
    const second = worker.process([aRecord(leaver(3), { messageId: 'b-1' })]);
    await open(2);
    for (const pass of gate) pass();

    expect([(await first).toSorted(), await second]).toEqual([['a-1', 'a-2'], ['b-1']]);
  });
});

describe('a message that is not one of ours', () => {
  it.each([
    { what: 'that is not JSON', body: 'ana@acme.test', why: 'leaver message: expected JSON, got text of 13 characters that is not' },
    {
      what: 'of an unknown kind',
      body: '{"kind":"delete"}',
      why: 'leaver message: kind: expected another value, got a string of 6 characters',
    },
    {
      what: 'without an employee',
      body: JSON.stringify({ ...ana, event: { type: 'employee.terminated' } }),
      why: 'leaver message: event.employee: expected an object, got nothing',
    },
  ])('$what goes to the dead-letter queue at once, whole, and does not disturb other messages', async ({ body, why }) => {
    const desk = newDesk();
    const worker = aWorker(desk);

    const failures = await worker.process([aRecord(body), aRecord(ana, { messageId: 'm-2' })]);

    expect(failures).toEqual([]);
    expect(worker.asked.dead).toEqual([{ body, why }]);
    expect(worker.metrics()).toMatchObject({ DeadLettered: 1, Deactivated: 1 });
    expect(entryOf(desk)).toMatchObject({ status: 'deactivated' });
  });

  it('stays on the queue if the dead-letter queue does not accept it', async () => {
    const worker = aWorker(newDesk(), {
      queue: {
        toDeadLetter: async () => {
          throw new TransientFailure('queue-unavailable', 'no');
        },
      },
    });

    expect(await worker.process([aRecord('?'), aRecord(ana, { messageId: 'm-2' })])).toEqual(['m-1']);
  });
});

describe('a message that waits', () => {
  const waiting = () => failingFor(newDesk(), 'ana@acme.test', new TransientFailure('timeout', 'no answer', { retryAfterSeconds: 30 }));
  const sentAt = Date.parse('2026-11-24T12:00:00Z');

  it.each([
    { what: 'received 499 times', record: { receives: 499 }, renewed: false },
    { what: 'received 500 times', record: { receives: 500 }, renewed: true },
    { what: 'sent 7 days ago', record: { sentAt: sentAt - 7 * DAY }, renewed: false },
    { what: 'sent longer ago', record: { sentAt: sentAt - 7 * DAY - 1 }, renewed: true },
  ])('$what: continues as a new message: $renewed', async ({ record, renewed }) => {
    const worker = aWorker(waiting());

    const failures = await worker.process([aRecord(ana, record)]);

    expect({ failures, sent: worker.asked.sent, postponed: worker.asked.postponed.length }).toEqual(
      renewed ? { failures: [], sent: [ana], postponed: 0 } : { failures: ['m-1'], sent: [], postponed: 1 },
    );
  });

  it.each([
    { what: 'cannot be renewed', receives: 500 },
    { what: 'cannot be postponed', receives: 1 },
  ])('and $what stays where it is', async ({ receives }) => {
    const refusing = async () => {
      throw new TransientFailure('queue-unavailable', 'no');
    };
    const worker = aWorker(waiting(), { queue: { send: refusing, postpone: refusing } });

    expect(await worker.process([aRecord(ana, { receives })])).toEqual(['m-1']);
  });
});

describe('time', () => {
  it('that is too short leaves an event to the next invocation', async () => {
    const desk = newDesk();
    let calls = 0;
    const worker = aWorker(desk);

    const failures = await worker.process([aRecord(ana)], () => (calls++ === 0 ? MINUTE : 2_000));

    expect(failures).toEqual(['m-1']);
    expect(worker.asked.postponed).toEqual([{ receiptHandle: 'handle of m-1', seconds: 1 }]);
    expect(desk.ledger.entries.size).toBe(0);
  });

  it('that is left is the length of the lease on the event, and a second more', async () => {
    const desk = newDesk();
    desk.directory.find = async () => {
      throw new TypeError('the process ended');
    };

    await aWorker(desk).process([aRecord(ana)], () => 42_000);

    expect(entryOf(desk)?.lease).toEqual({ owner: 'request-1/m-1', until: '2026-11-24T12:00:43.000Z' });
  });
});

describe('an error that nobody expected', () => {
  it('puts the message back for a growing time, counted and named by its class alone', async () => {
    const desk = failingFor(newDesk(), 'ana@acme.test', new TypeError('cannot read ana@acme.test'));
    const worker = aWorker(desk);

    const failures = await worker.process([aRecord(ana, { receives: 5 }), aRecord(leaver(1), { messageId: 'm-2' })]);

    expect(failures).toEqual(['m-1']);
    expect(worker.asked.postponed).toEqual([{ receiptHandle: 'handle of m-1', seconds: 16 }]);
    expect(worker.metrics()).toMatchObject({ Unexpected: 1, Deactivated: 1 });
    expect(worker.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: 'ERROR', message: 'message could not be processed', eventId: 'evt-1', failure: 'TypeError' }),
    );
  });

  it('of the ledger loses no event', async () => {
    const desk = newDesk();
    const { readTogether } = desk.ledger;
    desk.ledger.readTogether = async () => {
      throw new Error('the table is gone');
    };
    const worker = aWorker(desk);

    const during = await worker.process([aRecord(ana)]);
    desk.ledger.readTogether = readTogether;
    const after = await worker.process([aRecord(ana, { receives: 2 })]);

    expect([during, after]).toEqual([['m-1'], []]);
    expect(entryOf(desk)).toMatchObject({ status: 'deactivated' });
  });
});

describe('what the worker prints', () => {
  it('contains nothing personal, whatever happens', async () => {
    const employee = {
      email: 'ana.silva@acme.test',
      employeeNumber: 'NR-10042',
      ssoUsername: 'asilva',
      givenName: 'Ana',
      familyName: 'Silva',
      customFields: { 'DE:HR ID': 'HRID-7' },
    };
    const termination = anArrival(aTermination({ employee }));
    const known = { id: guid(1), emailAddr: employee.email, firstName: 'Ana', lastName: 'Silva', lastLoginAt: '2026-11-20T00:00:00Z' };
    const broken = (failure: Error) => failingFor(aDesk({ users: aDirectory(known) }), employee.email, failure);
    const desks = [
      aDesk({ users: aDirectory(known) }),
      aDesk({ users: aDirectory() }),
      aDesk({ users: aDirectory(known), rules: { dryRun: true } }),
      aDesk({ users: aDirectory({ ...known, isActive: false }) }),
      aDesk({ users: aDirectory(known, { ...known, id: guid(2) }) }),
      aDesk({ users: aDirectory({ ...known, extRefID: 'NR-999' }) }),
      aDesk({ users: aDirectory({ ...known, firstName: 'Bo', lastName: 'Berg' }) }),
      aDesk({ users: aDirectory({ ...known, isAdmin: true }) }),
      aDesk({ users: aDirectory(known), rules: { protected: [employee.email] } }),
      aDesk({ users: aDirectory(known), rules: { brake: { perHour: 0 } } }),
      aDesk({ users: aDirectory(known), rules: { matchKeys: [{ field: 'username', from: 'ssoUsername' }] } }),
      broken(new Error('cannot read ana.silva@acme.test')),
      broken(new TransientFailure('timeout', 'no answer')),
    ];
    const lines: string[] = [];

    for (const desk of desks) {
      const worker = aWorker(desk);
      await worker.process([
        aRecord(termination),
        aRecord(termination, { messageId: 'm-2' }),
        aRecord(JSON.stringify({ ...termination, digest: 'Silva' }), { messageId: 'm-3' }),
        aRecord('asilva', { messageId: 'm-4' }),
      ]);
      lines.push(...worker.lines);
    }

    expect(lines.length).toBeGreaterThan(3 * desks.length);
    expect(lines.join('')).not.toMatch(/@|silva|berg|NR-|HRID|\bana\b/i);
  });
});
