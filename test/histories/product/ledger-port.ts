import type * as z from 'zod/mini';
import { type AccessRecord, accessRecord, isInWork } from '../../../lambda/domain/console-access/access-record.ts';
import { isFinished } from '../../../lambda/domain/event/event-status.ts';
import type { EventRef, LeaverMessage } from '../../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { Contended } from '../../../lambda/domain/failures.ts';
import type { Ledger, Snapshot, Together } from '../../../lambda/domain/ledger-port.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import type { Schedules } from '../../../lambda/domain/ports.ts';
import { brakeRecord } from '../../../lambda/domain/stage/brake.ts';
import { pauseRecord } from '../../../lambda/domain/stage/gate.ts';
import { DAY } from '../world/scenario.ts';
import { learn, nameOf, send, type Turn, type Worker, type World } from '../world/world.ts';
import { awsCall, conditionalWrite } from './call.ts';

const NEVER = Number.POSITIVE_INFINITY;
const KEPT_BY_DEFAULT = 400;
/** As lambda/aws/schedules.ts: a schedule is set for a year ahead at most, and set again then. */
const LONGEST_HOP = 365 * DAY;

/** The ledger as lambda/aws/ledger.ts keeps it: what is not of the stage, and what is finished, expires. */
export function ledgerPort(world: World, worker: Worker, turn: Turn): Ledger {
  return {
    readEntry: (ref) =>
      awsCall(world, worker, {
        what: `reads ${nameOf(ref)}`,
        effect: () => readEntry(world, nameOf(ref)),
      }),

    writeEntry: (entry) =>
      conditionalWrite(world, worker, {
        what: `writes ${nameOf(entry)} as ${entry.status}${entry.reason === undefined ? '' : ` (${entry.reason})`}`,
        effect: () => {
          const before = readEntry(world, nameOf(entry));
          if ((before?.version ?? 0) !== entry.version) throw new Contended(nameOf(entry));
          const after = { ...entry, version: entry.version + 1 };
          putEntry(world, { before, after, turn });
          return after;
        },
      }),

    finishedBefore: (ref) =>
      awsCall(world, worker, {
        what: `reads what is left of ${nameOf(ref)}`,
        effect: () => {
          const at = world.finishedAt.get(nameOf(ref));
          return at === undefined ? undefined : new Date(at).toISOString();
        },
      }),

    async *scheduled() {
      yield* [...world.entries.values()].filter(({ status }) => status === 'scheduled');
    },
    async *withStatus(status, { since, until }) {
      yield* [...world.entries.values()].filter((entry) => entry.status === status && entry.updatedAt >= since && entry.updatedAt <= until);
    },
    async *inWork() {
      yield* [...world.entries.values()].filter(({ status }) => status === 'received' || status === 'processing');
    },

    readRecord: (key, schema) =>
      awsCall(world, worker, {
        what: `reads ${key}`,
        isRecord: true,
        effect: () => {
          if (key === 'stage/pause' && turn.pauseRead !== 'paused') turn.pauseRead = isPaused(world) ? 'paused' : 'clear';
          const record = readRecord(world, key);
          return record && { value: parsed(schema, record.value, key), version: record.version };
        },
      }),

    readRecords: (keys, schema) =>
      awsCall(world, worker, {
        what: `reads ${keys.join(', ')}`,
        effect: () =>
          new Map(
            keys.flatMap((key) => {
              const record = readRecord(world, key);
              return record === undefined ? [] : [[key, { value: parsed(schema, record.value, key), version: record.version }] as const];
            }),
          ),
      }),

    readTogether: ({ entries = [], finished = [], records = [] }) =>
      awsCall(world, worker, {
        what: `reads ${[...entries.map(nameOf), ...finished.map((ref) => `what is left of ${nameOf(ref)}`), ...records].join(', ')}`,
        // It reads much else: who has left word, and reads together, is done with the records of the person.
        isRecord: entries.length === 0 && finished.length === 0,
        effect: () => snapshotOf(world, turn, { entries, finished, records }),
      }),

    writeRecord: (key, { value, version, kept = false }) =>
      conditionalWrite(world, worker, {
        what: `writes ${key}`,
        isRecord: true,
        effect: () => {
          if ((readRecord(world, key)?.version ?? 0) !== version) throw new Contended(key);
          putRecord(world, key, { value, version: version + 1, kept });
          if (!key.startsWith('stage/')) turn.leftWord = true;
          if (key === 'stage/brake') {
            const latched = parse(brakeRecord, value, key).latched !== undefined;
            world.judge.brakeWritten(world, { latched, by: 'worker' });
          }
          return version + 1;
        },
      }),
  };
}

function snapshotOf(world: World, turn: Turn, { entries, finished, records }: Required<Together>): Snapshot {
  if (records.includes('stage/pause') && turn.pauseRead !== 'paused') turn.pauseRead = isPaused(world) ? 'paused' : 'clear';
  const had = new Map(entries.map((ref) => [nameOf(ref), readEntry(world, nameOf(ref))]));
  const left = new Map(finished.map((ref) => [nameOf(ref), world.finishedAt.get(nameOf(ref))]));
  const values = new Map(records.map((key) => [key, readRecord(world, key)]));
  return {
    entry: (ref) => had.get(nameOf(ref)),
    finishedBefore(ref) {
      const at = left.get(nameOf(ref));
      return at === undefined ? undefined : new Date(at).toISOString();
    },
    record(key, schema) {
      const record = values.get(key);
      return record && { value: parsed(schema, record.value, key), version: record.version };
    },
  };
}

