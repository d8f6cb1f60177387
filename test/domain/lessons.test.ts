import { describe, expect, it } from '@jest/globals';
import { effectiveTime } from '../../lambda/domain/deactivate/effective-time.ts';
import { instant } from '../../lambda/domain/event/hr-event.ts';
import { CredentialFailure } from '../../lambda/domain/failures.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { policy } from '../../lambda/domain/policy.ts';
import { DAY, HOUR } from '../../lambda/domain/time/time.ts';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../support/builders.ts';
import { aDesk } from '../support/in-memory-desk.ts';
import { statusOf, work } from '../support/working.ts';

const termination = (eventId: string, occurredAt: string, date: string) =>
  anArrival(aTermination({ occurredAt, effective: { at: date } }), { eventId, receivedAt: occurredAt });

describe('a date that means never', () => {
  it.each([{ date: '9999-12-31' }, { date: '0000-01-01' }, { at: '0000-01-01T00:00:00+14:00' }, { at: '9999-12-31T23:59:59-12:00' }])(
    'stays an instant that the ledger can keep: %j',
    (effective) => {
      const { at } = effectiveTime(effective, parse(policy, {}, 'policy'), '2026-11-24T12:00:00.000Z');

      expect(parse(instant, at, 'at')).toBe(at);
    },
  );
});

describe('a rescission', () => {
  it('that names one termination and so ends a later one asks a person', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    await work(termination('t1', '2026-11-24T08:00:00.000Z', '2026-12-15T00:00:00Z'), desk);
    await work(termination('t2', '2026-11-24T09:00:00.000Z', '2026-12-10T00:00:00Z'), desk);

    await work(anArrival(aRescission({ occurredAt: '2026-11-24T10:00:00.000Z', rescinds: 't1' }), { eventId: 'r' }), desk);

    expect([await statusOf(desk, 't1'), await statusOf(desk, 't2'), await statusOf(desk, 'r')]).toEqual(['cancelled', 'cancelled', 'held']);
    expect(desk.ledger.entries.get('acme-hr/r')).toMatchObject({
      reason: 'cancelled-more-than-named',
      hold: { saw: expect.stringContaining('t2') },
    });
  });

  it('after a rehire does not report the deactivation that an earlier one has reported', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    await work(termination('t1', '2026-11-24T08:00:00.000Z', '2026-11-24T09:00:00Z'), desk);
    await work(anArrival(aRescission({ occurredAt: '2026-11-24T10:00:00.000Z' }), { eventId: 'r1' }), desk);
    desk.now += 10 * DAY;
    await work(termination('t2', '2026-12-01T08:00:00.000Z', '2026-12-31T00:00:00Z'), desk);

    await work(
      anArrival(aRescission({ occurredAt: '2026-12-02T08:00:00.000Z' }), { eventId: 'r2', receivedAt: '2026-12-02T08:00:00.000Z' }),
      desk,
    );

    expect([await statusOf(desk, 't1'), await statusOf(desk, 'r1')]).toEqual(['deactivated', 'held']);
    expect([await statusOf(desk, 't2'), await statusOf(desk, 'r2')]).toEqual(['cancelled', 'rescinded']);
  });
});

describe('an event that waits', () => {
  it('for a repaired credential is never failed for it', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }), rules: { waitLimitHours: 1 } });
    const { owner } = desk.directory;
    desk.directory.owner = () => Promise.reject(new CredentialFailure('rejected', 'Workfront refuses the credential; set a new one'));

    for (let tries = 0; tries < 20; tries++) {
      expect(await work(anArrival(aTermination()), desk)).toMatchObject({ kind: 'wait' });
      desk.now += HOUR;
    }
    desk.directory.owner = owner;

    expect(await work(anArrival(aTermination()), desk)).toMatchObject({ kind: 'settled', entry: { status: 'deactivated' } });
  });

  it('says what it waits for, although a dead worker once had it', async () => {
    const desk = aDesk({ users: aDirectory({ id: guid(1) }) });
    const { deactivate } = desk.directory;
    desk.directory.deactivate = () => Promise.reject(new Error('the worker dies here'));
    await expect(work(anArrival(aTermination()), desk, 'worker-1')).rejects.toThrow('dies');
    desk.directory.deactivate = deactivate;
    await desk.ledger.writeRecord('stage/pause', {
      value: { paused: { at: '2026-11-24T12:00:00.000Z', by: 'ops', reason: 'a look' } },
      version: 0,
    });
    desk.now += HOUR;

    expect(await work(anArrival(aTermination()), desk, 'worker-2')).toMatchObject({ kind: 'wait', code: 'paused' });
  });
});

describe('the rules of a stage', () => {
  it.each(['P1DT', 'P99999999999D', 'PT', 'P'])('refuse the offset %s', (offset) => {
    expect(() => parse(policy, { dateMeans: { offset } }, 'policy')).toThrow('an ISO 8601 duration');
  });

  it('name an unknown key on one line, whatever is in it', () => {
    expect(() => parse(policy, { 'a\nb': 1 }, 'policy')).toThrow(/^policy: the whole: expected no key "a\\nb", got an object$/);
  });
});
