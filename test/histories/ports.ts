import { Contended, PermanentFailure } from '../../lambda/domain/failures.ts';
import { parse } from '../../lambda/domain/parse.ts';
import type { Desk, HrSystems, Ledger, Schedules, UserDirectory } from '../../lambda/domain/ports.ts';
import {
  activeAdministrators,
  changeUser,
  type DirectoryCall,
  type Fault,
  ownerOf,
  randomFault,
  readUser,
  search,
  troubleWith,
} from './directory.ts';
import { ASKED, hrTroubleWith, recordOf } from './hr.ts';
import { judgeEntry } from './judge-entry.ts';
import { judgeRecord } from './judge-record.ts';
import { judgeIntent, judgeLanding, judgePauseRead, judgeWrite } from './judge-write.ts';
import { nameOf, say, type TurnSeen, type Worker, type World } from './world.ts';

/** An AWS call that failed after the SDK's own tries. */
export class AwsTrouble extends Error {}

/**
 * The desk of one worker's turn. Every call is a point where the simulation decides who goes on, and where the worker may
 * crash: before the call took effect, after it, or, for the write to Workfront, before it takes effect all the same.
 */
export function deskOf(world: World, worker: Worker, turn: TurnSeen): Desk {
  return {
    ledger: ledgerPort(world, worker, turn),
    schedules: schedulesPort(world, worker),
    directory: directoryPort(world, worker, turn),
    hr: hrPort(world, worker, turn),
    clock: () => world.now,
    random: () => world.throws.next(),
    policy: turn.policy,
  };
}

/** One AWS call of a worker, with its share of trouble. */
export function awsCall<T>(world: World, worker: Worker, what: string, effect: () => T): Promise<T> {
  const fault = () =>
    world.throws.chance(world.faults.aws) ? { failure: new AwsTrouble(what), takesEffect: world.throws.chance(0.5) } : undefined;
  return call(world, worker, what, effect, fault);
}

function ledgerPort(world: World, worker: Worker, turn: TurnSeen): Ledger {
  return {
    readEntry: (ref) => awsCall(world, worker, `reads ${nameOf(ref)}`, () => world.entries.get(nameOf(ref))),

    writeEntry: (entry) =>
      conditionalWrite(world, worker, `writes ${nameOf(entry)} as ${entry.status}`, () => {
        const before = world.entries.get(nameOf(entry));
        if ((before?.version ?? 0) !== entry.version) throw new Contended(nameOf(entry));
        const after = Object.freeze({ ...entry, version: entry.version + 1 });
        world.entries.set(nameOf(entry), after);
        judgeEntry(world, { before, after, turn });
        if (after.intent !== before?.intent) judgeIntent(world, after, turn);
        turn.written = after;
        return after;
      }),

    readRecord: (key, schema) =>
      awsCall(world, worker, `reads ${key}`, () => {
        const record = world.records.get(key);
        const read = record && { value: parse(schema, record.value, key), version: record.version };
        if (key === 'stage/pause') judgePauseRead(world, turn);
        return read;
      }),

    writeRecord: (key, value, version) =>
      conditionalWrite(world, worker, `writes ${key}`, () => {
        const before = world.records.get(key);
        if ((before?.version ?? 0) !== version) throw new Contended(key);
        world.records.set(key, { value: Object.freeze(value), version: version + 1 });
        judgeRecord(world, { key, value, by: worker.name });
        return version + 1;
      }),
  };
}

/** A conditional write whose answer was lost is tried again by the SDK, and then loses against itself. */
function conditionalWrite<T>(world: World, worker: Worker, what: string, effect: () => T): Promise<T> {
  const fault = (): Fault | undefined => {
    if (!world.throws.chance(world.faults.aws)) return undefined;
    if (world.throws.chance(0.3)) return { failure: new Contended(what), takesEffect: true };
    return { failure: new AwsTrouble(what), takesEffect: world.throws.chance(0.5) };
  };
  return call(world, worker, what, effect, fault);
}

function schedulesPort(world: World, worker: Worker): Schedules {
  return {
    set: (ref, at) =>
      awsCall(world, worker, `sets the schedule of ${nameOf(ref)} to ${at}`, () => {
        const late = world.draining ? 0 : world.throws.pick([0, 10, 900, 60_000, 900_000]);
        const { source, eventId } = ref;
        world.schedules.set(nameOf(ref), { ref: { source, eventId }, at, firesAt: Math.max(Date.parse(at), world.now) + late });
      }),
    remove: (ref) => awsCall(world, worker, `removes the schedule of ${nameOf(ref)}`, () => void world.schedules.delete(nameOf(ref))),
  };
}