/** What is stored is frozen, so it is parsed once: a record is read ten times as often as it is written. */
const parsedBefore = new WeakMap<object, Map<z.core.$ZodType, unknown>>();

function parsed<Schema extends z.core.$ZodType>(schema: Schema, value: object, what: string): z.output<Schema> {
  const known = parsedBefore.get(value) ?? new Map<z.core.$ZodType, unknown>();
  parsedBefore.set(value, known);
  if (!known.has(schema)) known.set(schema, parse(schema, value, what));
  return known.get(schema) as z.output<Schema>;
}

/** What has expired is gone. */
function readEntry(world: World, name: string): LedgerEntry | undefined {
  const entry = world.entries.get(name);
  if (entry === undefined || world.scenario.keepsAll) return entry;
  const finished = world.finishedAt.get(name);
  if (finished === undefined || !isFinished(entry.status) || finished + keptFor(world) > world.now) return entry;
  world.entries.delete(name);
  return undefined;
}

export function putEntry(
  world: World,
  { before, after, turn }: { before: LedgerEntry | undefined; after: LedgerEntry; turn: Turn | undefined },
): LedgerEntry {
  const event = nameOf(after);
  const frozen = Object.freeze(after);
  world.entries.set(event, frozen);
  if (isFinished(after.status)) {
    if (before?.status !== after.status) world.finishedAt.set(event, world.now);
  } else world.finishedAt.delete(event);
  if (turn !== undefined) {
    learn(world, event, turn.message);
    turn.written = frozen;
    turn.event = event;
    if (after.intent !== undefined && after.intent !== before?.intent) {
      turn.intent = { account: after.intent.userId, at: world.now, fate: 'not sent' };
      turn.pauseRead = 'not since the intent';
    }
  }
  world.judge.entryWritten(world, { event, before, after: frozen, turn });
  return frozen;
}

function readRecord(world: World, key: string): { value: object; version: number } | undefined {
  const record = world.records.get(key);
  return record === undefined || record.expiresAt <= world.now ? undefined : record;
}

export function putRecord(
  world: World,
  key: string,
  { value, version, kept = false }: { value: object; version: number; kept?: boolean },
): void {
  const expiresAt = kept || key.startsWith('stage/') || world.scenario.keepsAll ? NEVER : world.now + keptFor(world);
  if (key.startsWith(ACCESS)) noteAccess(world, key.slice(ACCESS.length), parse(accessRecord, value, key));
  world.records.set(key, { value: Object.freeze(value), version, expiresAt });
}

const ACCESS = 'console-access/';

function noteAccess({ console }: World, event: string, record: AccessRecord): void {
  console?.records.set(event, { status: record.status, isInWork: isInWork(record) });
}

const keptFor = ({ rules }: World): number => (rules.rememberDays ?? KEPT_BY_DEFAULT) * DAY;

function isPaused(world: World): boolean {
  const record = world.records.get('stage/pause');
  return record !== undefined && parsed(pauseRecord, record.value, 'pause').paused !== undefined;
}

export function schedulesPort(world: World, worker: Worker): Schedules {
  return {
    set: (ref, at) =>
      awsCall(world, worker, {
        what: `sets the schedule of ${nameOf(ref)} to ${at}`,
        effect: () => setAlarm(world, { name: nameOf(ref), body: { kind: 'due', source: ref.source, eventId: ref.eventId }, at }),
      }),
    remove: (ref) =>
      awsCall(world, worker, {
        what: `removes the schedule of ${nameOf(ref)}`,
        effect: () => void world.schedules.delete(nameOf(ref)),
      }),
    setWatch: (ref, at) =>
      awsCall(world, worker, {
        what: `sets the watch of ${nameOf(ref)} to ${at}`,
        effect: () => setAlarm(world, { name: watchOf(ref, at), body: { kind: 'watch', source: ref.source, eventId: ref.eventId }, at }),
      }),
    setDailyLook: async () => {},
  };
}

/** A schedule of the watch is named after its time too: it stands beside every other one of the event. */
const watchOf = (ref: EventRef, at: string): string => `watch of ${nameOf(ref)} at ${at}`;

function setAlarm(world: World, { name, body, at }: { name: string; body: LeaverMessage; at: string }): void {
  const late = world.draining ? 0 : world.throws.pick([0, 10, 900, 60_000, 900_000]);
  const firesAt = Math.min(Math.max(Date.parse(at), world.now), world.now + LONGEST_HOP) + late;
  world.schedules.set(name, { body, firesAt });
}

/** A schedule puts its message on the queue at least once, then it is gone. */
export function fire(world: World, name: string): void {
  const due = world.schedules.get(name);
  if (due === undefined) return;
  world.schedules.delete(name);
  send(world, due.body);
  if (world.throws.chance(world.faults.duplicate)) send(world, due.body, { delay: world.throws.int(5000) });
}
