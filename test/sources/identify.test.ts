import { expect, it } from '@jest/globals';
import { InvalidInput } from '../../lambda/domain/failures.ts';
import { NOW } from '../../lambda/sources/dates.ts';
import { termination } from '../../lambda/sources/hr.ts';
import { identify } from '../../lambda/sources/identify.ts';
import { readItems } from '../../lambda/sources/read-items.ts';
import { sampleOf, understand } from '../support/understanding.ts';

const ORIGIN = { source: 'hr', signedId: undefined };
const left = (id: string, employeeNumber: string, where?: string) =>
  termination({ employeeNumber }, { id, where, effective: NOW, settings: {} });
const NO_ID_OF_ITS_OWN = 'expected an id of its own, got the id of an event with other content; give each event its own id';

it.each([
  ['where the second one is', [left('t-1', '1', 'event 0'), left('t-1', '2', 'event 1')], `event 1: ${NO_ID_OF_ITS_OWN}`],
  ['nothing of the place if there is none', [left('t-1', '1'), left('t-1', '2')], `event: ${NO_ID_OF_ITS_OWN}`],
])('two events with one id and different content are refused, and the sender hears %s', (_, events, says) => {
  expect(() => identify(events, ORIGIN)).toThrow(new InvalidInput(says));
});

it('of two events with one id and different content neither is taken, and the others are', async () => {
  const one = (id: string, number: string) => sampleOf('workday').replace('f3a1b2c4d5e60001', id).replace('10042', number);
  const { events, leftOut } = await understand('workday', `[${one('t-1', '1')},${one('t-2', '2')},${one('t-1', '3')}]`);

  expect(events.map(({ eventId, event }) => [eventId, event.employee.employeeNumber])).toEqual([['t-2', '2']]);
  expect(leftOut).toEqual([`event 2: ${NO_ID_OF_ITS_OWN}`]);
});

it('a fault of ours is not taken for a malformed item, which would let a leaver vanish', () => {
  const read = (item: string) => {
    if (item === 'bad') throw new TypeError('ours');
    return [left(item, '1')];
  };

  expect(() => readItems(['t-1', 'bad'], read, ORIGIN)).toThrow(new TypeError('ours'));
});
