import { expect, it } from '@jest/globals';
import { play } from './run/play.ts';
import { compareTwins } from './run/twins.ts';
import { makeScenario } from './stories/make-scenario.ts';

const HISTORIES = 2000;
const TWINS = 500;
const SEED = 20_261_124;

it(`${HISTORIES} histories show no fault (more: npm run test:histories)`, async () => {
  const broken: string[] = [];

  for (let number = 0; number < HISTORIES && broken.length === 0; number++) {
    const scenario = makeScenario(SEED, number);
    const { violations } = await play(scenario);
    for (const { rule, detail } of violations) broken.push(`${rule}: ${detail} (--seed ${SEED} --only ${number})`);
  }

  expect(broken).toEqual([]);
}, 120_000);

it(`${TWINS} histories end as their twins do`, async () => {
  const differences: string[] = [];

  for (let number = 0; number < TWINS; number++) {
    const scenario = makeScenario(SEED, number);
    for (const { detail } of await compareTwins(scenario, await play(scenario))) differences.push(`${number}: ${detail}`);
  }

  expect(differences).toEqual([]);
}, 120_000);

it('the same seed and number are the same history, step by step', async () => {
  const lines = async (number: number) => {
    const shown: string[] = [];
    await play(makeScenario(SEED, number), { trace: (line) => shown.push(line) });
    return shown;
  };

  expect(await lines(7)).toEqual(await lines(7));
});
