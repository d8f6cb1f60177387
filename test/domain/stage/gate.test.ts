import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { Blocked, Contended } from '../../../lambda/domain/failures.ts';
import { giveBrakePlaceBack, takeBrakePlace } from '../../../lambda/domain/stage/brake-place.ts';
import { passGate, reportFailure, reportSuccess, stopIfPaused } from '../../../lambda/domain/stage/gate.ts';
import { changeRecord, STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { mustNameCustomer, pinnedCustomer } from '../../../lambda/domain/stage/tenant.ts';
import { SECOND } from '../../../lambda/domain/time/time.ts';
import { aDirectory, aTermination, CUSTOMER, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDesk } from '../../support/in-memory-desk.ts';

const counter = z.object({ count: z.number() });
const COUNTER = { key: 'counter', schema: counter };
const newDesk = (rules = {}) => aDesk({ users: aDirectory(), rules });
const owner = (customerId: string | undefined) => ({ userId: guid(0xadd), customerId, activeUsers: 200, seesEverybody: true });

describe('a shared record', () => {
  it('loses no change of 15 workers at once', async () => {
    const { ledger } = newDesk();
    const increment = () => changeRecord(ledger, COUNTER, (value) => ({ count: (value?.count ?? 0) + 1 }));

    await Promise.all(Array.from({ length: 15 }, increment));

    expect(await ledger.readRecord('counter', counter)).toEqual({ value: { count: 15 }, version: 15 });
  });

  it('is left as it is where nothing is to change', async () => {
    const { ledger } = newDesk();

    await changeRecord(ledger, COUNTER, () => undefined);

    expect(ledger.records.size).toBe(0);
  });

  it('is given up where others always write first', async () => {
    const { ledger } = newDesk();
    let tries = 0;
    ledger.writeRecord = async () => {
      tries += 1;
      throw new Contended('counter');
    };

    await expect(changeRecord(ledger, COUNTER, () => ({ count: 1 }))).rejects.toThrow(Contended);
    expect(tries).toBe(20);
  });
});

describe('the customer of a stage', () => {
  it('is the one it was first used with', async () => {
    const desk = newDesk();

    const first = await pinnedCustomer(owner(CUSTOMER), desk);
    const second = await pinnedCustomer(owner('d'.repeat(32)), desk);

    expect([first, second]).toEqual([CUSTOMER, CUSTOMER]);
    expect(desk.ledger.records.get(STAGE_KEYS.tenant)?.value).toEqual({ customerId: CUSTOMER, pinnedAt: '2026-11-24T12:00:00.000Z' });
  });

  it('is the configured one, before any other', async () => {
    const desk = newDesk({ customerId: 'e'.repeat(32) });

    expect(await pinnedCustomer(owner(CUSTOMER), desk)).toBe('e'.repeat(32));
    expect(desk.ledger.records.size).toBe(0);
  });

  it('is not pinned to nobody', async () => {
    const desk = newDesk();

    expect(await pinnedCustomer(owner(undefined), desk)).toBeUndefined();
    expect(await pinnedCustomer(owner(CUSTOMER), desk)).toBe(CUSTOMER);
  });
});

describe('a stage that is pinned to a customer', () => {
  it.each([
    { what: 'the owner says its customer, and so do the users', pinnedCustomerId: CUSTOMER, seen: [CUSTOMER, CUSTOMER], waits: false },
    { what: 'another customer is named: a guard holds it', pinnedCustomerId: CUSTOMER, seen: ['d'.repeat(32)], waits: false },
    { what: 'the owner does not say it', pinnedCustomerId: CUSTOMER, seen: [undefined], waits: true },
    { what: 'a user does not say it', pinnedCustomerId: CUSTOMER, seen: [CUSTOMER, undefined], waits: true },
    { what: 'it is pinned to nobody yet', pinnedCustomerId: undefined, seen: [undefined], waits: false },
  ])('waits as long as Workfront does not say whose it is, where $what: $waits', ({ pinnedCustomerId, seen, waits }) => {
    const ask = () => mustNameCustomer({ pinnedCustomerId, seen: seen.map((customerId) => ({ customerId })) });

    if (waits) expect(ask).toThrow(expect.objectContaining({ name: 'Blocked', code: 'customer-unknown', untilRepaired: true }));
    else expect(ask).not.toThrow();
  });
});

describe('the gate', () => {
  it.each([
    { what: 'nothing is known', failures: 0, answer: 'clean' },
    { what: 'there was some trouble', failures: 4, answer: 'doubtful' },
  ])('lets go where $what: $answer', async ({ failures, answer }) => {
    const desk = newDesk();
    for (let number = 0; number < failures; number++) await reportFailure({ cause: 'trouble', saw: 'timeout' }, desk);

    expect(await passGate(desk)).toBe(answer);
  });

  it('blocks while a person has paused the stage', async () => {
    const desk = newDesk();
    const paused = { at: '2026-11-24T11:00:00.000Z', by: 'ops-person', reason: 'cut-over' };
    await desk.ledger.writeRecord(STAGE_KEYS.pause, { value: { paused }, version: 0 });

    await expect(passGate(desk)).rejects.toMatchObject({ code: 'paused', message: 'paused since 2026-11-24T11:00:00.000Z: cut-over' });
    await expect(stopIfPaused(desk)).rejects.toBeInstanceOf(Blocked);
    await desk.ledger.writeRecord(STAGE_KEYS.pause, { value: {}, version: 1 });
    await expect(passGate(desk)).resolves.toBe('clean');
  });

  it('blocks while the circuit is open, and says for how long', async () => {
    const desk = newDesk();
    await reportFailure({ cause: 'credentials', saw: 'refused' }, desk);
    desk.now += 10.5 * SECOND;

    await expect(passGate(desk)).rejects.toMatchObject({ code: 'circuit-open', message: 'refused', retryAfterSeconds: 80 });
  });

  it.each([
    { cause: 'credentials', untilRepaired: true, stageTrouble: false },
    { cause: 'trouble', untilRepaired: false, stageTrouble: false },
    { cause: 'stage', untilRepaired: true, stageTrouble: true },
  ] as const)('says whether only a person can end it: $cause, $untilRepaired', async ({ cause, untilRepaired, stageTrouble }) => {
    const desk = newDesk();
    for (let number = 0; number < 5; number++) await reportFailure({ cause, saw: 'refused' }, desk);

    await expect(passGate(desk)).rejects.toMatchObject({ code: 'circuit-open', untilRepaired, stageTrouble });
  });

  it('lets one of many through as the probe', async () => {
    const desk = newDesk();
    await reportFailure({ cause: 'credentials', saw: 'refused' }, desk);
    desk.now += 90 * SECOND;

    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => passGate(desk)));

    expect(answers.filter(({ status }) => status === 'fulfilled')).toEqual([{ status: 'fulfilled', value: 'doubtful' }]);
  });

  it('forgets all trouble after a good answer, and writes nothing where there was none', async () => {
    const desk = newDesk();
    await reportFailure({ cause: 'credentials', saw: 'refused' }, desk);

    await reportSuccess(desk);
    await reportSuccess(desk);

    expect(desk.ledger.records.get(STAGE_KEYS.circuit)).toMatchObject({ value: { failures: 0 }, version: 2 });
  });

  it('forgets also trouble that opened nothing yet', async () => {
    const desk = newDesk();
    await reportFailure({ cause: 'trouble', saw: 'timeout' }, desk);

    await reportSuccess(desk);

    expect(desk.ledger.records.get(STAGE_KEYS.circuit)?.value).toEqual({ failures: 0 });
  });

  it('writes nothing after a good answer where nothing was ever known', async () => {
    const desk = newDesk();

    await reportSuccess(desk);

    expect(desk.ledger.records.size).toBe(0);
  });
});

