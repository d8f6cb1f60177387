import { judge } from '../judge/judge.ts';
import { act, writePause } from '../product/act.ts';
import { fire } from '../product/ledger-port.ts';
import { callOperator } from '../product/operator.ts';
import { goOn, takeMessage } from '../product/worker.ts';
import { DAY, NO_FAULTS, type Scenario, START } from '../world/scenario.ts';
import { createWorld, type Judge, nameOf, SWEEP, say, schedule, send, type Violation, violated, type World } from '../world/world.ts';

/** More steps than any history needs: what takes longer never ends. */
const MOST_STEPS = 300_000;

export interface Played {
  violations: readonly Violation[];
  steps: number;
  world: World;
}

/** The judge sees first; then the operators hear of what is held or failed. */
const judged: Judge = {
  ...judge,
  entryWritten(world, written) {
    judge.entryWritten(world, written);
    const { event, before, after, turn } = written;
    if (turn === undefined || before?.status === after.status) return;
    if (after.status === 'held') world.holds.push({ event, guard: after.hold?.guard ?? '', at: world.now });
    if (after.status === 'held' || after.status === 'failed' || after.status === 'returned') callOperator(world, event);
  },
};

/**
 * Plays one history to its end: the scenario, then quiet, in which all trouble is gone and the clock runs on.
 *
 * @param variant another throw of the dice for who goes on when, with the same scenario
 */
export async function play(
  scenario: Scenario,
  { variant = 0, trace }: { variant?: number; trace?: (line: string) => void } = {},
): Promise<Played> {
  const world = createWorld(scenario, { variant, trace, judge: judged });
  for (const action of scenario.actions) world.timers.push({ at: action.at, run: () => act(world, action) });
  const last = Math.max(
    START,
    scenario.actions.at(-1)?.at ?? START,
    ...scenario.facts.map(({ endsAt }) => (endsAt < 1e15 ? endsAt : START)),
  );
  schedule(world, last + 4 * DAY, () => beginQuiet(world));

  schedule(world, START + DAY, () => sweepSomeNights(world));
  let steps = 0;
  for (; ; steps++) {
    if (steps > MOST_STEPS) {
      violated(world, 'everything-comes-to-rest', { detail: world.queue.map(({ body }) => nameOf(body)).join(', ') });
      break;
    }
    const next = earliest(world);
    if (next === undefined || next.at > world.horizon) break;
    world.now = Math.max(world.now, next.at);
    await next.run();
  }
  world.judge.atRest(world);
  return { violations: world.violations, steps, world };
}

/** Some of the nights in which the stack sweeps: each costs time, and what they find is the same. */
function sweepSomeNights(world: World): void {
  if (world.now > world.quietAt + 8 * DAY && !isConsoleInWork(world)) return;
  if ([...world.accounts.values()].some(({ activity }) => activity.some(({ at }) => at > world.now - 31 * DAY))) send(world, SWEEP);
  schedule(world, world.now + 4 * DAY, () => sweepSomeNights(world));
}

/** The Console is looked at again a day later, by the next sweep. */
const isConsoleInWork = ({ console }: World): boolean => [...(console?.records.values() ?? [])].some(({ isInWork }) => isInWork);

function beginQuiet(world: World): void {
  say(world, 'WORLD', 'QUIET: all trouble is gone');
  world.draining = true;
  world.quietAt = world.now;
  world.faults = NO_FAULTS;
  world.trouble.clear();
  writePause(world, {});
  world.horizon = world.now + 20 * DAY;
}

interface Next {
  at: number;
  run: () => Promise<void> | void;
}

/** What happens next: a worker's call, a worker's end, a message taken, a schedule, or something from outside. */
function earliest(world: World): Next | undefined {
  let best: Next | undefined;
  const consider = (at: number, run: Next['run']) => {
    if (best === undefined || at < best.at || (at === best.at && world.throws.chance(0.5))) best = { at, run };
  };

  const [timer] = world.timers;
  if (timer !== undefined) {
    consider(timer.at, () => {
      world.timers.splice(world.timers.indexOf(timer), 1);
      timer.run();
    });
  }
  for (const [name, { firesAt }] of world.schedules) consider(firesAt, () => fire(world, name));
  let isIdle = false;
  for (const worker of world.workers) {
    if (worker.turn === undefined) isIdle = true;
    else if (worker.pending !== undefined) {
      const { deadline } = worker.turn;
      if (worker.pending.at >= deadline) consider(deadline, () => goOn(worker, 'cutShort'));
      else consider(worker.pending.at, () => goOn(worker, 'go'));
    }
  }
  if (isIdle && world.queue.length > 0) {
    const at = Math.max(world.now, Math.min(...world.queue.map(({ visibleAt }) => visibleAt)));
    consider(at, () => {
      const visible = world.queue.filter(({ visibleAt }) => visibleAt <= world.now);
      const idle = world.workers.filter(({ turn }) => turn === undefined);
      return takeMessage(world, world.throws.pick(idle), world.throws.pick(visible));
    });
  }
  return best;
}
