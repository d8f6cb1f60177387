import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { parse, parseJson, readJson } from '../../lambda/domain/parse.ts';
import { refusalOf } from '../support/refusal.ts';

const pet = z.strictObject({
  name: z.string().check(z.minLength(2), z.maxLength(4)),
  age: z.optional(z.number().check(z.gte(0), z.lte(30))),
  kind: z.optional(z.enum(['cat', 'dog'])),
  toys: z.optional(z.array(z.string()).check(z.maxLength(2))),
  home: z.optional(z.union([z.object({ street: z.string() }), z.object({ box: z.object({ number: z.number() }) })])),
  legs: z.optional(z.array(z.string()).check(z.minLength(1, '1 to 4 legs'), z.maxLength(4, '1 to 4 legs'))),
  chip: z.optional(z.union([z.number(), z.object({ id: z.string() })], 'the number of a chip, or its id')),
});

describe('parse', () => {
  it('returns what the schema makes of the input', () => {
    expect(parse(z._default(z.string(), 'nobody'), undefined, 'name')).toBe('nobody');
  });

  it.each([
    { what: 'nothing', input: undefined, says: 'the whole: expected an object, got nothing' },
    { what: 'a missing value', input: {}, says: 'name: expected a string, got nothing' },
    { what: 'null', input: { name: null }, says: 'name: expected a string, got null' },
    { what: 'a list', input: { name: ['secret'] }, says: 'name: expected a string, got a list of 1' },
    { what: 'an object', input: { name: { secret: 1 } }, says: 'name: expected a string, got an object' },
    { what: 'an empty string', input: { name: '' }, says: 'name: expected at least 2 characters, got an empty string' },
    { what: 'a long string', input: { name: 'secret' }, says: 'name: expected at most 4 characters, got a string of 6 characters' },
    { what: 'a small number', input: { name: 'Tom', age: -1 }, says: 'age: expected at least 0, got a number' },
    { what: 'a big number', input: { name: 'Tom', age: 31 }, says: 'age: expected at most 30, got a number' },
    { what: 'a long list', input: { name: 'Tom', toys: ['a', 'b', 'c'] }, says: 'toys: expected at most 2, got a list of 3' },
    { what: 'an item of a list', input: { name: 'Tom', toys: ['a', 7] }, says: 'toys.1: expected a string, got a number' },
    {
      what: 'none of the choices',
      input: { name: 'Tom', kind: 'secret' },
      says: 'kind: expected "cat" or "dog", got a string of 6 characters',
    },
    { what: 'a key too many', input: { name: 'Tom', fur: 'secret' }, says: 'the whole: expected no key "fur", got an object' },
    {
      what: 'two keys too many',
      input: { name: 'Tom', fur: 'secret', tail: 1 },
      says: 'the whole: expected no key "fur", "tail", got an object',
    },
    {
      what: 'the branch of a union that got furthest',
      input: { name: 'Tom', home: { box: { number: 'secret' } } },
      says: 'home.box.number: expected a number, got a string of 6 characters',
    },
    { what: 'a list that has words of its own', input: { name: 'Tom', legs: [] }, says: 'legs: expected 1 to 4 legs, got a list of 0' },
    {
      what: 'a union that has words of its own',
      input: { name: 'Tom', chip: { id: {} } },
      says: 'chip: expected the number of a chip, or its id, got an object',
    },
  ])('says in one line what is wrong with $what', ({ input, says }) => {
    expect(refusalOf(() => parse(pet, input, 'pet'))).toBe(`pet: ${says}`);
  });

  it.each([
    {
      what: 'the first branch, where it got furthest',
      input: { box: { number: 'secret' } },
      says: 'box.number: expected a number, got a string of 6 characters',
    },
    { what: 'the first branch, where none got further', input: true, says: 'the whole: expected a string, got a boolean' },
  ])('says of a union what is wrong with $what', ({ input, says }) => {
    const home = z.union([z.string(), z.object({ box: z.object({ number: z.number() }) }), z.object({ street: z.string() })]);

    expect(refusalOf(() => parse(home, input, 'home'))).toBe(`home: ${says}`);
  });

  it('says of a record what its keys should have been, and not what they are', () => {
    const byColour = z.record(z.string().check(z.regex(/^#/, 'a colour')), z.number());

    expect(refusalOf(() => parse(byColour, { secret: 1 }, 'cats'))).toBe(
      'cats: the whole: expected each key to be a colour, got one that is not',
    );
    expect(refusalOf(() => parse(z.object({ at: z.object({ home: byColour }) }), { at: { home: { secret: 1 } } }, 'pets'))).toBe(
      'pets: at.home: expected each key to be a colour, got one that is not',
    );
  });

  it.each([{}, { home: null }, { home: 'secret' }])('says of a place that is not there that nothing came: %j', (input) => {
    const missed = z.refine(() => false, { error: 'a street', path: ['home', 'street'] });
    const housed = z.looseObject({}).check(missed);

    expect(refusalOf(() => parse(housed, input, 'pet'))).toBe('pet: home.street: expected a street, got nothing');
  });

  it('names no value, whatever comes', () => {
    const anything = fc.anything({
      values: [fc.constant('Zyxwvut'), fc.integer(), fc.constant(null)],
      key: fc.constantFrom('name', 'age', 'kind', 'toys', 'home', 'box'),
    });

    fc.assert(
      fc.property(anything, (input) => {
        expect(refusalOf(() => parse(pet, input, 'pet'))).not.toMatch(/Zyxwvut|[\r\n]/);
      }),
    );
  });
});

describe('JSON text', () => {
  it('is read and then parsed', () => {
    expect(parseJson(pet, '{"name":"Tom"}', 'pet')).toEqual({ name: 'Tom' });
  });

  it.each([
    { what: 'no JSON', text: '{"name":"secret"', says: 'pet: expected JSON, got text of 16 characters that is not' },
    { what: 'empty', text: '', says: 'pet: expected JSON, got text of 0 characters that is not' },
    { what: 'HTML', text: '<html>secret</html>', says: 'pet: expected JSON, got text of 19 characters that is not' },
    { what: 'JSON of another shape', text: '{"name":7}', says: 'pet: name: expected a string, got a number' },
  ])('that is $what is refused without quoting it', ({ text, says }) => {
    expect(refusalOf(() => parseJson(pet, text, 'pet'))).toBe(says);
  });

  it('gives an own property where it names a prototype', () => {
    const read = readJson('{"__proto__":{"admin":true}}', 'pet');

    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });
});
