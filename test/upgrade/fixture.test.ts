import { expect, it } from '@jest/globals';
import { fixtureFiles } from './fixture.ts';

it('the fixture names no folder of the machine that made it', () => {
  const named = Object.entries(fixtureFiles()).flatMap(([name, text]) => (/file:\/\/\/?\/\w+\/[^"]*\.ts/.test(text) ? [name] : []));

  expect(Object.keys(fixtureFiles()).length).toBeGreaterThan(8);
  expect(named).toEqual([]);
});
