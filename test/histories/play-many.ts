import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { makeScenario } from './make-scenario.ts';
import { play } from './play.ts';

/** What one thread is told to play: every `stride`th history from `first` on. */
export const share = z.object({ seed: z.number(), first: z.number(), stride: z.number(), runs: z.number() });

/** What it tells: how far it is, and each violation. */
export const news = z.object({
  played: z.number(),
  steps: z.number(),
  violations: z.array(z.object({ number: z.number(), invariant: z.string(), detail: z.string() })),
  done: z.boolean(),
});

const TELL_EVERY_MILLIS = 2000;
const ENOUGH_VIOLATIONS = 20;

if (parentPort !== null) {
  const { seed, first, stride, runs } = share.parse(workerData);
  const told: z.infer<typeof news> = { played: 0, steps: 0, violations: [], done: false };
  let toldAt = Date.now();
  for (let number = first; number < runs && told.violations.length < ENOUGH_VIOLATIONS; number += stride) {
    const { violation, steps } = await play(makeScenario(seed, number));
    told.played += 1;
    told.steps += steps;
    if (violation !== undefined) told.violations.push({ number, ...violation });
    if (Date.now() - toldAt > TELL_EVERY_MILLIS) {
      toldAt = Date.now();
      parentPort.postMessage(told);
    }
  }
  parentPort.postMessage({ ...told, done: true });
}
