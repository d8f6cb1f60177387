import { describe, expect, it } from '@jest/globals';
import { isLater, orderOf, type Recorded, recordedAt } from '../../../lambda/domain/person/recorded-order.ts';

const RECEIVED = '2026-11-24T12:00:00.000Z';
const at = (occurredAt: string | undefined, receivedAt = RECEIVED): Recorded => ({ occurredAt, receivedAt });

describe('an event was recorded', () => {
  it.each([
    { what: 'when it was received, if HR does not say', occurredAt: undefined, is: RECEIVED },
    { what: 'when HR says', occurredAt: '2026-11-24T09:00:00Z', is: '2026-11-24T09:00:00.000Z' },
    { what: 'when HR says, in its zone', occurredAt: '2026-11-24T12:30:00+01:00', is: '2026-11-24T11:30:00.000Z' },
    { what: 'when it was received, if the clock of HR is ahead', occurredAt: '2027-01-01T00:00:00Z', is: RECEIVED },
  ])('$what', ({ occurredAt, is }) => {
    expect(recordedAt(at(occurredAt))).toBe(is);
  });
});

describe('the order of two times of HR', () => {
  it.each<[string, string | undefined, string | undefined, ReturnType<typeof orderOf>]>([
    ['by milliseconds', '2026-11-24T10:00:00.001Z', '2026-11-24T10:00:00.002Z', 'before'],
    ['by a moment more than a second', '2026-11-24T10:00:07Z', '2026-11-24T10:00:08.001Z', 'before'],
    ['by a second, of which one is written without a fraction', '2026-11-24T10:00:07Z', '2026-11-24T10:00:08Z', 'unproven'],
    ['by two seconds', '2026-11-24T10:00:09Z', '2026-11-24T10:00:07Z', 'after'],
    ['by a minute, written in whole minutes', '2026-11-24T10:01:00Z', '2026-11-24T10:00:00Z', 'after'],
    ['that are the same whole minute', '2026-11-24T10:01:00Z', '2026-11-24T10:01:00Z', 'unproven'],
    ['by an hour, of which one is a whole day', '2026-11-24T00:00:00Z', '2026-11-24T01:00:00Z', 'unproven'],
    ['by two minutes, written in whole minutes', '2026-11-24T10:02:00Z', '2026-11-24T10:00:00Z', 'after'],
    ['by fifty seconds, of which one is a whole minute', '2026-11-24T10:00:00Z', '2026-11-24T10:00:50.123Z', 'unproven'],
    ['by half a day, of which one is a whole day', '2026-11-24T00:00:00Z', '2026-11-24T11:30:30Z', 'unproven'],
    ['by a day, written in whole days', '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z', 'before'],
    ['that are the same whole day', '2026-11-24T00:00:00Z', '2026-11-24T00:00:00Z', 'unproven'],
    ['by two days, written in whole days', '2026-11-22T00:00:00Z', '2026-11-24T00:00:00Z', 'before'],
    ['by hours, in two zones', '2026-11-24T12:00:30+02:00', '2026-11-24T09:00:30Z', 'after'],
    ['that are one', '2026-11-24T10:00:00.123Z', '2026-11-24T10:00:00.123Z', 'unproven'],
    ['of which one is missing', undefined, '2026-11-24T10:00:00.123Z', 'unproven'],
    ['of which the other is missing', '2026-11-24T10:00:00.123Z', undefined, 'unproven'],
    ['that are both missing', undefined, undefined, 'unproven'],
    ['of which one is ahead of its own delivery by five minutes', '2026-11-24T12:05:00.000Z', '2026-11-24T10:00:30.5Z', 'after'],
    ['of which one is ahead of its own delivery by more', '2026-11-24T12:05:00.001Z', '2026-11-24T10:00:30.5Z', 'unproven'],
    ['without seconds', '2026-11-24T10:02Z', '2026-11-24T10:00Z', 'after'],
    ['by fifty seconds, of which one is without seconds', '2026-11-24T10:01Z', '2026-11-24T10:00:10.5Z', 'unproven'],
    ['by half an hour, of which one is past midnight', '2026-11-24T00:30:00Z', '2026-11-24T00:00:20.5Z', 'after'],
    ['by more than a minute, of which one is without seconds', '2026-11-24T10:02Z', '2026-11-24T10:00:20.5Z', 'after'],
    ['by milliseconds, of which one begins with 0', '2026-11-24T10:00:00.04Z', '2026-11-24T10:00:00.5Z', 'before'],
    ['by 20 milliseconds', '2026-11-24T10:00:00.04Z', '2026-11-24T10:00:00.02Z', 'after'],
  ])('%s: %s, %s is %s', (_, one, other, order) => {
    expect(orderOf(at(one), at(other))).toBe(order);
  });

  it('is the other way round for the other', () => {
    const [one, other] = [at('2026-11-24T10:00:07.5Z'), at('2026-11-24T10:00:08.5Z')];

    expect([orderOf(one, other), orderOf(other, one)]).toEqual(['before', 'after']);
  });
});

describe('the later word', () => {
  const LATER = '2026-11-24T12:00:01.000Z';

  it.each<{ what: string; one: Recorded; other: Recorded; later: boolean | undefined }>([
    {
      what: 'as HR’s times prove, against the order of receipt',
      one: at('2026-11-24T10:00:30Z'),
      other: at('2026-11-24T09:00:30Z', LATER),
      later: true,
    },
    { what: 'in the order of receipt, without times', one: at(undefined), other: at(undefined, LATER), later: false },
    { what: 'in the order of receipt, with one time', one: at(undefined, LATER), other: at('2026-11-24T11:00:30Z'), later: true },
    {
      what: 'in the order of receipt, a second apart by times of whole seconds',
      one: at('2026-11-24T10:00:07Z', LATER),
      other: at('2026-11-24T10:00:08Z'),
      later: true,
    },
    ...[
      { what: 'in whole minutes', one: '2026-11-24T10:00:00Z', other: '2026-11-24T10:00:00Z' },
      { what: 'in whole days', one: '2026-11-24T00:00:00Z', other: '2026-11-24T00:00:00Z' },
      { what: 'in milliseconds', one: '2026-11-24T10:00:00.123Z', other: '2026-11-24T10:00:00.123Z' },
      { what: 'in a whole minute and in milliseconds', one: '2026-11-24T10:00:00Z', other: '2026-11-24T10:00:59.999Z' },
    ].map(({ what, one, other }) => ({
      what: `nobody knows, at one time ${what}, whichever was received first`,
      one: at(one, LATER),
      other: at(other),
      later: undefined,
    })),
    {
      what: 'in the order of receipt, more than an hour apart, at one time',
      one: at('2026-11-24T10:00:00Z', '2026-11-24T13:00:00.001Z'),
      other: at('2026-11-24T10:00:00Z'),
      later: true,
    },
    {
      what: 'nobody knows, at one time and an hour apart',
      one: at('2026-11-24T10:00:00Z', '2026-11-24T13:00:00.000Z'),
      other: at('2026-11-24T10:00:00Z'),
      later: undefined,
    },
    { what: 'nobody knows, in one delivery without times', one: at(undefined), other: at(undefined), later: undefined },
  ])('is the first of the two, $what: $later', ({ one, other, later }) => {
    expect(isLater(one, other)).toBe(later);
  });
});
