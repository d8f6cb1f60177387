import { expect, it } from '@jest/globals';
import { fuzz } from './fuzz.ts';

it('accepts no delivery without proof, and fails for no request', async () => {
  const { runs, violations, statuses } = await fuzz({ seed: 6, runs: 1200, seconds: 40, instances: 1 });

  expect(violations).toEqual([]);
  expect(runs).toBe(1200);
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '202', '400', '401', '403', '404', '405', '422', '431', '503']));
});
