import { expect } from 'expect';
import { bind } from 'jest-each';

// The part of '@jest/globals' that the tests use, on mocha: mocha keeps every module loaded from one mutant to the next, but jest
// would load them all again for each.
const { after, afterEach, before, beforeEach, describe: suite, it: test } = globalThis;

// A mutant that never answers fails its test, and the next one still has a warm process.
const bounded = (title, body) => test(title, body).timeout(5_000);
const group = (title, body) => suite(title, body);

const describe = Object.assign(group, { each: bind(group, false) });
const it = Object.assign(bounded, { each: bind(bounded, false) });

export { after as afterAll, afterEach, before as beforeAll, beforeEach, describe, expect, it };
