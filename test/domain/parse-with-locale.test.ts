import { expect, it } from '@jest/globals';
import { z as classic } from 'zod';
import * as z from 'zod/mini';
import { parse } from '../../lambda/domain/parse.ts';

it.each([
  ['a choice', z.enum(['one', 'two']), 'three', 'expected "one" or "two", got a string of 5 characters'],
  ['a kind', z.number(), 'three', 'expected a number, got a string of 5 characters'],
  ['a pattern of ours', z.string().check(z.regex(/^1$/, 'a one')), 'three', 'expected a one, got a string of 5 characters'],
  ['a pattern of nobody', z.string().check(z.regex(/^1$/)), 'three', 'expected another value, got a string of 5 characters'],
])('says the same of %s, whether or not zod has a locale', (_, schema, input, message) => {
  classic.config(classic.locales.en());

  expect(() => parse(schema, input, 'it')).toThrow(message);
});
