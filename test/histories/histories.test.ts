import { expect, it } from '@jest/globals';
import { makeScenario } from './make-scenario.ts';
import { play } from './play.ts';

const HISTORIES = 2000;
const SEED = 20_261_124;

it(`${HISTORIES} random histories keep every promise (more: npm run test:histories)`, async () => {
  const broken: string[] = [];

  for (let number = 0; number < HISTORIES && broken.length === 0; number++) {
    const { violation } = await play(makeScenario(SEED, number));
    if (violation !== undefined) broken.push(`${violation.invariant}: ${violation.detail} (--seed ${SEED} --only ${number})`);
  }

  expect(broken).toEqual([]);
}, 120_000);

it('the same seed and number are the same history, step by step', async () => {
  const lines = async (number: number) => {
    const said: string[] = [];
    await play(makeScenario(SEED, number), { trace: (line) => said.push(line) });
    return said;
  };

  expect(await lines(7)).toEqual(await lines(7));
});
