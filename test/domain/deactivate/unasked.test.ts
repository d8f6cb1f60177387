import { describe, expect, it } from '@jest/globals';
import type { HrRecord } from '../../../lambda/domain/ports.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { aDesk } from '../../support/in-memory-desk.ts';
import { moveTo, seenBy, work } from '../../support/working.ts';

const REF = { source: 'acme-hr', eventId: 'evt-1' };
const WHO = { sourceId: '7', email: 'ana@acme.test' };
const LEFT: HrRecord = { employee: WHO, standing: 'left', lastDay: { date: '2026-12-20' }, startedOn: undefined };
const ANA = { id: guid(1), emailAddr: 'ana@acme.test' };
const desk = (lookUps: string[] = []) => aDesk({ users: aDirectory(ANA), lookUps, rules: { defaultTimeZone: 'UTC' } });
const doubtful = (date: string, doubt: 'withdrawable' | 'one-employment') =>
  anArrival(aTermination({ employee: WHO, effective: { date }, doubt }));

describe('a termination that HR can withdraw without a word, due in a month', () => {
  it('is held on that day if HR cannot be asked, and done if a person says so', async () => {
    const one = desk();
    await work(doubtful('2026-12-20', 'withdrawable'), one);
    expect(one.ledger.entries.get('acme-hr/evt-1')).toMatchObject({ status: 'scheduled', sighted: { users: [{ userId: guid(1) }] } });

    await moveTo(one, '2026-12-21T00:00:00Z');
    expect(one.ledger.entries.get('acme-hr/evt-1')).toMatchObject({ status: 'held', reason: 'unasked', workfrontUserId: guid(1) });
    expect(one.directory.writes).toEqual([]);

    await work({ kind: 'release', guard: 'unasked', ...(await seenBy(one, REF)) }, one);
    expect(one.directory.writes).toEqual([{ userId: guid(1), changed: true }]);
  });

  it('is done on that day if HR, asked, still has it', async () => {
    const one = desk(['acme-hr']);
    one.hr.says.set('7', LEFT);
    await work(doubtful('2026-12-20', 'withdrawable'), one);

    await moveTo(one, '2026-12-21T00:00:00Z');
    expect(one.ledger.entries.get('acme-hr/evt-1')).toMatchObject({ status: 'deactivated', workfrontUserId: guid(1) });
  });

  it('is not done if HR, asked, has it no more', async () => {
    const one = desk(['acme-hr']);
    one.hr.says.set('7', { ...LEFT, standing: 'employed', lastDay: undefined });
    await work(doubtful('2026-12-20', 'withdrawable'), one);

    await moveTo(one, '2026-12-21T00:00:00Z');
    expect(one.ledger.entries.get('acme-hr/evt-1')).toMatchObject({ status: 'held', reason: 'hr-contradicts' });
    expect(one.directory.writes).toEqual([]);
  });
});

it('one that HR can withdraw, and that is due at once, is done at once', async () => {
  const one = desk();
  await work(doubtful('2026-11-22', 'withdrawable'), one);

  expect(one.ledger.entries.get('acme-hr/evt-1')?.status).toBe('deactivated');
});

it('the end of one employment is held although it is due at once', async () => {
  const one = desk();
  await work(doubtful('2026-11-22', 'one-employment'), one);

  expect(one.ledger.entries.get('acme-hr/evt-1')).toMatchObject({ status: 'held', reason: 'unasked' });
  expect(one.directory.writes).toEqual([]);
});
