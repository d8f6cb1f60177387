import { openAccess } from '../../lambda/domain/console-access/open-access.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { countsOf } from '../events/console-story.ts';
import type { Period } from '../events/filter.ts';
import { openFindings } from '../events/findings.ts';
import { isLeaver, isTest } from './leaver-row.ts';
import { type LeaverStore, openLeaverStore } from './leaver-store.ts';
import { numbersOf, type ReportFrame, type ReportNumbers } from './numbers.ts';
import { onTimeCount } from './on-time.ts';

/** A report whose leavers are on disk until its store is closed. */
export interface Report {
  frame: ReportFrame;
  numbers: ReportNumbers;
  store: LeaverStore;
}

const STEP = 500;

/**
 * Reads a period, gives its report to `use`, and deletes what was on disk.
 *
 * @param openEnd whether the period ends now: then the report says so, and not when the period would end
 * @param target in milliseconds
 * @param onStep gets how many events are read
 */
export async function withReport<T>(
  deployment: Deployment,
  { period, openEnd, target, onStep }: { period: Period; openEnd: boolean; target: number; onStep: (read: number) => void },
  use: (report: Report) => T | Promise<T>,
): Promise<T> {
  const now = deployment.clock();
  const store = openLeaverStore({ target, now });
  const onTime = onTimeCount(target);
  try {
    const tests = await collect({ store, onTime }, { deployment, period, onStep });
    const by = await deployment.operator();
    const generatedAt = toInstant(now);
    const shown = { ...period, ...(openEnd && { until: generatedAt }) };
    const inConsole = countsOf(await openAccess(deployment.ledger));
    const findings = (await openFindings(deployment)).length;
    const frame = { deployment: deployment.name, ...shown, generatedAt, target, by, tests, inConsole, findings };
    return await use({ frame, numbers: numbersOf(store, { target, onTime: onTime.figure() }), store });
  } finally {
    store.close();
  }
}

/** @returns how many test events were left out */
async function collect(
  { store, onTime }: { store: LeaverStore; onTime: ReturnType<typeof onTimeCount> },
  { deployment, period, onStep }: { deployment: Deployment; period: Period; onStep: (read: number) => void },
): Promise<number> {
  let read = 0;
  let tests = 0;
  for await (const entry of deployment.ledger.alsoExpired(period)) {
    if (isTest(entry)) tests += 1;
    else if (isLeaver(entry)) store.add(entry);
    onTime.add(entry);
    read += 1;
    if (read % STEP === 0) onStep(read);
  }
  store.finish();
  return tests;
}
