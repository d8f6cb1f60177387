import { describe } from '@jest/globals';
import { guid } from '../../support/builders.ts';
import { changes, down, fails, forbidden, is, itHappens, leaves, NO_ID, paused, released, resumed, stays, works } from './life.ts';

const EMAIL = { email: 'ana@acme.test' };
const NUMBER = { employeeNumber: '10042' };
const on = (date: string) => ({ effective: { date, timeZone: 'UTC' } });
const ANA = { emailAddr: 'ana@acme.test', extRefID: '10042' };

describe('1: a word that names the person by another key', () => {
  itHappens([
    {
      what: 'a rescission by the address, of a termination by the number',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2027-02-22'), employee: NUMBER, occurredAt: '2026-11-24T11:00:00Z' })],
        ['2027-01-03T12:00:00Z', stays('r', { employee: EMAIL, occurredAt: '2027-01-03T11:00:00Z' })],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rescission by the number, of a termination by the address, while Workfront is down',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', fails('find', down), leaves('t', { ...on('2026-11-27'), employee: EMAIL })],
        ['2026-11-26T12:00:00Z', stays('r', { employee: NUMBER }), fails('find', undefined)],
        ['2026-12-01T12:00:00Z'],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rescission by the number, of a termination by the address that is due, heard only once Workfront is well',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', fails('find', down), leaves('t', { employee: EMAIL })],
        ['2026-11-24T18:00:00Z', stays('r', { employee: NUMBER }), fails('find', undefined)],
        ['2026-12-01T12:00:00Z'],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rescission by an address that has changed in HR and in Workfront',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2027-02-22'), employee: EMAIL })],
        ['2026-12-10T12:00:00Z', changes(1, { emailAddr: 'ana.costa@acme.test' })],
        ['2027-01-03T12:00:00Z', stays('r', { employee: { email: 'ana.costa@acme.test' } })],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rescission whose number has lost its leading zero',
      users: [{ ...ANA, extRefID: '0042' }],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2027-02-22'), employee: { employeeNumber: '0042' } })],
        ['2027-01-03T12:00:00Z', stays('r', { employee: { employeeNumber: '42' } })],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'held perhaps-rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rescission by a source that was renamed in between',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2027-02-22'), employee: EMAIL }, { source: 'old-hr' })],
        ['2027-01-03T12:00:00Z', stays('r', { employee: EMAIL }, { source: 'new-hr' })],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'held perhaps-rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rescission by the SSO name alone, of a termination by the address that has no schedule before it',
      users: [{ ...ANA, ssoUsername: 'asilva' }],
      steps: [
        ['2026-11-24T12:00:00Z', stays('r', { employee: { ssoUsername: 'asilva' }, occurredAt: '2026-11-24T11:30:00Z' })],
        ['2026-11-24T12:10:00Z', leaves('t', { employee: EMAIL, occurredAt: '2026-11-24T11:00:30Z' })],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a later date by the address, of a termination by the number',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { ...on('2026-11-30'), employee: NUMBER })],
        ['2026-11-25T12:00:00Z', leaves('t2', { ...on('2027-01-31'), employee: EMAIL })],
        ['2026-12-10T12:00:00Z', is('t1', 'cancelled superseded')],
        ['2027-02-10T12:00:00Z'],
      ],
      ends: { t1: 'cancelled superseded', t2: 'deactivated' },
      gone: [1],
    },
    {
      what: 'an older termination by the number, after an order by the address found the account closed',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { ...on('2027-03-31'), employee: NUMBER })],
        ['2026-12-10T12:00:00Z', changes(1, { isActive: false }), leaves('t2', { employee: EMAIL })],
        ['2026-12-11T12:00:00Z'],
      ],
      ends: { t1: 'cancelled superseded', t2: 'already-inactive' },
      gone: [],
    },
    {
      what: 'an older termination by the number, after an earlier date by the address was done and the account opened again',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { ...on('2027-03-31'), employee: NUMBER })],
        ['2026-12-10T12:00:00Z', leaves('t2', { ...on('2027-01-31'), employee: EMAIL })],
        ['2027-03-01T12:00:00Z', is('t2', 'deactivated'), changes(1, { isActive: true })],
        ['2027-04-10T12:00:00Z'],
      ],
      ends: { t1: 'cancelled superseded', t2: 'deactivated' },
      gone: [1],
    },
  ]);
});

