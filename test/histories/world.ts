import type { EventRef, LeaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { type Policy, policy } from '../../lambda/domain/policy.ts';
import type { Turn } from '../../lambda/domain/ports.ts';
import { type Dice, dice } from '../support/dice.ts';
import { aTroubledDirectory, type Directory, OTHER_TENANT } from './directory.ts';
import type { HrFact, HrTrouble } from './hr.ts';
import { type Faults, type Scenario, START } from './scenario.ts';

export interface Message {
  body: LeaverMessage;
  visibleAt: number;
  receives: number;
}

/** What the judge must know of one worker's turn at one message. */
export interface TurnSeen extends Turn {
  message: Message;
  startedAt: number;
  /** The lambda's time-out: then it is dead for certain. */
  deadline: number;
  /** The rules this worker was deployed with. */
  policy: Policy;
  /** The entry that it wrote last. */
  written: LedgerEntry | undefined;
  /** Why it must not begin a write any more, known at the moment of its intent. */
  forbidden: string | undefined;
  pauseRead: 'not since the intent' | 'clear' | 'paused';
  /** What HR answered last in this turn, and when. */
  heard: { fact: HrFact; at: number } | undefined;
}

export interface Worker {
  name: string;
  turn: TurnSeen | undefined;
  /** The port call that it is in: what it waits for, and when that happens. */
  pending: { at: number; go: () => void; cutShort: () => void } | undefined;
  /** Tells the simulation that it waits again, is done, or dead. */
  park: () => void;
}

export interface Violation {
  invariant: string;
  detail: string;
}

/** A write to Workfront that took effect. */
export interface Landed {
  event: string;
  userId: string;
  at: number;
  changed: boolean;
}

/** The brake as the judge keeps it, from the writes it saw. */
interface BrakeSeen {
  reserved: { event: string; at: number }[];
  /** Every event that was ever allowed. */
  allowed: Set<string>;
  latched: boolean;
  everLatched: boolean;
}

export interface World {
  now: number;
  throws: Dice;
  faults: Faults;
  policy: Policy;
  draining: boolean;
  /** Since when all trouble is gone. */
  quietAt: number;
  /** Nothing later is played. */
  horizon: number;
  entries: Map<string, LedgerEntry>;
  records: Map<string, { value: object; version: number }>;
  queue: Message[];
  schedules: Map<string, { ref: EventRef; at: string; firesAt: number }>;
  directory: Directory;
  /** What HR says, by its own id: what is not here it shows as employed. */
  hr: Map<string, HrFact>;
  hrTrouble: Map<HrTrouble, number>;
  timers: { at: number; run: () => void }[];
  workers: Worker[];
  /** Writes to Workfront under way, by event. */
  writing: Map<string, number>;
  landed: Landed[];
  reactivatedAt: Map<string, number>;
  brake: BrakeSeen;
  /** Kinds of trouble there ever was. */
  troubles: Set<string>;
  /** Codes of failures for good that came from Workfront. */
  refused: Set<string>;
  /** When an event was last in status scheduled. */
  scheduledUntil: Map<string, number>;
  /** When an event was finished. */
  finishedAt: Map<string, number>;
  arrivals: Extract<LeaverMessage, { kind: 'arrival' }>[];
  violations: Violation[];
  trace: ((line: string) => void) | undefined;
}

export function createWorld(scenario: Scenario, variant: number, trace: World['trace']): World {
  return {
    now: START,
    throws: dice(scenario.seed, scenario.number, 2 + variant),
    faults: scenario.faults,
    policy: parse(policy, scenario.rules, 'policy'),
    draining: false,
    quietAt: Number.POSITIVE_INFINITY,
    horizon: Number.POSITIVE_INFINITY,
    entries: new Map(),
    records: new Map(),
    queue: [],
    schedules: new Map(),
    directory: aTroubledDirectory(scenario),
    hr: new Map(),
    hrTrouble: new Map(),
    timers: [],
    workers: Array.from({ length: scenario.workers }, (_, index) => ({
      name: `w${index}`,
      turn: undefined,
      pending: undefined,
      park: () => {},
    })),
    writing: new Map(),
    landed: [],
    reactivatedAt: new Map(),
    brake: { reserved: [], allowed: new Set(), latched: false, everLatched: false },
    troubles: new Set(),
    refused: new Set(),
    scheduledUntil: new Map(),
    finishedAt: new Map(),
    arrivals: [],
    violations: [],
    trace,
  };
}

export const nameOf = ({ source, eventId }: EventRef): string => `${source}/${eventId}`;

export function violated(world: World, invariant: string, detail: string): void {
  world.violations.push({ invariant, detail });
  say(world, 'JUDGE', `${invariant}: ${detail}`);
}

export function say(world: World, who: string, what: string): void {
  world.trace?.(`${((world.now - START) / 1000).toFixed(3).padStart(14)} s  ${who.padEnd(10)} ${what}`);
}

export function send(world: World, body: LeaverMessage, delay = 0): void {
  world.queue.push({ body, visibleAt: world.now + delay, receives: 0 });
}

/** A stage is pinned to the customer it is first used with, were it the wrong one. */
export const isPinnedElsewhere = ({ records }: World): boolean => JSON.stringify(records.get('stage/tenant') ?? {}).includes(OTHER_TENANT);
