import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shareCallsInFlight } from '../../lib/calls-in-flight.ts';

it.each([
  [2, { workers: 2, callsPerWorker: 1 }],
  [4, { workers: 2, callsPerWorker: 2 }],
  [10, { workers: 2, callsPerWorker: 5 }],
  [12, { workers: 3, callsPerWorker: 4 }],
  [100, { workers: 20, callsPerWorker: 5 }],
])('shares %i calls between workers', (total, shared) => {
  expect(shareCallsInFlight(total)).toEqual(shared);
});

it('never gives more calls than there are in all, no worker without a call, and no fewer workers than Lambda polls with', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1000 }), (total) => {
      const { workers, callsPerWorker } = shareCallsInFlight(total);

      expect(workers * callsPerWorker).toBeLessThanOrEqual(total);
      expect(workers).toBeGreaterThanOrEqual(2);
      expect(callsPerWorker).toBeGreaterThanOrEqual(1);
      expect(callsPerWorker).toBeLessThanOrEqual(10);
    }),
  );
});

it('wastes fewer calls than there are workers', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1000 }), (total) => {
      const { workers, callsPerWorker } = shareCallsInFlight(total);

      expect(total - workers * callsPerWorker).toBeLessThan(workers);
    }),
  );
});