describe('2: a word that comes when the memory of the stage is over', () => {
  const rules = { rememberDays: 35 };
  itHappens([
    {
      what: 'a rescission on day 40 of three months of notice',
      rules,
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', on('2027-02-22'))],
        ['2027-01-03T12:00:00Z', stays('r'), is('t', 'cancelled rescinded')],
        ['2027-03-01T12:00:00Z'],
      ],
      ends: { t: 'forgotten' },
      gone: [],
    },
    {
      what: 'a rescission that came on day 2, and is forgotten before a delivery of that time is read',
      rules,
      steps: [
        ['2026-11-24T12:00:00Z', stays('r', { occurredAt: '2026-11-24T11:00:30Z' })],
        ['2026-12-25T12:00:00Z', leaves('t', { occurredAt: '2026-11-24T10:00:30Z' })],
      ],
      ends: { t: 'cancelled rescinded' },
      gone: [],
    },
    {
      what: 'a rescission after 40 days of a held termination',
      rules: { ...rules, protected: [guid(1)] },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t'), is('t', 'held protected')],
        ['2027-01-03T12:00:00Z', stays('r')],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rescission after 40 days of a failed termination, by another key, before the replay',
      users: [ANA],
      rules,
      steps: [
        ['2026-11-24T12:00:00Z', fails('deactivate', forbidden), leaves('t', { employee: EMAIL }), is('t', 'failed forbidden')],
        ['2027-01-03T12:00:00Z', stays('r', { employee: NUMBER }), fails('deactivate', undefined)],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'a rescission of day 10 that is itself forgotten before a long notice ends',
      rules,
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t', { ...on('2027-06-30'), employee: NUMBER })],
        ['2026-12-04T12:00:00Z', stays('r', { employee: { ...EMAIL, familyName: 'Silva' } }, { source: 'payroll' })],
        ['2027-07-10T12:00:00Z'],
      ],
      users: [ANA],
      ends: { t: 'held perhaps-rescinded' },
      gone: [],
    },
    {
      what: 'a rescission on day 60 while a pause of two months keeps the termination waiting',
      rules,
      steps: [
        ['2026-11-24T12:00:00Z', paused, leaves('t')],
        ['2027-01-23T12:00:00Z', stays('r')],
        ['2027-01-24T12:00:00Z', resumed],
        ['2027-01-25T12:00:00Z'],
      ],
      ends: { t: 'cancelled rescinded', r: 'rescinded' },
      gone: [],
    },
  ]);
});

