import { describe, expect, it } from '@jest/globals';
import { TransientFailure } from '../../../lambda/domain/failures.ts';
import { guid } from '../../support/builders.ts';
import {
  changes,
  down,
  fails,
  forbidden,
  hrSays,
  is,
  isMade,
  itHappens,
  leaves,
  NO_ID,
  paused,
  released,
  replayed,
  resumed,
  type Step,
  stays,
  told,
  works,
} from './life.ts';

const EMAIL = { email: 'ana@acme.test' };
const NUMBER = { employeeNumber: '10042' };
const NAMED = { ...EMAIL, givenName: 'Ana', familyName: 'Silva' };
const ANA = { emailAddr: 'ana@acme.test', firstName: 'Ana', lastName: 'Silva', extRefID: '10042' };
const on = (date: string) => ({ effective: { date, timeZone: 'UTC' } });
const slow = () => new TransientFailure('throttled', 'Workfront has too much to do; it is tried again');

/** The write has its effect, and its answer is lost; what else happens in that moment. */
const answerIsLost =
  (...meanwhile: Step[]): Step =>
  (life) => {
    const { directory } = life.desk;
    directory.deactivate = async (userId) => {
      Reflect.deleteProperty(directory, 'deactivate');
      await directory.deactivate(userId);
      for (const step of meanwhile) await step(life);
      throw down();
    };
  };

describe('an account is no person', () => {
  itHappens([
    {
      what: '1.4: a rescission of the new owner of an address leaves the held termination of the old one to a person',
      users: [{ ...ANA, extRefID: '12', isAdmin: true }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('old', { employee: { ...NAMED, employeeNumber: '12' } }), is('old', 'held administrator')],
        ['2026-12-20T12:00:00Z', stays('new', { employee: { ...EMAIL, employeeNumber: '77' }, occurredAt: '2026-12-20T11:00:30Z' })],
        ['2026-12-21T12:00:00Z', released('old')],
      ],
      ends: { old: 'held perhaps-rescinded', new: 'rescinded' },
      gone: [],
    },
    {
      what: '1.4: and of a new owner whose name differs it says nothing',
      users: [{ ...ANA, isAdmin: true }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('old', { employee: NAMED }), is('old', 'held administrator')],
        ['2026-12-20T12:00:00Z', stays('new', { employee: { ...EMAIL, givenName: 'Zoe', familyName: 'Ziegler' } }), released('old')],
      ],
      ends: { old: 'deactivated', new: 'rescinded' },
      gone: [1],
    },
    {
      what: '1.10: a rescission is known when the termination comes out of quarantine and dead letters, a month later',
      rules: { rememberDays: 35 },
      steps: [
        ['2026-11-24T12:00:00Z', stays('r', { occurredAt: '2026-11-24T11:00:30Z' })],
        ['2026-12-28T12:00:00Z', leaves('t', { occurredAt: '2026-11-23T11:00:30Z' })],
      ],
      ends: { t: 'cancelled rescinded' },
      gone: [],
    },
    {
      what: '1.11: a name that agrees is enough, however late the first look is',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', fails('find', down), leaves('t', { employee: NAMED })],
        ['2026-11-28T12:00:00Z', fails('find', undefined)],
        ['2026-11-28T13:00:00Z'],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: '1.12: an address that was taken away after the write, and has a twin by now, is for a person',
      users: [ANA],
      steps: [
        [
          '2026-11-24T12:00:00Z',
          answerIsLost(changes(1, { emailAddr: 'ana@company.inactive' }), isMade(2, { ...ANA, madeAt: '2020-01-01T00:00:00.000Z' })),
          leaves('t', { employee: NAMED }),
        ],
      ],
      ends: { t: 'held ambiguous' },
      gone: [1],
    },
  ]);
});