function directoryPort(world: World, worker: Worker, turn: TurnSeen): UserDirectory {
  const { directory } = world;
  const ask = <T>(kind: DirectoryCall, userId: string, what: string, effect: () => T) =>
    call(world, worker, what, effect, () => {
      const fault =
        troubleWith(directory, kind, userId, world.now, world.throws) ??
        (world.throws.chance(world.faults.workfront) ? randomFault(world.throws) : undefined);
      if (fault?.failure instanceof PermanentFailure) world.refused.add(fault.failure.code);
      return fault;
    });

  return {
    owner: () => ask('owner', '', 'asks who it is', () => ownerOf(directory, world.now)),
    search: (key) => ask('search', '', `searches ${key.field} ${key.value}`, () => search(directory, key, world.now)),
    read: (userId) => ask('read', userId, `reads user ${Number.parseInt(userId, 16)}`, () => readUser(directory, userId, world.now)),
    countActiveAdministrators: () => ask('count', '', 'counts administrators', () => activeAdministrators(directory)),

    deactivate(userId) {
      const event = judgeWrite(world, userId, turn);
      return ask('deactivate', userId, `DEACTIVATES user ${Number.parseInt(userId, 16)} for ${event}`, () => {
        const changed = directory.users.get(userId)?.isActive === true;
        if (changed) changeUser(directory, userId, { isActive: false }, world.now);
        judgeLanding(world, { event, userId, at: world.now, changed });
        return { confirmedBy: 'answer' as const };
      }).finally(() => world.writing.delete(event));
    },
  };
}

function hrPort(world: World, worker: Worker, turn: TurnSeen): HrSystems {
  return {
    canBeAsked: (source) => source === ASKED,
    ask: (_source, sourceId) => {
      const answer = () => {
        const fact = world.hr.has(sourceId) ? world.hr.get(sourceId) : { standing: 'employed' as const };
        turn.heard = { fact, at: world.now };
        return recordOf(fact, sourceId);
      };
      return call(world, worker, `asks HR about ${sourceId}`, answer, () => {
        const fault = hrTroubleWith(world.hrTrouble, world.faults.workfront, world.now, world.throws);
        if (fault?.failure instanceof PermanentFailure) world.refused.add(fault.failure.code);
        return fault;
      });
    },
  };
}

/** Parks the worker in a call; the simulation lets it go on, or not. */
function call<T>(world: World, worker: Worker, what: string, effect: () => T, faultOf: () => Fault | undefined): Promise<T> {
  const isWrite = what.startsWith('DEACTIVATES');
  return new Promise((resolve, reject) => {
    const go = () => {
      if (world.throws.chance(world.faults.crash)) return crash(world, worker, what, isWrite, effect);
      const fault = faultOf();
      if (fault !== undefined) {
        if (fault.takesEffect) attempt(effect);
        say(world, worker.name, `${what} -> ${fault.failure.message}${fault.takesEffect ? ', but it took effect' : ''}`);
        return reject(fault.failure);
      }
      try {
        const answer = effect();
        say(world, worker.name, what);
        resolve(answer);
      } catch (failure) {
        say(world, worker.name, `${what} -> ${failure}`);
        reject(failure);
      }
    };
    worker.pending = {
      at: world.now + delayOf(world, isWrite || what === 'reads stage/pause'),
      go,
      cutShort: () => crash(world, worker, what, isWrite, effect),
    };
    worker.park();
  });
}

function crash(world: World, worker: Worker, what: string, isWrite: boolean, effect: () => unknown): void {
  const { turn } = worker;
  const fate = world.throws.pick(isWrite ? (['lost', 'done', 'late'] as const) : (['lost', 'done'] as const));
  say(world, worker.name, `CRASHES as it ${what}: ${fate}`);
  if (fate === 'done') attempt(effect);
  const late = Math.max(0, (turn?.leaseUntil ?? world.now) - world.now);
  if (fate === 'late') world.timers.push({ at: world.now + world.throws.int(late), run: () => attempt(effect) });
  if (isWrite && turn?.written !== undefined) world.writing.delete(nameOf(turn.written));
  worker.turn = undefined;
  worker.park();
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
