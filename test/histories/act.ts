import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import type { LeaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { withStatus } from '../../lambda/domain/event/transition.ts';
import { changeUser } from './directory.ts';
import { judgeEntry } from './judge-entry.ts';
import { judgeRecord } from './judge-record.ts';
import type { Action } from './scenario.ts';
import { nameOf, say, send, type World } from './world.ts';

type Order = Extract<Action, { do: 'release' | 'replay' | 'reject' | 'cancel' }>;

/** Does one action of the scenario. */
export function act(world: World, action: Action): void {
  const { directory } = world;
  const userId = 'user' in action ? ([...directory.users.keys()][action.user] ?? '') : '';
  say(world, 'WORLD', describe(action));
  switch (action.do) {
    case 'deliver': {
      const arrival = { kind: 'arrival', ...action.delivery, receivedAt: new Date(world.now).toISOString() } as const;
      world.arrivals.push(arrival);
      for (let copy = 0; copy < action.copies; copy++) send(world, arrival, copy === 0 ? 0 : world.throws.int(60_000));
      break;
    }
    case 'release':
    case 'replay':
    case 'reject':
    case 'cancel':
      order(world, action, userId);
      break;
    case 'release-brake':
      writeRecord(world, 'stage/brake', { entries: [] });
      break;
    case 'pause':
      world.timers.push({ at: world.now + action.millis, run: () => writeRecord(world, 'stage/pause', {}) });
      writeRecord(world, 'stage/pause', { paused: { at: new Date(world.now).toISOString(), by: 'op-pause', reason: 'test' } });
      break;
    case 'deploy':
      world.policy = { ...world.policy, dryRun: action.dryRun };
      break;
    case 'reactivate':
      if (directory.users.get(userId)?.isActive === true) break;
      world.reactivatedAt.set(userId, world.now);
      changeUser(directory, userId, { isActive: true }, world.now);
      break;
    case 'deactivate-by-hand':
      changeUser(directory, userId, { isActive: false }, world.now);
      break;
    case 'log-in':
      changeUser(directory, userId, { lastLoginAt: new Date(world.now).toISOString() }, world.now);
      break;
    case 'make-administrator':
      changeUser(directory, userId, { isAdmin: true }, world.now);
      break;
    case 'change-user':
      changeUser(directory, userId, action.changes, world.now);
      break;
    case 'hr-says':
      world.hr.set(action.sourceId, action.fact);
      break;
    case 'hr-trouble':
      world.hrTrouble.set(action.mode, world.now + action.millis);
      break;
    case 'trouble':
      world.troubles.add(action.mode);
      directory.trouble.set(action.mode, { from: world.now, until: world.now + action.millis, userId });
      break;
  }
}

const ORDERABLE: Readonly<Record<Order['do'], readonly EventStatus[]>> = {
  release: ['held'],
  replay: ['failed'],
  reject: ['held'],
  cancel: ['scheduled', 'held', 'failed'],
};

/** An operator acts on what they saw a while ago: by then it may no longer be so. */
function order(world: World, action: Order, userId: string): void {
  const open = [...world.entries.values()].filter(({ status }) => ORDERABLE[action.do].includes(status));
  const seen = open[action.which % Math.max(1, open.length)];
  if (seen === undefined) return;
  const by = `op-${action.at}-${action.which}`;
  world.timers.push({ at: world.now + action.late, run: () => carryOut(world, action, seen, { by, userId }) });
}

function carryOut(world: World, action: Order, seen: LedgerEntry, { by, userId }: { by: string; userId: string }): void {
  const ref = { source: seen.source, eventId: seen.eventId, entryVersion: seen.version, by };
  say(world, 'OPERATOR', `${action.do} ${nameOf(seen)} as of version ${seen.version}`);
  if (action.do === 'reject' || action.do === 'cancel') {
    finish(world, seen, action.do === 'reject' ? 'rejected' : 'cancelled', by);
    return;
  }

  const guard = seen.hold?.guard ?? '';
  const recheck = action.recheck ? { recheck: true as const } : {};
  const chosen = guard === 'ambiguous' ? { userId: chosenBy(seen, userId) } : {};
  const message: LeaverMessage =
    action.do === 'replay' ? { kind: 'replay', ...ref } : { kind: 'release', ...ref, guard, ...chosen, ...recheck };
  for (let copy = 0; copy < action.copies; copy++) send(world, message, copy === 0 ? 0 : world.throws.int(60_000));
}

/** Mostly one of those that the guard named. */
const chosenBy = ({ hold }: LedgerEntry, other: string): string =>
  hold?.saw.match(/[0-9a-f]{32}/g)?.at(other.endsWith('1') ? 1 : 0) ?? other;

function finish(world: World, seen: LedgerEntry, status: 'rejected' | 'cancelled', by: string): void {
  const before = world.entries.get(nameOf(seen));
  if (before?.version !== seen.version) return;
  if (before.event.type !== 'employee.terminated' && status === 'cancelled') return;
  const after = Object.freeze({
    ...withStatus(before, status, { by, why: 'test', now: world.now }),
    reason: 'operator',
    version: before.version + 1,
  });
  world.entries.set(nameOf(seen), after);
  world.schedules.delete(nameOf(seen));
  judgeEntry(world, { before, after, turn: undefined });
}

function writeRecord(world: World, key: string, value: object): void {
  world.records.set(key, { value, version: (world.records.get(key)?.version ?? 0) + 1 });
  judgeRecord(world, { key, value, by: 'operator' });
}

function describe({ at: _at, ...action }: Action): string {
  return JSON.stringify(action);
}
