import { act } from './act.ts';
import { judgeRest } from './judge-rest.ts';
import { NO_FAULTS, type Scenario, START } from './scenario.ts';
import { goOn, takeMessage } from './worker.ts';
import { createWorld, nameOf, say, send, type Violation, violated, type World } from './world.ts';

const DAY = 86_400_000;
/** More steps than any history needs: what takes longer never ends. */
const MOST_STEPS = 300_000;

export interface Played {
  violation: Violation | undefined;
  steps: number;
  world: World;
}

/**
 * Plays one history to its end: the scenario, then quiet, in which all trouble is gone and the clock runs on. It stops at
 * the first violation.
 *
 * @param variant another throw of the dice for who goes on when, with the same scenario
 */
export async function play(
  scenario: Scenario,
  { variant = 0, trace }: { variant?: number; trace?: (line: string) => void } = {},
): Promise<Played> {
  const world = createWorld(scenario, variant, trace);
  for (const action of scenario.actions) world.timers.push({ at: START + action.at, run: () => act(world, action) });
  const last = START + Math.max(0, ...scenario.actions.map(({ at }) => at));
  world.timers.push({ at: last + world.throws.pick([1, 5000, 600_000, 2 * DAY]), run: () => beginQuiet(world) });

  let steps = 0;
  for (; world.violations.length === 0; steps++) {
    if (steps > MOST_STEPS) violated(world, 'everything-comes-to-rest', `${world.queue.map(({ body }) => nameOf(body)).join(', ')}`);
    const next = earliest(world);
    if (next === undefined || next.at > world.horizon) break;
    world.now = Math.max(world.now, next.at);
    await next.run();
  }
  if (world.violations.length === 0) judgeRest(world);
  return { violation: world.violations[0], steps, world };
}

function beginQuiet(world: World): void {
  say(world, 'WORLD', 'QUIET: all trouble is gone');
  world.draining = true;
  world.quietAt = world.now;
  world.faults = NO_FAULTS;
  world.directory.trouble.clear();
  world.hrTrouble.clear();
  world.records.set('stage/pause', { value: {}, version: (world.records.get('stage/pause')?.version ?? 0) + 1 });
  world.horizon = world.now + 40 * DAY;
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

  for (const timer of world.timers) consider(timer.at, () => runTimer(world, timer));
  for (const [name, { firesAt }] of world.schedules) consider(firesAt, () => fire(world, name));
  const idle = world.workers.filter(({ turn }) => turn === undefined);
  for (const worker of world.workers) {
    if (worker.turn === undefined || worker.pending === undefined) continue;
    const { deadline } = worker.turn;
    if (worker.pending.at >= deadline) consider(deadline, () => goOn(worker, 'cutShort'));
    else consider(worker.pending.at, () => goOn(worker, 'go'));
  }
  if (idle.length > 0 && world.queue.length > 0) {
    const at = Math.max(world.now, Math.min(...world.queue.map(({ visibleAt }) => visibleAt)));
    consider(at, () => {
      const visible = world.queue.filter(({ visibleAt }) => visibleAt <= world.now);
      return takeMessage(world, world.throws.pick(idle), world.throws.pick(visible));
    });
  }
  return best;
}

function runTimer(world: World, timer: World['timers'][number]): void {
  world.timers.splice(world.timers.indexOf(timer), 1);
  timer.run();
}

/** A schedule puts its message on the queue at least once, then it is gone. */
function fire(world: World, name: string): void {
  const schedule = world.schedules.get(name);
  if (schedule === undefined) return;
  world.schedules.delete(name);
  send(world, { kind: 'due', ...schedule.ref });
  if (world.throws.chance(world.faults.duplicate)) send(world, { kind: 'due', ...schedule.ref }, world.throws.int(5000));
}