describe('order', () => {
  itHappens([
    {
      what: '1.5: Workfront is down for days; a rescission by another key is heard before the termination acts',
      users: [ANA],
      steps: [
        ['2026-11-27T12:00:00Z', fails('find', down), leaves('t', { ...on('2026-11-27'), employee: NUMBER })],
        ['2026-11-29T12:00:00Z', stays('r', { employee: EMAIL }), is('r', 'rescinded')],
        ['2026-11-30T08:00:00Z', fails('find', undefined)],
        ['2026-12-01T12:00:00Z'],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: '1.5: Workfront answers a rescission with too many requests; it is looked up an hour later, by a new address',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2027-02-22'), employee: EMAIL })],
        ['2026-12-24T12:00:00Z', changes(1, { emailAddr: 'ana.costa@acme.test' }), fails('find', slow)],
        ['2026-12-24T12:01:00Z', stays('r', { employee: { email: 'ana.costa@acme.test' } }), is('t', 'scheduled')],
        ['2026-12-24T12:30:00Z', fails('find', undefined)],
        ['2026-12-24T14:00:00Z', is('t', 'cancelled rescinded')],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: '1.6: a rescission whose answer was lost comes again after the next termination',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', on('2027-02-22'), NO_ID)],
        ['2026-11-25T12:00:00Z', stays('r1', {}, NO_ID)],
        ['2026-11-26T12:00:00Z', leaves('t2', {}, NO_ID)],
        ['2026-11-28T12:00:00Z', stays('r2', {}, NO_ID)],
      ],
      ends: { t1: 'cancelled rescinded', t2: 'held perhaps-rescinded', r2: 'rescinded' },
      gone: [],
    },
    {
      what: '1.7: a time on one of the two proves no order',
      steps: [
        ['2026-11-24T12:00:05Z', leaves('t', on('2026-12-24'))],
        ['2026-11-24T12:10:00Z', stays('r', { occurredAt: '2026-11-24T12:00:00Z' })],
        ['2026-12-26T12:00:00Z'],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: '1.7: a tie of whole minutes, received after the rescission',
      steps: [
        ['2026-11-24T12:00:05Z', stays('r', { occurredAt: '2026-11-24T12:00:00Z' })],
        ['2026-11-24T12:00:25Z', leaves('t', { occurredAt: '2026-11-24T12:00:00Z' })],
      ],
      ends: { t: 'held perhaps-rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: '1.7: a tie of whole days, received before the rescission',
      steps: [
        ['2026-11-24T09:00:00Z', leaves('t', { ...on('2026-12-24'), occurredAt: '2026-11-24T00:00:00Z' })],
        ['2026-11-24T12:00:00Z', stays('r', { occurredAt: '2026-11-24T00:00:00Z' })],
        ['2026-12-26T12:00:00Z'],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: '1.13: a contractor becomes an employee: the hire holds the end of the contract',
      users: [{ ...ANA, extRefID: 'C17' }],
      steps: [
        ['2026-11-20T12:00:00Z', leaves('c', { ...on('2026-11-30'), employee: { ...EMAIL, employeeNumber: 'C17' } })],
        [
          '2026-11-25T12:00:00Z',
          works('e', { startsOn: '2026-12-01', employee: { ...EMAIL, employeeNumber: 'E42' } }, { source: 'core-hr' }),
        ],
        ['2026-12-02T12:00:00Z'],
      ],
      ends: { c: 'held perhaps-stays', e: 'noted' },
      gone: [],
    },
    {
      what: '1.15: an identity provider deactivates for a lost device, while HR has a later day',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('hr', { ...on('2027-03-31'), employee: NAMED })],
        ['2026-12-10T12:00:00Z', leaves('okta', { employee: EMAIL }, { source: 'okta' })],
      ],
      ends: { hr: 'scheduled', okta: 'held earlier-than-hr' },
      gone: [],
    },
    {
      what: '1.15: unless the stage allows it',
      users: [ANA],
      rules: { sources: { okta: { mayEndEarlier: true } } },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('hr', { ...on('2027-03-31'), employee: NAMED })],
        ['2026-12-10T12:00:00Z', leaves('okta', { employee: EMAIL }, { source: 'okta' })],
      ],
      ends: { hr: 'scheduled', okta: 'deactivated' },
      gone: [1],
    },
    {
      what: '1.16: HR is asked who a thin event means when it is recorded, and cancels nothing by that',
      users: [ANA],
      lookUps: ['acme-hr'],
      steps: [
        ['2026-11-24T12:00:00Z', hrSays('7', { standing: 'employed' }), leaves('t', { ...on('2026-12-24'), employee: { sourceId: '7' } })],
        ['2026-12-20T12:00:00Z', is('t', 'scheduled'), hrSays('7', { standing: 'left' }), changes(1, { emailAddr: 'new@acme.test' })],
        ['2026-12-26T12:00:00Z'],
      ],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: '1.17: a colleague with the shared mailbox and another name replaces nothing, whoever is due first',
      users: [{ ...ANA, emailAddr: 'desk@acme.test' }],
      steps: [
        [
          '2026-11-24T12:00:00Z',
          leaves('b', { ...on('2026-11-30'), employee: { email: 'desk@acme.test', givenName: 'Bo', familyName: 'Berg' } }),
        ],
        ['2026-11-25T12:00:00Z', leaves('a', { ...on('2026-12-15'), employee: { ...NAMED, email: 'desk@acme.test' } })],
        ['2026-12-16T12:00:00Z'],
      ],
      ends: { b: 'held identity-mismatch', a: 'deactivated' },
      gone: [1],
    },
  ]);
});

