import { Contended } from '../../../lambda/domain/failures.ts';
import { hear, say, schedule, type Turn, type Worker, type World } from '../world/world.ts';

/** A call that does not answer: the failure, and whether what was asked for happened all the same. */
export interface Fault {
  failure: Error;
  takesEffect: boolean;
}

/** An AWS call that failed after the SDK's own tries. */
export class AwsTrouble extends Error {}

export interface Call<T> {
  what: string;
  effect: () => T;
  faultOf: () => Fault | undefined;
  /** The one write to Workfront, which may also take effect late. */
  isWrite?: boolean;
  /** It reads or writes what is known of a person. */
  isRecord?: boolean;
  /** What the judge must hear of an answer that never came. */
  onDoubt?: () => void;
}

/**
 * Parks the worker in a call; the simulation lets it go on, or not. Every call is a point where others may overtake, and where
 * the worker may crash: before the call took effect, after it, or, for the write to Workfront, before it takes effect all the same.
 */
export function call<T>(world: World, worker: Worker, asked: Call<T>): Promise<T> {
  const { what, effect, faultOf, isWrite = false, isRecord = false, onDoubt = () => {} } = asked;
  noteWord(world, worker, isRecord);
  return new Promise((resolve, reject) => {
    const go = () => {
      if (world.throws.chance(world.faults.crash)) return crash(world, worker, asked);
      const fault = faultOf();
      if (fault !== undefined) {
        if (fault.takesEffect) attempt(effect);
        onDoubt();
        if (world.trace) say(world, worker.name, `${what} -> ${fault.failure.message}${fault.takesEffect ? ', but it took effect' : ''}`);
        return reject(fault.failure);
      }
      try {
        const answer = effect();
        if (world.trace) say(world, worker.name, what);
        resolve(answer);
      } catch (failure) {
        say(world, worker.name, `${what} -> ${failure}`);
        reject(failure);
      }
    };
    worker.pending = {
      at: world.now + delayOf(world, isWrite || what === 'reads stage/pause'),
      go,
      cutShort: () => crash(world, worker, asked),
    };
    worker.park();
  });
}

/** A worker that has left word about a person, and goes on to something else, has told all others. */
function noteWord(world: World, { turn }: Worker, isRecord: boolean): void {
  if (turn === undefined || isRecord || !turn.leftWord || turn.noted) return;
  turn.noted = true;
  hear(world, turn.message, true);
}

/** One AWS call of a worker, with its share of trouble. */
export function awsCall<T>(
  world: World,
  worker: Worker,
  { what, effect, isRecord = false }: { what: string; effect: () => T; isRecord?: boolean },
): Promise<T> {
  const faultOf = () =>
    world.throws.chance(world.faults.aws) ? { failure: new AwsTrouble(what), takesEffect: world.throws.chance(0.5) } : undefined;
  return call(world, worker, { what, effect, faultOf, isRecord });
}

/** A conditional write whose answer was lost is tried again by the SDK, and then loses against itself. */
export function conditionalWrite<T>(
  world: World,
  worker: Worker,
  { what, effect, isRecord = false }: { what: string; effect: () => T; isRecord?: boolean },
): Promise<T> {
  const faultOf = (): Fault | undefined => {
    if (!world.throws.chance(world.faults.aws)) return undefined;
    if (world.throws.chance(0.3)) return { failure: new Contended(what), takesEffect: true };
    return { failure: new AwsTrouble(what), takesEffect: world.throws.chance(0.5) };
  };
  return call(world, worker, { what, effect, faultOf, isRecord });
}

function crash<T>(world: World, worker: Worker, { what, effect, isWrite = false, onDoubt = () => {} }: Call<T>): void {
  const { turn } = worker;
  const fate = world.throws.pick(isWrite ? (['lost', 'done', 'late'] as const) : (['lost', 'done'] as const));
  say(world, worker.name, `CRASHES as it ${what}: ${fate}`);
  onDoubt();
  if (fate === 'done') attempt(effect);
  if (turn !== undefined) leaveInDoubt(turn);
  const late = Math.max(1, (turn?.leaseUntil ?? world.now) - world.now);
  if (fate === 'late') schedule(world, world.now + world.throws.int(late), () => attempt(effect));
  if (turn !== undefined) world.judge.turnEnds(world, turn);
  worker.turn = undefined;
  worker.pending = undefined;
  worker.park();
}

/** Who finds the intent of a turn that was cut short cannot know that the write was never sent, or was refused. */
export function leaveInDoubt({ intent }: Turn): void {
  if (intent?.fate === 'not sent' || intent?.fate === 'refused') intent.fate = 'doubtful';
}

function attempt(effect: () => unknown): void {
  try {
    effect();
  } catch (failure) {
    if (!(failure instanceof Contended)) throw failure;
  }
}

/** Mostly quick; often so slow that others overtake, above all around the last look before the write. */
function delayOf({ draining, throws }: World, isDelicate: boolean): number {
  if (draining) return 1;
  const kind = throws.next();
  if (isDelicate && kind < 0.25) return throws.int(12_000);
  if (kind < 0.7) return throws.int(6);
  if (kind < 0.97) return throws.int(400);
  return throws.int(15_000);
}
