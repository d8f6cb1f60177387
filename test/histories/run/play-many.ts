import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { makeScenario } from '../stories/make-scenario.ts';
import { addCounts, countsOf, NO_COUNTS } from './counts.ts';
import { play } from './play.ts';
import { compareTwins } from './twins.ts';

/** What one thread is told to play: every `stride`th history from `first` on, up to `most` violations. */
export const share = z.object({
  seed: z.number(),
  first: z.number(),
  stride: z.number(),
  runs: z.number(),
  most: z.number(),
  twins: z.boolean(),
});

const counts = z.object({
  played: z.number(),
  steps: z.number(),
  writes: z.number(),
  unknowable: z.number(),
  leavers: z.number(),
  holds: z.record(z.string(), z.number()),
});

export type Counts = z.infer<typeof counts>;

/** What it tells: how far it is, and each violation. */
export const news = z.object({
  counts,
  violations: z.array(z.object({ number: z.number(), rule: z.string(), detail: z.string(), stories: z.array(z.string()) })),
  done: z.boolean(),
});

const TELL_EVERY_MILLIS = 2000;

if (parentPort !== null) {
  // Nobody reads the stacks of failures here, and each costs as much as a step.
  Error.stackTraceLimit = 0;
  const { seed, first, stride, runs, most, twins } = share.parse(workerData);
  const report: z.infer<typeof news> = { counts: NO_COUNTS, violations: [], done: false };
  let reportedAt = Date.now();
  for (let number = first; number < runs && report.violations.length < most; number += stride) {
    const scenario = makeScenario(seed, number);
    const played = await play(scenario);
    const { violations } = twins ? { violations: await compareTwins(scenario, played) } : played;
    report.counts = addCounts(report.counts, countsOf(played));
    for (const { rule, detail, stories } of violations) report.violations.push({ number, rule, detail, stories: [...stories] });
    if (Date.now() - reportedAt > TELL_EVERY_MILLIS) {
      reportedAt = Date.now();
      parentPort.postMessage(report);
    }
  }
  parentPort.postMessage({ ...report, done: true });
}