describe('what a person orders', () => {
  itHappens([
    {
      what: '2.2: the same rescission, sent again by the other source under another id, holds again',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', on('2026-11-30')), stays('r1', {}, { source: 'okta' })],
        ['2026-12-01T12:00:00Z', is('t', 'held perhaps-rescinded'), fails('find', down), released('t')],
        ['2026-12-01T13:00:00Z', stays('r2', {}, { source: 'okta' }), fails('find', undefined)],
        ['2026-12-01T14:00:00Z'],
      ],
      ends: { t: 'held perhaps-rescinded' },
      gone: [],
    },
    {
      what: '2.3: an account deleted and made again is one hold and one release',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2026-12-24'), employee: NAMED })],
        [
          '2026-12-10T12:00:00Z',
          ({ desk }) => desk.directory.users.delete(guid(1)),
          isMade(2, { ...ANA, lastLoginAt: '2026-12-30T12:00:00Z' }),
        ],
        ['2026-12-26T12:00:00Z', is('t', 'held identity-changed'), released('t')],
      ],
      ends: { t: 'deactivated' },
      gone: [2],
    },
    {
      what: '2.9: --user wins over a sighting and not over a rescission',
      users: [ANA, { ...ANA, extRefID: '7' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { employee: EMAIL }), is('t', 'held ambiguous')],
        ['2026-11-24T13:00:00Z', stays('r', {}, { source: 'okta' }), released('t', 2)],
      ],
      ends: { t: 'held perhaps-rescinded' },
      gone: [],
    },
    {
      what: '5: a person approves before the date, and the user loses access on time',
      users: [ANA],
      rules: { approval: true },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2026-11-30'), employee: EMAIL }), is('t', 'held approval'), released('t')],
        ['2026-11-30T23:59:00Z', is('t', 'scheduled')],
        ['2026-12-01T00:01:00Z'],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: '5: an approval is of the user who was shown',
      users: [ANA, { emailAddr: 'bo@acme.test' }],
      rules: { approval: true },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2026-11-30'), employee: EMAIL }), released('t')],
        ['2026-11-28T12:00:00Z', changes(1, { emailAddr: 'x@acme.test', isActive: false }), changes(2, { emailAddr: 'ana@acme.test' })],
        ['2026-12-01T12:00:00Z', is('t', 'held identity-changed')],
      ],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: '5: an order to act at once waits for its approval too',
      users: [ANA],
      rules: { sources: { 'acme-hr': { approval: true } } },
      steps: [['2026-11-24T12:00:00Z', leaves('t'), is('t', 'held approval'), released('t')]],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: '5: what nobody approved is withdrawn by HR as ever',
      users: [ANA],
      rules: { approval: true },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2026-11-30'), employee: EMAIL })],
        ['2026-12-05T12:00:00Z', is('t', 'held approval'), stays('r')],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: '6.1: a user who is closed by hand while the stage is paused is not said to be deactivated by us',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', paused, leaves('t')],
        ['2026-11-24T13:00:00Z', changes(1, { isActive: false }), resumed],
        ['2026-11-24T14:00:00Z'],
      ],
      ends: { t: 'already-inactive' },
      gone: [],
    },
    {
      what: 'A6: a failure, a month, and a replay: who was found at first is still who is meant',
      users: [ANA, { emailAddr: 'bo@acme.test' }],
      steps: [
        ['2026-11-24T12:00:00Z', fails('deactivate', forbidden), leaves('t', { employee: EMAIL }), is('t', 'failed forbidden')],
        [
          '2026-12-24T12:00:00Z',
          fails('deactivate', undefined),
          changes(1, { emailAddr: 'x@acme.test' }),
          changes(2, { emailAddr: 'ana@acme.test' }),
        ],
        ['2026-12-24T12:01:00Z', replayed('t')],
      ],
      ends: { t: 'held identity-changed' },
      gone: [],
    },
    {
      what: 'A10: a rescission that names the termination of another source by its id cancels nothing there',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', on('2026-11-30'))],
        ['2026-11-25T12:00:00Z', stays('r', { rescinds: 't', employee: { employeeNumber: '9' } }, { source: 'payroll' })],
        ['2026-12-02T12:00:00Z'],
      ],
      ends: { t: 'deactivated', r: 'rescinded found-nothing' },
      gone: [1],
    },
  ]);
});

