import { beforeEach, describe, expect, it } from '@jest/globals';
import { isKept, personRecord } from '../../../lambda/domain/person/person-record.ts';
import { holdRecords, liftHold, readLegalHolds } from '../../../ops/orders/legal-hold.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../../support/builders.ts';
import { aDeployment, type TestDeployment } from '../a-deployment.ts';

const ANA = { email: 'ana@acme.test', employeeNumber: '10042' };

describe('a legal hold', () => {
  let deployment: TestDeployment;
  beforeEach(async () => {
    deployment = aDeployment({ users: aDirectory({ id: guid(1) }) });
    await deployment.work(anArrival(aTermination({ employee: ANA }), { eventId: 'evt-1' }));
    await deployment.work(anArrival(aTermination({ employee: { email: 'other1@acme.test' } }), { eventId: 'evt-other' }));
  });

  const entryOf = async (eventId: string) => {
    const [entry] = await deployment.ledger.byEventId(eventId);
    if (entry === undefined) throw new Error(`expected event ${eventId}`);
    return entry;
  };
  const hold = async (eventId = 'evt-1') => holdRecords(await entryOf(eventId), 'case 4711', deployment);
  const lift = async (eventId = 'evt-1') => liftHold(await entryOf(eventId), 'case closed', deployment);
  const recordKept = (key: string) => deployment.desk.ledger.records.get(key)?.kept;
  const LEGAL_HOLD = { by: 'arn:aws:sts::111122223333:assumed-role/Ops/ana', at: '2026-11-24T12:00:00.000Z', reason: 'case 4711' };

  it('marks the events and every record of the person, and nobody else', async () => {
    expect(await hold()).toMatchObject({ events: 1 });

    expect(await entryOf('evt-1')).toMatchObject({ status: 'deactivated', legalHold: LEGAL_HOLD });
    expect((await entryOf('evt-other')).legalHold).toBeUndefined();
    for (const key of ['person/email:ana@acme.test', 'person/acme-hr:number:10042', `person/user/${guid(1)}`]) {
      expect(recordKept(key)).toBe(true);
    }
    expect(recordKept('person/email:other1@acme.test')).toBe(false);
  });

  it('leaves the history and the time of the last change as they were', async () => {
    const before = await entryOf('evt-1');

    await hold();

    expect(await entryOf('evt-1')).toMatchObject({ history: before.history, updatedAt: before.updatedAt });
  });

  it('reaches the events that name the person by one key alone, and the rescission', async () => {
    deployment.desk.now += 86_400_000;
    const receivedAt = '2026-11-25T12:00:00.000Z';
    await deployment.work(anArrival(aRescission({ employee: { employeeNumber: '10042' } }), { eventId: 'evt-2', receivedAt }));

    await hold();

    expect((await entryOf('evt-2')).legalHold?.reason).toBe('case 4711');
  });

  it.each([
    { what: 'a termination', event: aTermination({ employee: { employeeNumber: '10042', ssoUsername: 'ana' } }) },
    { what: 'a rescission', event: aRescission({ employee: { employeeNumber: '10042', ssoUsername: 'ana' } }) },
    {
      what: 'a sign of life',
      event: { type: 'employee.sign_of_life' as const, sign: 'hired' as const, employee: { employeeNumber: '10042', ssoUsername: 'ana' } },
    },
  ])('keeps $what that comes later too, with the keys that it adds', async ({ event }) => {
    await hold();
    deployment.desk.now += 86_400_000;

    await deployment.work(anArrival(event, { eventId: 'evt-3', receivedAt: '2026-11-25T12:00:00.000Z' }));

    expect((await entryOf('evt-3')).legalHold).toEqual(LEGAL_HOLD);
    const record = await deployment.ledger.readRecord('person/acme-hr:sso:ana', personRecord);
    expect(record !== undefined && isKept(record.value)).toBe(true);
  });

  it('does not reach an event of another person who has the same address', async () => {
    const bo = aTermination({ employee: { email: 'ana@acme.test', employeeNumber: '777', displayName: 'Bo Berg' } });
    await deployment.work(anArrival(bo, { eventId: 'evt-bo' }));
    const named = aTermination({ employee: { ...ANA, displayName: 'Ana Alba' } });
    await deployment.work(anArrival(named, { eventId: 'evt-ana' }));

    await hold('evt-ana');

    expect((await entryOf('evt-bo')).legalHold).toBeUndefined();
  });

  it('is lifted from all that it reached, and by any event of the person', async () => {
    deployment.desk.now += 86_400_000;
    const later = aTermination({ employee: { employeeNumber: '10042' } });
    await deployment.work(anArrival(later, { eventId: 'evt-2', receivedAt: '2026-11-25T12:00:00.000Z' }));
    await hold('evt-1');

    await lift('evt-2');

    expect((await entryOf('evt-1')).legalHold).toBeUndefined();
    expect((await entryOf('evt-2')).legalHold).toBeUndefined();
    expect(recordKept('person/email:ana@acme.test')).toBe(false);
    expect((await readLegalHolds(deployment)).held).toEqual([]);
  });

  it('is on record with who set and lifted it, and why', async () => {
    await hold();
    await lift();

    expect((await readLegalHolds(deployment)).log).toEqual([
      { source: 'acme-hr', eventId: 'evt-1', ...LEGAL_HOLD, what: 'held' },
      { source: 'acme-hr', eventId: 'evt-1', ...LEGAL_HOLD, reason: 'case closed', what: 'lifted' },
    ]);
    expect((await readLegalHolds(deployment)).held).toEqual([]);
  });

  it('can be set twice', async () => {
    await hold();
    await hold();

    expect((await readLegalHolds(deployment)).held).toHaveLength(1);
  });

  it('does not change what is decided about the leaver', async () => {
    await deployment.work(
      anArrival(aTermination({ employee: { email: 'other2@acme.test' }, effective: { at: '2026-12-01T00:00:00Z' } }), {
        eventId: 'evt-due',
      }),
    );
    await hold('evt-due');
    deployment.desk.now += 8 * 86_400_000;

    await deployment.work({ kind: 'due', source: 'acme-hr', eventId: 'evt-due' });

    expect(await entryOf('evt-due')).toMatchObject({ status: 'deactivated', legalHold: LEGAL_HOLD });
  });
});
