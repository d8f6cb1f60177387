import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { Blocked, Contended } from '../../lambda/domain/failures.ts';
import {
  changeRecord,
  passGate,
  pinnedCustomer,
  reportFailure,
  reportSuccess,
  requestBrake,
  STAGE_KEYS,
  stopIfPaused,
} from '../../lambda/domain/stage/stage-state.ts';
import { SECOND } from '../../lambda/domain/time/time.ts';
import { aDirectory, CUSTOMER, guid } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';

const counter = z.object({ count: z.number() });
const newDesk = (rules = {}) => aDesk({ users: aDirectory(), rules });
const owner = (customerId: string | undefined) => ({ userId: guid(0xadd), customerId, activeUsers: 200 });

describe('a shared record', () => {
  it('loses no change of 15 workers at once', async () => {
    const { ledger } = newDesk();
    const increment = () => changeRecord(ledger, 'counter', counter, (value) => ({ count: (value?.count ?? 0) + 1 }));

    await Promise.all(Array.from({ length: 15 }, increment));

    expect(await ledger.readRecord('counter', counter)).toEqual({ value: { count: 15 }, version: 15 });
  });

  it('is left as it is where nothing is to change', async () => {
    const { ledger } = newDesk();

    await changeRecord(ledger, 'counter', counter, () => undefined);

    expect(ledger.records.size).toBe(0);
  });

  it('is given up where others always write first', async () => {
    const { ledger } = newDesk();
    let tries = 0;
    ledger.writeRecord = async () => {
      tries += 1;
      throw new Contended('counter');
    };

    await expect(changeRecord(ledger, 'counter', counter, () => ({ count: 1 }))).rejects.toThrow(Contended);
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

describe('the gate', () => {
  it.each([
    { what: 'nothing is known', failures: 0, answer: 'clean' },
    { what: 'there was some trouble', failures: 4, answer: 'doubtful' },
  ])('lets go where $what: $answer', async ({ failures, answer }) => {
    const desk = newDesk();
    for (let number = 0; number < failures; number++) await reportFailure('trouble', 'timeout', desk);

    expect(await passGate(desk)).toBe(answer);
  });

  it('blocks while a person has paused the stage', async () => {
    const desk = newDesk();
    const paused = { at: '2026-11-24T11:00:00.000Z', by: 'ops-person', reason: 'cut-over' };
    await desk.ledger.writeRecord(STAGE_KEYS.pause, { paused }, 0);

    await expect(passGate(desk)).rejects.toMatchObject({ code: 'paused', message: 'paused since 2026-11-24T11:00:00.000Z: cut-over' });
    await expect(stopIfPaused(desk)).rejects.toBeInstanceOf(Blocked);
    await desk.ledger.writeRecord(STAGE_KEYS.pause, {}, 1);
    await expect(passGate(desk)).resolves.toBe('clean');
  });

  it('blocks while the circuit is open, and says for how long', async () => {
    const desk = newDesk();
    await reportFailure('credentials', 'refused', desk);
    desk.now += 10.5 * SECOND;

    await expect(passGate(desk)).rejects.toMatchObject({ code: 'circuit-open', message: 'refused', retryAfterSeconds: 290 });
  });

  it.each([
    { cause: 'credentials', untilRepaired: true },
    { cause: 'trouble', untilRepaired: false },
  ] as const)('says whether only a person can end it: $cause, $untilRepaired', async ({ cause, untilRepaired }) => {
    const desk = newDesk();
    for (let number = 0; number < 5; number++) await reportFailure(cause, 'refused', desk);

    await expect(passGate(desk)).rejects.toMatchObject({ code: 'circuit-open', untilRepaired });
  });

  it('lets one of many through as the probe', async () => {
    const desk = newDesk();
    await reportFailure('credentials', 'refused', desk);
    desk.now += 300 * SECOND;

    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => passGate(desk)));

    expect(answers.filter(({ status }) => status === 'fulfilled')).toEqual([{ status: 'fulfilled', value: 'doubtful' }]);
  });

  it('forgets all trouble after a good answer, and writes nothing where there was none', async () => {
    const desk = newDesk();
    await reportFailure('credentials', 'refused', desk);

    await reportSuccess(desk);
    await reportSuccess(desk);

    expect(desk.ledger.records.get(STAGE_KEYS.circuit)).toEqual({ value: { failures: 0 }, version: 2 });
  });

  it('forgets also trouble that opened nothing yet', async () => {
    const desk = newDesk();
    await reportFailure('trouble', 'timeout', desk);

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
    const ask = (source: string, eventId: string) => requestBrake({ source, eventId }, 200, desk);

    const answers = [await ask('hr', '1'), await ask('hr', '1'), await ask('payroll', '1'), await ask('hr', '2')];

    expect(answers).toEqual([undefined, undefined, undefined, '2 deactivations in the last hour, the limit is 2']);
  });
});
