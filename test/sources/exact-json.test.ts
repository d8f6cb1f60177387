import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { InvalidInput } from '../../lambda/domain/failures.ts';
import { readExactJson } from '../../lambda/sources/exact-json.ts';
import { aSource, type Paged, sampleOf, understand } from '../support/understanding.ts';

it.each<[string, unknown]>([
  ['{"id":3332883894235038137}', { id: '3332883894235038137' }],
  ['[9007199254740993]', ['9007199254740993']],
  ['[9007199254740992]', ['9007199254740992']],
  ['{"id":\n-12345678901234567890123456789012345678901}', { id: '-12345678901234567890123456789012345678901' }],
  ['3332883894235038137', '3332883894235038137'],
  ['{"id":3332883894235038137.0}', { id: '3332883894235038137' }],
  ['{"id":1.00000000000000000}', { id: 1 }],
  ['{"id":1.50000000000000000}', { id: 1.5 }],
  ['{"id":12345678901234567.25}', { id: '12345678901234567.25' }],
  ['{"id":12345678901234567.50}', { id: '12345678901234567.5' }],
  ['{"id":1234567890.1234567891}', { id: '1234567890.1234567891' }],
  ['{"id":9007199254740991}', { id: 9007199254740991 }],
  ['{"id":18446744073709551600,"at":1795510800000}', { id: '18446744073709551600', at: 1795510800000 }],
  ['{"at":1795510800000,"id":10042}', { at: 1795510800000, id: 10042 }],
  ['{"text":"id: 3332883894235038137"}', { text: 'id: 3332883894235038137' }],
  ['{"id":3332883894235038137e2}', { id: Number('3332883894235038137e2') }],
])('%s is read with all digits', (text, value) => {
  expect(readExactJson(text, 'delivery')).toEqual(value);
});

it('reads everything but long numbers as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!/(^|[:,[])-?\d{16,}(?=[,\]}]|$)/.test(text));
      expect(readExactJson(text, 'delivery')).toEqual(JSON.parse(text));
      expect(readExactJson(`[${text},3332883894235038137]`, 'delivery')).toEqual([JSON.parse(text), '3332883894235038137']);
    }),
  );
});

it('refuses what is not JSON, and what is nested too deeply, as our senders expect it', () => {
  for (const text of ['{"id":3332883894235038137', `${'['.repeat(100_000)} 3332883894235038137${']'.repeat(100_000)}`])
    expect(() => readExactJson(text, 'delivery')).toThrow(
      new InvalidInput(`delivery: expected JSON, got text of ${text.length} characters that is not, or is nested too deeply`),
    );
});

/** Deliveries whose ids are the last number below 2^53, or beyond it, and the ids. */
const BIG: [Paged, string, object, string][] = [
  ['workday', sampleOf('workday').replace('"10042"', '3332883894235038137'), {}, '3332883894235038137'],
  ['bamboohr', sampleOf('bamboohr').replace('"67890"', '9007199254740991'), {}, '9007199254740991'],
  ['bamboohr', sampleOf('bamboohr').replace('"67890"', '9007199254740993'), {}, '9007199254740993'],
  ['bamboohr', sampleOf('bamboohr').replace('"10042"', '18446744073709551615'), {}, '18446744073709551615'],
  ['bamboohr', sampleOf('bamboohr', 1).replace('"67890"', '9223372036854775807'), {}, '9223372036854775807'],
  ['hibob', sampleOf('hibob').replace('"3332883894235038137"', '3332883894235038137'), {}, '3332883894235038137'],
  ['personio', sampleOf('personio').replace('"8842"', '99999999999999999'), {}, '99999999999999999'],
  ['merge', sampleOf('merge').replace('"10042"', '9007199254740995'), {}, '9007199254740995'],
  ['deel', sampleOf('deel').replace('"38n9k2x"', '12345678901234567891'), {}, '12345678901234567891'],
  ['finch', sampleOf('finch').replace('"e8b90071-0c11-471c-86e8-e303ef2f6782"', '9007199254740997'), {}, '9007199254740997'],
  ['ukg-pro', sampleOf('ukg-pro').replace('459469162', '45946916212345678901'), {}, '45946916212345678901'],
  ['rippling', '{"event_name":"employee.terminated","id":9007199254740999}', {}, '9007199254740999'],
];

it.each(BIG)('%s keeps every digit of a big number in an id', async (system, text, settings, digits) => {
  expect(JSON.stringify(await understand(system, text, settings))).toContain(`"${digits}"`);
});

it('two events whose ids differ in the last digit alone are two', async () => {
  const text = sampleOf('workday').replace('"f3a1b2c4d5e60001"', '9007199254740993').replace('"10042"', '9007199254740993');
  const { events } = await understand('workday', `[${text},${text.replaceAll('9007199254740993', '9007199254740992')}]`);

  expect(events.map(({ eventId, event }) => [eventId, event.employee.employeeNumber])).toEqual([
    ['9007199254740993', '9007199254740993'],
    ['9007199254740992', '9007199254740992'],
  ]);
});

it.each<[Paged, string]>([
  ['workday', sampleOf('workday').replace('"10042"', '3.3e18')],
  ['bamboohr', sampleOf('bamboohr').replace('"10042"', '1e300')],
  ['merge', sampleOf('merge').replace('"10042"', '1e400')],
  ['personio', sampleOf('personio').replace('"8842"', '1e17')],
])('%s refuses a number whose digits are not known', async (system, text) => {
  const source = aSource(system);

  await expect((async () => source.understand(await source.read(text), undefined))()).rejects.toThrow(InvalidInput);
});
