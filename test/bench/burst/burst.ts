import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { LeaverMessage } from '../../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { startGateway } from '../../../local/lambda/gateway.ts';
import type { FakeWorkfront } from '../../../local/workfront/fake-workfront.ts';
import { aTermination, signedHeaders } from '../setup/events.ts';
import { type Places, placesOf } from '../setup/places.ts';
import { plainAddresses, SOURCE, startStandIns } from '../setup/stand-ins.ts';
import { startWorker } from '../setup/worker.ts';

export const CALL_MS = 250;
/** The calls in flight that Workfront allows a customer, and that the stage gives to the product. */
export const CAP = 10;
/** The highest limit in lambda/domain/policy.ts. */
export const PER_HOUR = 500;
const IN_ONE_DELIVERY = 100;
/** The multiple of the shortest possible time after which the run counts as hung. */
const PATIENCE = 10;

export interface Phase {
  name: string;
  /** The events that rest at the end of it. */
  events: number;
  /** The calls that the events need; a repeated call makes more. */
  neededCalls: number;
  calls: number;
  answered429: number;
  /** From the first call to the answer to the last. */
  seconds: number;
  /** The shortest time for the needed calls at the cap. */
  leastSeconds: number;
}

export interface BurstResult {
  terminations: number;
  phases: Phase[];
  /** Leavers who are still active at the end. */
  lost: number;
  /** Writes beyond one for each leaver. */
  double: number;
  /** The distance of a leaver from their place in the order of arrival, as a share of all: of 95 in 100, and of the furthest. */
  displaced: { p95: number; most: number };
}

/**
 * Sends a lay-off at once, and lets the deployed bundles work on it with a Workfront that has a cap. First the brake lets some
 * through, while the others are looked up and held; then a person releases the others.
 */
export async function measureBurst({
  bundles,
  terminations,
}: {
  bundles: { receiver: string; worker: string };
  terminations: number;
}): Promise<BurstResult> {
  const policy = { brake: { perHour: PER_HOUR, shareOfActivePerDay: 1 } };
  const standIns = await startStandIns({ users: Math.ceil(terminations * 1.7) + 100, policy });
  const { workfront } = standIns;
  const addresses = plainAddresses(workfront, terminations);
  const places = placesOf(standIns);
  const environment = { ...standIns.environment, ...QUIET, CALLS_IN_FLIGHT: '1' };
  const work = { workfront, places, start: () => Array.from({ length: CAP }, () => startWorker(bundles.worker, environment)) };

  try {
    await deliver(addresses, { bundle: bundles.receiver, environment });
    Object.assign(workfront.behaviour, { latencyMs: CALL_MS, concurrencyCap: CAP });
    const unbraked = Math.min(terminations, PER_HOUR);
    const phases = [await workOff('as they come', { events: terminations, neededCalls: terminations + unbraked }, work)];

    // In the order in which `ops release` sends them.
    const held = (await places.entries())
      .filter(({ hold }) => hold?.guard === 'brake')
      .sort((one, other) => one.receivedAt.localeCompare(other.receivedAt));
    await inTurns(held, (some) => places.queue.sendAll(some.map(release)));
    if (held.length > 0) phases.push(await workOff('after release', { events: held.length, neededCalls: 2 * held.length }, work));

    return { terminations, phases, ...judge(addresses, workfront) };
  } finally {
    await standIns.close();
  }
}

const QUIET = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };

/** Sends terminations through the gateway and the receiver, as HR does. */
async function deliver(
  addresses: readonly string[],
  { bundle, environment }: { bundle: string; environment: Record<string, string> },
): Promise<void> {
  Object.assign(process.env, environment);
  const { handler }: typeof import('../../../lambda/receiver.ts') = createRequire(import.meta.url)(bundle);
  const gateway = await startGateway({ port: 0, handler });
  try {
    await inTurns(addresses, async (some) => {
      const body = `[${some.map(aTermination).join(',')}]`;
      const answer = await fetch(`${gateway.url}/webhooks/${SOURCE}`, { method: 'POST', body, headers: signedHeaders(body) });
      if (answer.status !== 202) throw new Error(`a delivery got ${answer.status} instead of 202: ${await answer.text()}`);
    });
  } finally {
    await gateway.close();
  }
}

async function inTurns<Item>(items: readonly Item[], act: (some: Item[]) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += IN_ONE_DELIVERY) await act(items.slice(from, from + IN_ONE_DELIVERY));
}

const release = ({ source, eventId, version, hold }: LedgerEntry): LeaverMessage => ({
  kind: 'release',
  source,
  eventId,
  entryVersion: version,
  guard: hold?.guard ?? '',
  by: 'bench',
});

async function workOff(
  name: string,
  { events, neededCalls }: Pick<Phase, 'events' | 'neededCalls'>,
  { workfront, places, start }: { workfront: FakeWorkfront; places: Places; start: () => ChildProcess[] },
): Promise<Phase> {
  const { calls } = workfront;
  const before = { total: calls.total, answered429: calls.answered429 };
  const leastSeconds = (neededCalls * CALL_MS) / 1000 / CAP;
  const processes = start();
  try {
    await places.untilQueueIsEmpty(60 + PATIENCE * leastSeconds);
  } finally {
    for (const worker of processes) worker.kill('SIGTERM');
    await Promise.all(processes.map((worker) => worker.exitCode ?? once(worker, 'exit')));
  }
  const own = calls.entries.slice(before.total);
  const seconds = ((own.at(-1)?.at ?? 0) + CALL_MS - (own[0]?.at ?? 0)) / 1000;
  return { name, events, neededCalls, calls: own.length, answered429: calls.answered429 - before.answered429, seconds, leastSeconds };
}

function judge(addresses: readonly string[], { directory, calls }: FakeWorkfront): Pick<BurstResult, 'lost' | 'double' | 'displaced'> {
  const idOf = new Map(directory.all().map(({ ID, emailAddr }) => [emailAddr, ID]));
  const ids = addresses.map((address) => idOf.get(address));
  const written = calls.entries.filter(({ kind, changed }) => kind === 'write' && changed).map(({ userId }) => userId);
  const place = new Map(written.map((id, index) => [id, index]));
  const moved = ids.map((id, index) => Math.abs((place.get(id) ?? index) - index) / ids.length).toSorted((one, other) => one - other);
  return {
    lost: ids.filter((id) => directory.byId(id ?? '')?.isActive !== false).length,
    double: calls.byKind.write - addresses.length,
    displaced: { p95: moved[Math.floor(moved.length * 0.95)] ?? 0, most: moved.at(-1) ?? 0 },
  };
}