describe('3: equal words, said twice', () => {
  itHappens([
    {
      what: 'the second rescission without id and time voids nothing that it may only repeat, and nothing acts',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', on('2027-02-22'), NO_ID)],
        ['2026-11-25T12:00:00Z', stays('r1', {}, NO_ID)],
        ['2026-11-26T12:00:00Z', leaves('t2', on('2027-03-22'), NO_ID)],
        ['2026-11-27T12:00:00Z', stays('r2', {}, NO_ID)],
        ['2027-04-10T12:00:00Z'],
      ],
      ends: { t1: 'cancelled rescinded', r1: 'rescinded', t2: 'held perhaps-rescinded', r2: 'rescinded' },
      gone: [],
    },
    {
      what: 'the second rescission, a year after the first, of a termination at once that waits',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', on('2027-02-22'), NO_ID)],
        ['2026-11-25T12:00:00Z', stays('r1', {}, NO_ID)],
        ['2027-11-01T12:00:00Z', paused, leaves('t2', { effective: { date: '2027-11-02', timeZone: 'UTC' } }, NO_ID)],
        ['2027-11-05T12:00:00Z', stays('r2', {}, NO_ID), resumed],
        ['2027-11-06T12:00:00Z'],
      ],
      ends: { t2: 'held perhaps-rescinded' },
      gone: [],
    },
    {
      what: 'terminated again in equal words after it was done, withdrawn and opened again',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', {}, NO_ID)],
        ['2026-11-25T12:00:00Z', stays('r', {}, NO_ID), changes(1, { isActive: true })],
        ['2026-11-27T12:00:00Z', leaves('t2', {}, NO_ID)],
      ],
      ends: { t1: 'deactivated', r: 'held rescinded-after-deactivation', t2: 'held perhaps-rescinded' },
      gone: [1],
    },
    {
      what: 'terminated again in equal words with a later time of HR, after it was done and withdrawn',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { occurredAt: '2026-11-24T11:00:30Z' }, { id: 'term-1' })],
        ['2026-11-25T12:00:00Z', stays('r', { occurredAt: '2026-11-25T11:00:30Z' }), changes(1, { isActive: true })],
        ['2026-11-27T12:00:00Z', leaves('t2', { occurredAt: '2026-11-27T11:00:30Z' }, { id: 'term-1' })],
      ],
      ends: { t1: 'deactivated', r: 'held rescinded-after-deactivation', t2: 'held repeated' },
      gone: [1],
    },
    {
      what: 'one leaving that is delivered again and again within a week',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', {}, NO_ID)],
        ['2026-11-25T12:00:00Z', changes(1, { isActive: true }), leaves('t2', {}, NO_ID)],
        ['2026-11-30T12:00:00Z', leaves('t3', {}, NO_ID)],
      ],
      ends: { t1: 'deactivated', t2: 'deactivated', t3: 'deactivated' },
      gone: [1],
    },
    {
      what: 'one leaving that is delivered again after an identity provider’s word that the account is in use',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', {}, NO_ID)],
        ['2026-11-25T12:00:00Z', works('u', { sign: 'activated' }, { source: 'okta' }), leaves('t2', {}, NO_ID)],
      ],
      ends: { t1: 'deactivated', t2: 'deactivated', u: 'noted' },
      gone: [1],
    },
    {
      what: 'one leaving that a person released from an older rescission, delivered again',
      steps: [
        ['2026-11-24T12:00:00Z', stays('r', {}, { source: 'okta' })],
        ['2026-11-25T12:00:00Z', leaves('t1', {}, NO_ID), is('t1', 'held perhaps-rescinded'), released('t1')],
        ['2026-11-26T12:00:00Z', leaves('t2', {}, NO_ID)],
      ],
      ends: { t1: 'deactivated', t2: 'deactivated' },
      gone: [1],
    },
    {
      what: 'one leaving that is delivered again, after a person heard of the rescission that came with it',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', {}, NO_ID), stays('r'), is('r', 'held rescinded-after-deactivation')],
        ['2026-11-25T12:00:00Z', leaves('t2', {}, NO_ID)],
      ],
      ends: { t1: 'deactivated', t2: 'deactivated' },
      gone: [1],
    },
    {
      what: 'terminated again in equal words after a rescission that only the account leads to',
      users: [ANA],
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { employee: EMAIL }, NO_ID), changes(1, { emailAddr: 'ana.costa@acme.test' })],
        ['2026-11-25T12:00:00Z', stays('r', { employee: NUMBER }), changes(1, { isActive: true })],
        ['2026-11-26T12:00:00Z', leaves('t2', { employee: EMAIL }, NO_ID)],
      ],
      ends: { t1: 'deactivated', r: 'held rescinded-after-deactivation', t2: 'held identity-changed' },
      gone: [1],
    },
    {
      what: 'the second rescission holds a leaver again, after a person’s release from the first',
      steps: [
        ['2026-11-24T12:00:00Z', stays('r1', {}, NO_ID)],
        ['2026-11-25T12:00:00Z', leaves('t'), is('t', 'held perhaps-rescinded')],
        ['2026-11-26T12:00:00Z', stays('r2', {}, NO_ID), released('t')],
      ],
      ends: { t: 'held perhaps-rescinded' },
      gone: [],
    },
    {
      what: 'one rescission with an id that is delivered again holds nobody again',
      steps: [
        ['2026-11-24T12:00:00Z', stays('r1', {}, { id: 'resc-1' })],
        ['2026-11-25T12:00:00Z', leaves('t'), is('t', 'held perhaps-rescinded')],
        ['2026-11-26T12:00:00Z', stays('r2', {}, { id: 'resc-1' }), released('t')],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'one rescission with a time that is delivered again holds nobody again',
      steps: [
        ['2026-11-24T12:00:00Z', stays('r1', { occurredAt: '2026-11-24T11:00:30Z' }, NO_ID)],
        ['2026-11-25T12:00:00Z', leaves('t'), is('t', 'held perhaps-rescinded')],
        ['2026-11-26T12:00:00Z', stays('r2', { occurredAt: '2026-11-24T11:00:30Z' }, NO_ID), released('t')],
      ],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'the second rescission with a later time cancels what came in between, whatever else HR withdrew',
      steps: [
        ['2026-11-24T12:00:00Z', stays('r1', { occurredAt: '2026-11-24T11:00:30Z' }, { id: 'resc-1' })],
        ['2026-11-24T13:00:00Z', stays('r0')],
        ['2026-11-25T12:00:00Z', leaves('t', on('2026-12-24'))],
        ['2026-11-26T12:00:00Z', stays('r2', { occurredAt: '2026-11-26T11:00:30Z' }, { id: 'resc-1' })],
      ],
      ends: { t: 'cancelled rescinded', r2: 'rescinded' },
      gone: [],
    },
    {
      what: 'one rescission that waits for a person is delivered again after another one',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t')],
        ['2026-11-25T12:00:00Z', stays('r1', {}, NO_ID), is('r1', 'held rescinded-after-deactivation')],
        ['2026-11-26T12:00:00Z', stays('r0')],
        ['2026-11-27T12:00:00Z', stays('r2', {}, NO_ID)],
      ],
      ends: { t: 'deactivated', r2: 'held rescinded-after-deactivation' },
      gone: [1],
    },
  ]);
});

