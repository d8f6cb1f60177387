import { createHash } from 'node:crypto';
import { changeFields, handOver, logIn, openAccount, place, setActive } from '../world/accounts.ts';
import type { Action, Delivery } from '../world/scenario.ts';
import { say, schedule, send, type World } from '../world/world.ts';
import { putRecord } from './ledger-port.ts';
import { lookAtAll, undo } from './operator.ts';

type Doing<Name extends Action['do']> = Extract<Action, { do: Name }>;

/** Does one action of the scenario. */
export function act(world: World, action: Action): void {
  if (world.trace) say(world, 'WORLD', describe(action));
  switch (action.do) {
    case 'deliver':
      deliver(world, action);
      break;
    case 'make-account':
      world.accounts.set(action.account.id, openAccount(action.account, world.now));
      break;
    case 'deploy':
      world.rules = { ...world.rules, ...action.rules };
      break;
    case 'rename-source':
      renameSource(world, action);
      break;
    case 'trouble':
      world.troubles.add(action.mode);
      world.trouble.set(action.mode, { from: world.now, until: world.now + action.millis, accounts: action.accounts });
      break;
    case 'pause':
      pause(world, action);
      break;
    case 'release-brake':
      releaseBrake(world);
      break;
    case 'release-all':
    case 'replay-all':
    case 'replay-finished':
      lookAtAll(world, action);
      break;
    case 'undo':
      undo(world, action);
      break;
    case 'snapshot':
      world.snapshot = { entries: new Map(world.entries), records: new Map(world.records) };
      break;
    case 'restore':
      restore(world);
      break;
    default:
      administer(world, action);
      break;
  }
}

function administer(
  world: World,
  action: Doing<'fill' | 'place' | 'hand-over' | 'close' | 'open' | 'sync-opens' | 'delete' | 'log-in'>,
): void {
  const account = world.accounts.get(action.account);
  if (account === undefined || account.deleted) return;
  const at = world.now;
  switch (action.do) {
    case 'fill':
      changeFields(account, action.fields, at);
      break;
    case 'place':
      place(account, action.placement, at);
      break;
    case 'hand-over':
      handOver(account, action.to, at);
      changeFields(account, action.fields, at);
      break;
    case 'close':
      setActive(account, false, { at, by: 'hand' });
      break;
    case 'open':
    case 'sync-opens':
      if (!account.isActive) setActive(account, true, { at, by: action.do === 'open' ? 'hand' : 'sync' });
      break;
    case 'delete':
      account.deleted = true;
      setActive(account, false, { at, by: 'hand' });
      break;
    case 'log-in':
      if (account.isActive) logIn(account, at);
      break;
  }
}

/** Puts an event on the queue as the receiver does: named by HR's own id, else by source, time and content. */
function deliver(world: World, { delivery, copies, receivedAt = world.now }: Doing<'deliver'>): void {
  const source = world.sourceOf.get(delivery.system) ?? '';
  const { eventId, digest } = identify(delivery, source);
  const body = { kind: 'arrival', source, eventId, digest, receivedAt: new Date(receivedAt).toISOString(), event: delivery.event } as const;
  world.accepted.push(delivery.label);
  for (let copy = 0; copy < copies; copy++) {
    send(world, body, { label: delivery.label, delay: copy === 0 ? 0 : world.throws.int(60_000) });
  }
}

const identified = new WeakMap<Delivery, Map<string, { eventId: string; digest: string }>>();

/** As lambda/sources/identify.ts: the digest leaves out the time, the id of an event without an id has it. */
function identify(delivery: Delivery, source: string): { eventId: string; digest: string } {
  const bySource = identified.get(delivery) ?? new Map<string, { eventId: string; digest: string }>();
  identified.set(delivery, bySource);
  const known = bySource.get(source);
  if (known !== undefined) return known;
  const { occurredAt, ...said } = delivery.event;
  const digest = sha256(JSON.stringify(said));
  const eventId = delivery.ownId ?? `evt_${sha256(`${source} ${occurredAt} ${digest}`).slice(0, 40)}`;
  bySource.set(source, { eventId, digest });
  return { eventId, digest };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function renameSource(world: World, { system, source }: Doing<'rename-source'>): void {
  const known = world.systems.get(system);
  if (known === undefined) return;
  world.sourceOf.set(system, source);
  world.sources.set(source, known);
}

function pause(world: World, { millis }: Doing<'pause'>): void {
  const at = new Date(world.now).toISOString();
  world.pausedSpans.push({ from: world.now, to: world.now + millis });
  writePause(world, { paused: { at, by: 'op-pause', reason: 'test' } });
  schedule(world, world.now + millis, () => writePause(world, {}));
}

export function writePause(world: World, value: object): void {
  putRecord(world, 'stage/pause', { value, version: (world.records.get('stage/pause')?.version ?? 0) + 1 });
}

function releaseBrake(world: World): void {
  putRecord(world, 'stage/brake', { value: { entries: [] }, version: (world.records.get('stage/brake')?.version ?? 0) + 1 });
  world.brakeReleasedAt = world.now;
  world.judge.brakeWritten(world, { latched: false, by: 'operator' });
}

/** The table as it was at the snapshot; what it forgot is forgotten. */
function restore(world: World): void {
  if (world.snapshot === undefined) return;
  world.restored = true;
  world.entries = new Map(world.snapshot.entries);
  world.records = new Map(world.snapshot.records);
}

function describe({ at: _at, story: _story, ...action }: Action): string {
  if (action.do !== 'deliver') return JSON.stringify(action);
  const { delivery, copies, receivedAt } = action;
  const again = receivedAt === undefined ? '' : `, received ${new Date(receivedAt).toISOString()}`;
  const times = copies > 1 ? ` ${copies} times` : '';
  const { fact, person, says } = delivery.label;
  return `HR ${delivery.system} sends${times}${again}: ${JSON.stringify(delivery.event)} (truly: ${person} ${says}, ${fact.id})`;
}