describe('the shared brake', () => {
  it('counts events of all sources, each once', async () => {
    const desk = newDesk({ brake: { perHour: 2 } });
    const done = async (source: string, eventId: string) => {
      const saw = await takeBrakePlace({ source, eventId }, 200, desk);
      const finishedAt = new Date(desk.now).toISOString();
      desk.ledger.entries.set(`${source}/${eventId}`, anEntry(aTermination(), { source, eventId, status: 'deactivated', finishedAt }));
      return saw;
    };

    const answers = [await done('hr', '1'), await done('hr', '1'), await done('payroll', '1'), await done('hr', '2')];

    expect(answers).toEqual([undefined, undefined, undefined, '2 deactivations in the last hour, the limit is 2']);
  });

  it('makes the next one wait while the last places are taken by writes under way, and goes on with a place given back', async () => {
    const desk = newDesk({ brake: { perHour: 1 } });
    const [one, other] = [
      { source: 'hr', eventId: '1' },
      { source: 'hr', eventId: '2' },
    ];
    await takeBrakePlace(one, 200, desk);

    await expect(takeBrakePlace(other, 200, desk)).rejects.toMatchObject({
      code: 'brake-busy',
      retryAfterSeconds: 5,
      untilRepaired: false,
    });
    await giveBrakePlaceBack(one, desk);

    expect(await takeBrakePlace(other, 200, desk)).toBeUndefined();
    expect(desk.ledger.records.get(STAGE_KEYS.brake)?.value).toMatchObject({ entries: [{ event: 'hr/2', reserved: true }] });
  });

  it('writes nothing for an event that it does not know', async () => {
    const desk = newDesk();

    await giveBrakePlaceBack({ source: 'hr', eventId: '1' }, desk);

    expect(desk.ledger.records.size).toBe(0);
  });
});