describe('7: two companies with equal employee numbers', () => {
  const rules = { sources: { 'gusto-us': {}, 'gusto-de': {} } };
  const HANS = { emailAddr: 'hans@acme.test', firstName: 'Hans', lastName: 'Maier', extRefID: '10042' };
  const us = { source: 'gusto-us' };
  itHappens([
    {
      what: 'a thin event with a number alone',
      users: [HANS],
      rules,
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: NUMBER }, us)]],
      ends: { t: 'held number-alone' },
      gone: [],
    },
    {
      what: 'an event with a name that differs',
      users: [HANS],
      rules,
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: { ...NUMBER, givenName: 'Bob', familyName: 'Jones' } }, us)]],
      ends: { t: 'held identity-mismatch' },
      gone: [],
    },
    {
      what: 'an event whose name agrees',
      users: [HANS],
      rules,
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: { ...NUMBER, familyName: 'MAIER' } }, us)]],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'a stage that says that the numbers are one register',
      users: [HANS],
      rules: { ...rules, sharedNumbers: true },
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: NUMBER }, us)]],
      ends: { t: 'deactivated' },
      gone: [1],
    },
    {
      what: 'a rescission of one says nothing of the other',
      users: [HANS],
      rules: { ...rules, sharedNumbers: true },
      steps: [
        [
          '2026-11-24T12:00:00Z',
          leaves('t', { ...on('2026-11-30'), employee: { ...NUMBER, familyName: 'Maier' } }, { source: 'gusto-de' }),
        ],
        ['2026-11-25T12:00:00Z', stays('r', { employee: { ...NUMBER, familyName: 'Jones' } }, us)],
        ['2026-12-02T12:00:00Z'],
      ],
      ends: { t: 'held perhaps-rescinded', r: 'rescinded' },
      gone: [],
    },
    {
      what: 'another source alone that sends no numbers',
      users: [HANS],
      rules: { sources: { 'gusto-us': {}, okta: { sendsNumbers: false } } },
      steps: [['2026-11-24T12:00:00Z', leaves('t', { employee: NUMBER }, us)]],
      ends: { t: 'deactivated' },
      gone: [1],
    },
  ]);
});