describe('a legal hold', () => {
  const held: Step = ({ desk }) => {
    const hold = { by: 'ops-person', at: '2026-11-24T12:00:00.000Z', reason: 'a lawsuit' };
    const key = 'person/email:ana@acme.test';
    const record = desk.ledger.records.get(key);
    const value = { generation: 0, words: [], events: [], open: [], ...record?.value, legalHold: hold };
    desk.ledger.records.set(key, { value, version: (record?.version ?? 0) + 1, kept: true });
  };

  it('goes over to what is recorded of the person from then on, and keeps the record when all is finished', async () => {
    const { life } = await told({
      what: '',
      rules: { rememberDays: 35 },
      steps: [['2026-11-24T12:00:00Z', held, leaves('t')], ['2027-11-24T12:00:00Z']],
      ends: {},
      gone: [],
    });

    expect(life.desk.ledger.records.get('person/email:ana@acme.test')).toMatchObject({
      kept: true,
      value: { legalHold: { by: 'ops-person' } },
    });
  });

  it('is written into the entry', async () => {
    const { life } = await told({
      what: '',
      steps: [['2026-11-24T12:00:00Z', held, leaves('t', on('2026-12-24'))], ['2026-12-26T12:00:00Z']],
      ends: {},
      gone: [],
    });

    expect(life.entry('t')).toMatchObject({ status: 'deactivated', legalHold: { by: 'ops-person', reason: 'a lawsuit' } });
  });

  it('is written into the entry also if one of two keys alone is known to have it', async () => {
    const employee = { email: 'ana@acme.test', employeeNumber: '10042' };
    const { life } = await told({ what: '', steps: [['2026-11-24T12:00:00Z', held, leaves('t', { employee })]], ends: {}, gone: [] });

    expect(life.entry('t')).toMatchObject({ status: 'deactivated', legalHold: { by: 'ops-person', reason: 'a lawsuit' } });
  });
});
