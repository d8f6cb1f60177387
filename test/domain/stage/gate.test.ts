import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { Blocked, Contended } from '../../../lambda/domain/failures.ts';
import { giveBrakePlaceBack, takeBrakePlace } from '../../../lambda/domain/stage/brake-place.ts';
import { passGate, reportFailure, reportRefusal, reportSuccess, reportWrite, stopIfPaused } from '../../../lambda/domain/stage/gate.ts';
import { changeRecord, STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { mustNameCustomer, pinnedCustomer } from '../../../lambda/domain/stage/tenant.ts';
import { DAY, HOUR, SECOND, toInstant } from '../../../lambda/domain/time/time.ts';
import { aDirectory, aTermination, CUSTOMER, guid } from '../../support/builders.ts';
import { anEntry } from '../../support/entries.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';

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

    const message = `Workfront does not say which customer it is, and this stage is pinned to ${CUSTOMER}; see that the credential may read customerID`;
    if (waits) expect(ask).toThrow(expect.objectContaining({ name: 'Blocked', code: 'customer-unknown', message, untilRepaired: true }));
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

describe('a refusal of one user', () => {
  const refusalBy = (number: number, code = 'forbidden') => ({ code, userId: guid(number), source: 'hr', eventId: `evt-${number}` });
  const idsOf = (alike: readonly { eventId: string }[]) => alike.map(({ eventId }) => eventId);

  it('has the next good write reported until a write has shown that others are not refused', async () => {
    const desk = newDesk();

    await reportRefusal(refusalBy(1), desk);
    expect(await passGate(desk)).toBe('refusing');
    await reportWrite(desk);

    expect(await passGate(desk)).toBe('clean');

    await reportRefusal(refusalBy(2), desk);
    expect(await passGate(desk)).toBe('refusing');
  });

  it('is compared with those alone that were refused in the same way', async () => {
    const desk = newDesk();
    await reportRefusal(refusalBy(1), desk);
    await reportRefusal(refusalBy(2, 'user-not-found'), desk);

    const { verdict, alike } = await reportRefusal(refusalBy(3), desk);

    expect({ verdict, alike: idsOf(alike) }).toEqual({ verdict: 'waits', alike: ['evt-1', 'evt-3'] });
  });

  it('is the stage’s trouble at once while all are refused in the same way, and not if it is another refusal', async () => {
    const desk = newDesk();
    for (const number of [1, 2, 3]) await reportRefusal(refusalBy(number), desk);
    desk.now += 2 * HOUR;

    const [other, same] = [await reportRefusal(refusalBy(4, 'user-not-found'), desk), await reportRefusal(refusalBy(5), desk)];

    expect([other.verdict, same.verdict]).toEqual(['waits', 'stage']);
    expect(idsOf(same.alike)).toEqual(['evt-5']);
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
      message: '1 deactivations in the last hour, the limit is 1, some of them under way',
      retryAfterSeconds: 5,
      untilRepaired: false,
    });
    await giveBrakePlaceBack(one, desk);

    expect(await takeBrakePlace(other, 200, desk)).toBeUndefined();
    expect(desk.ledger.records.get(STAGE_KEYS.brake)?.value).toMatchObject({ entries: [{ event: 'hr/2', reserved: true }] });
  });

  const place = (number: number) => ({ source: 'hr', eventId: `${number}` });
  const ends = ({ ledger }: TestDesk, number: number, end: Partial<LedgerEntry>) =>
    ledger.entries.set(`hr/${number}`, anEntry(aTermination(), { ...place(number), ...end }));
  const brakeOf = ({ ledger }: TestDesk) => ledger.records.get(STAGE_KEYS.brake);
  const AT = '2026-11-24T12:00:00.000Z';

  it.each<{ what: string; end: Partial<LedgerEntry>; latches: boolean }>([
    { what: 'its user was deactivated', end: { status: 'deactivated', finishedAt: AT }, latches: true },
    { what: 'its user was inactive before', end: { status: 'already-inactive', finishedAt: AT }, latches: false },
    { what: 'it failed', end: { status: 'failed', finishedAt: AT }, latches: false },
    { what: 'nobody knows when its user was deactivated', end: { status: 'deactivated' }, latches: false },
  ])('counts a place as a deactivation only if that is known: $what', async ({ end, latches }) => {
    const desk = newDesk({ brake: { perHour: 1 } });
    await takeBrakePlace(place(1), 200, desk);
    ends(desk, 1, end);

    const next = takeBrakePlace(place(2), 200, desk);

    if (latches) expect(await next).toBe('1 deactivations in the last hour, the limit is 1');
    else await expect(next).rejects.toMatchObject({ code: 'brake-busy' });
    expect(brakeOf(desk)?.value).toMatchObject(latches ? { latched: {} } : { entries: [{ event: 'hr/1' }] });
  });

  it('remembers which writes took effect also if the next one has to wait, and writes that once', async () => {
    const desk = newDesk({ brake: { perHour: 2 } });
    for (const number of [1, 2]) await takeBrakePlace(place(number), 200, desk);
    ends(desk, 1, { status: 'deactivated', finishedAt: AT });
    const waits = () => expect(takeBrakePlace(place(3), 200, desk)).rejects.toMatchObject({ code: 'brake-busy' });

    await waits();
    expect(brakeOf(desk)).toMatchObject({ value: { entries: [{ event: 'hr/2' }], settled: [Date.parse(AT) / SECOND] }, version: 3 });
    await waits();

    expect(brakeOf(desk)?.version).toBe(3);
  });

  it('stays latched when the window that was full has long passed', async () => {
    const desk = newDesk({ brake: { perHour: 1 } });
    const value = { entries: [], settled: [desk.now / SECOND] };
    await desk.ledger.writeRecord(STAGE_KEYS.brake, { value, version: 0 });
    await takeBrakePlace(place(1), 200, desk);
    const latchedAt = toInstant(desk.now);

    desk.now += 2 * DAY;

    expect(await takeBrakePlace(place(1), 200, desk)).toContain(`latched since ${latchedAt}`);
  });

  it('writes nothing for an event that it does not know', async () => {
    const desk = newDesk();

    await giveBrakePlaceBack({ source: 'hr', eventId: '1' }, desk);

    expect(desk.ledger.records.size).toBe(0);
  });
});