describe('13: an id used again, and a delivery that contradicts itself', () => {
  itHappens([
    {
      what: 'the same id with a later time of HR, half a year later',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { occurredAt: '2026-11-24T11:00:30Z' }, { id: 'term-1' })],
        ['2027-05-01T12:00:00Z', changes(1, { isActive: true })],
        ['2027-06-10T12:00:00Z', leaves('t2', { occurredAt: '2027-06-10T11:00:30Z' }, { id: 'term-1' })],
      ],
      ends: { t1: 'deactivated', t2: 'deactivated' },
      gone: [1, 1],
    },
    {
      what: 'the same id with a later time of HR, when the first is forgotten',
      rules: { rememberDays: 60 },
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { occurredAt: '2026-11-24T11:00:30Z' }, { id: 'term-1' })],
        ['2027-05-01T12:00:00Z', is('t1', 'forgotten'), changes(1, { isActive: true })],
        ['2027-06-10T12:00:00Z', leaves('t2', { occurredAt: '2027-06-10T11:00:30Z' }, { id: 'term-1' })],
      ],
      ends: { t2: 'deactivated' },
      gone: [1, 1],
    },
    {
      what: 'the same id and date with a later time of HR, after another date in between: the first date is the last word',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { ...on('2027-03-31'), occurredAt: '2026-11-24T11:00:30Z' }, { id: 'term-1' })],
        ['2026-11-25T12:00:00Z', leaves('t2', { ...on('2027-01-31'), occurredAt: '2026-11-25T11:00:30Z' }, { id: 'term-1' })],
        ['2026-11-26T12:00:00Z', leaves('t3', { ...on('2027-03-31'), occurredAt: '2026-11-26T11:00:30Z' }, { id: 'term-1' })],
        ['2027-02-10T12:00:00Z'],
      ],
      ends: { t2: 'cancelled superseded', t3: 'scheduled' },
      gone: [],
    },
    {
      what: 'the same id and time, delivered again',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', { occurredAt: '2026-11-24T11:00:30Z' }, { id: 'term-1' })],
        ['2027-05-01T12:00:00Z', changes(1, { isActive: true })],
        ['2027-06-10T12:00:00Z', leaves('t2', { occurredAt: '2026-11-24T11:00:30Z' }, { id: 'term-1' })],
      ],
      ends: { t1: 'deactivated', t2: 'deactivated' },
      gone: [1],
    },
    {
      what: 'two dates in one delivery, without times',
      steps: [
        ['2026-11-24T12:00:00Z', leaves('t1', on('2026-11-25'), NO_ID), leaves('t2', on('2027-03-31'), NO_ID)],
        ['2026-11-28T12:00:00Z', is('t1', 'held contradicting-delivery')],
        ['2027-04-10T12:00:00Z'],
      ],
      ends: { t1: 'held contradicting-delivery', t2: 'held contradicting-delivery' },
      gone: [],
    },
    {
      what: 'a rescission and a termination in one delivery, without times',
      steps: [['2026-11-24T12:00:00Z', stays('r', {}, NO_ID), leaves('t', {}, NO_ID)]],
      ends: { r: 'rescinded', t: 'held perhaps-rescinded' },
      gone: [],
    },
    {
      what: 'a termination and a rescission in one delivery, without times',
      steps: [['2026-11-24T12:00:00Z', leaves('t', on('2026-11-25'), NO_ID), stays('r', {}, NO_ID)], ['2026-11-30T12:00:00Z']],
      ends: { r: 'rescinded', t: 'held perhaps-rescinded' },
      gone: [],
    },
  ]);
});
