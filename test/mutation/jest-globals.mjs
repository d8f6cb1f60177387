import { relative } from 'node:path';
import { expect } from 'expect';
import { bind } from 'jest-each';
import mocha from 'mocha';

// The part of '@jest/globals' that the tests use, on mocha: mocha keeps every module loaded from one mutant to the next, but jest
// would load them all again for each.

let ofThisFile;
let open;

// Mocha runs what is outside of every group for the tests of all files. Jest does not: here each file is a group of its own. Mocha
// gives globalThis another `describe` for each file that it loads.
const place = () => {
  if (globalThis.describe !== ofThisFile) {
    ofThisFile = globalThis.describe;
    open = ofThisFile('', () => {});
    open.title = relative('.', open.file);
  }
  return open;
};

const group = (title, body) => {
  const outer = place();
  open = mocha.Suite.create(outer, title);
  open.file = outer.file;
  body();
  open = outer;
};

// A mutant that never answers fails its test, and the next one still has a warm process.
const bounded = (title, body) => {
  const test = new mocha.Test(title, body);
  test.file = place().file;
  open.addTest(test);
  test.timeout(15_000);
};

// A module that tests share is loaded once, and its hooks are for all of them.
const isShared = () => !new Error().stack.split('\n')[3].includes('.test.ts');
const hook = (name) => (body) => (isShared() ? place().parent : place())[name](body);

export const describe = Object.assign(group, { each: bind(group, false) });
export const it = Object.assign(bounded, { each: bind(bounded, false) });
export const [beforeAll, beforeEach, afterEach, afterAll] = ['beforeAll', 'beforeEach', 'afterEach', 'afterAll'].map(hook);
export { expect };

// Stryker names the tests of a mutant by one expression with a branch for each: to try them all takes mocha a second for each mutant.
const { grep } = mocha.prototype;
mocha.prototype.grep = function (tests) {
  const titles = new Set(tests.source.slice(2, -2).split('$)|(^').map(unescaped));
  return grep.call(this, { test: (title) => titles.has(title) });
};
const unescaped = (source) => source.replaceAll(/\\(.)/g, (_, letter) => (letter === 'n' ? '\n' : letter));
