import type { ConsoleAccessMessage, EventRef, LeaverMessage } from '../../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry, Placement } from '../../../lambda/domain/event/ledger-entry.ts';
import { type Dice, dice } from '../../support/dice.ts';
import { type Account, openAccount } from './accounts.ts';
import type { Attribute, Fact, Label, Person, System } from './people.ts';
import { type ConsolePlan, type Faults, type Rules, type Scenario, START, type TroubleMode } from './scenario.ts';

/** The nightly sweep is of no event. */
type Sweep = { kind: 'sweep'; source: 'stage'; eventId: 'sweep' };

export const SWEEP: Sweep = { kind: 'sweep', source: 'stage', eventId: 'sweep' };

export interface Message {
  body: LeaverMessage | ConsoleAccessMessage | Sweep;
  /** Of an arrival. */
  label: Label | undefined;
  visibleAt: number;
  receives: number;
  /** Of an operator's message. */
  order: Order | undefined;
}

/** What one worker's turn at one message saw and did, in the world's terms. */
export interface Turn {
  owner: string;
  leaseUntil: number;
  message: Message;
  startedAt: number;
  kind: Message['body']['kind'];
  /** The lambda's time-out: then it is dead for certain. */
  deadline: number;
  rules: Rules;
  /** Milliseconds that its clock is ahead. */
  skew: number;
  /** The entry that it wrote last, and its name. */
  written: LedgerEntry | undefined;
  event: string | undefined;
  /** Whether it has left word about the person for others to read, and whether that is noted as known. */
  leftWord: boolean;
  noted: boolean;
  pauseRead: 'not since the intent' | 'clear' | 'paused';
  /** The account that its intent names, and what became of the write. */
  intent: { account: string; at: number; fate: 'not sent' | 'refused' | 'doubtful' | 'done' } | undefined;
  /** What HR answered, newest last. */
  answers: Known[];
}

export interface Worker {
  name: string;
  turn: Turn | undefined;
  /** The port call that it is in: what it waits for, and when that happens. */
  pending: { at: number; go: () => void; cutShort: () => void } | undefined;
  /** Tells the simulation that it waits again, is done, or dead. */
  park: () => void;
}

/** A fact that reached the product: by a delivery whose turn ended orderly, or by HR's answer. */
export interface Known {
  person: string;
  fact: Fact;
  attributes: readonly number[];
  at: number;
  /** When the attributes were told: at the receipt of the delivery, or with the answer. */
  toldAt: number;
  how: 'delivery' | 'answer' | 'announced';
  /** Whether HR's own time was told with it. */
  timed: boolean;
  /** Whether the product still waits with it: for a write under way, or for trouble to end. */
  waits: boolean;
}

/** What an operator saw of an event, and what they ordered. */
export interface Order {
  by: string;
  event: string;
  do: 'release' | 'replay' | 'reject' | 'undo';
  guard: string | undefined;
  /** The account that the hold showed or the operator chose, and who used it then. */
  account: string | undefined;
  owner: string | undefined;
  /** Whether the operator named the account. */
  chosen: boolean;
  facts: ReadonlySet<string>;
  shownAt: number;
  /** So many steps the event had taken when the operator saw it. */
  steps: number;
  /** When it went to the queue. */
  sentAt: number | undefined;
  /** When a worker obeyed it. */
  obeyedAt: number | undefined;
}

/** A write to Workfront that a worker asked for. */
export interface Sent {
  event: string;
  account: string;
  at: number;
  /** When its intent was written: what is known by then it must not ignore. */
  askedAt: number;
  /** When it took effect on the customer's own Workfront and changed the account. */
  changedAt: number | undefined;
  braked: boolean;
}

/** A write to Workfront that activates somebody again. */
export interface Given {
  event: string;
  account: string;
  restores: Placement;
  at: number;
  /** When it took effect and changed the account. */
  changedAt: number | undefined;
}

/** A removal in the Admin Console that a worker asked for. */
export interface Removed {
  event: string;
  person: string;
  names: readonly string[];
}

/** The Admin Console: who has what, and what is recorded of the removals by event. */
export interface Console extends Omit<ConsolePlan, 'members' | 'late'> {
  members: Map<string, Set<string>>;
  late: Set<string>;
  removed: Removed[];
  records: Map<string, { status: string; isInWork: boolean }>;
}

export interface Violation {
  rule: string;
  detail: string;
  /** The stories of the persons it is about. */
  stories: readonly string[];
}

/** What the judge sees of a ledger entry: what the product did, not who the event names. */
type Entry = Pick<
  LedgerEntry,
  | 'version'
  | 'status'
  | 'reason'
  | 'hold'
  | 'workfrontUserId'
  | 'intent'
  | 'undoing'
  | 'lease'
  | 'waiting'
  | 'history'
  | 'receivedAt'
  | 'updatedAt'
>;

/** What the judge sees of the world: all that is true, and nothing of how it is written. */
export interface Judged extends Omit<World, 'entries' | 'queue' | 'records' | 'snapshot' | 'scenario' | 'schedules'> {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly schedules: { has(event: string): boolean };
}

export type JudgedTurn = Omit<Turn, 'message' | 'written'>;

/** Who is told what happens, as it happens: the judge, and behind it the operators. */
export interface Judge {
  entryWritten(world: World, written: Written): void;
  writeBegins(world: World, turn: JudgedTurn, sent: Sent): void;
  writeLands(world: World, sent: Sent): void;
  givingBegins(world: World, turn: JudgedTurn, given: Given): void;
  compared(world: World, turn: JudgedTurn, compared: { event: string; found: string | undefined }): void;
  removalBegins(world: World, turn: JudgedTurn, removed: Removed): void;
  turnEnds(world: World, turn: JudgedTurn): void;
  brakeWritten(world: World, brake: { latched: boolean; by: 'worker' | 'operator' }): void;
  atRest(world: World): void;
}

export interface Written {
  event: string;
  before: Entry | undefined;
  after: Entry;
  /** The worker's turn; undefined if an operator wrote. */
  turn: JudgedTurn | undefined;
}

/** What is true of an entry of the ledger: the labels of every arrival that the product took for it. */
export interface Truth {
  labels: Label[];
  /** Attributes that its deliveries and HR's answers told, and when. */
  told: { attribute: number; at: number }[];
  /** What it saw on accounts that it read: attribute, account and when. */
  seen: { account: string; attribute: number; at: number }[];
  /** Accounts on which a write of this event may have taken effect unseen, and when that write was begun. */
  doubtful: Map<string, number>;
}

export interface World {
  scenario: Scenario;
  now: number;
  throws: Dice;
  faults: Faults;
  rules: Rules;
  draining: boolean;
  quietAt: number;
  /** Nothing later is played. */
  horizon: number;
  people: ReadonlyMap<string, Person>;
  attributes: readonly Attribute[];
  systems: ReadonlyMap<string, System>;
  /** The system behind each source name that there ever was. */
  sources: Map<string, System>;
  /** The present source name of each system. */
  sourceOf: Map<string, string>;
  accounts: Map<string, Account>;
  me: string;
  trouble: Map<TroubleMode, { from: number; until: number; accounts: readonly string[] }>;
  troubles: Set<TroubleMode>;
  entries: Map<string, LedgerEntry>;
  records: Map<string, { value: object; version: number; expiresAt: number }>;
  snapshot: { entries: World['entries']; records: World['records'] } | undefined;
  restored: boolean;
  queue: Message[];
  schedules: Map<string, { body: LeaverMessage; firesAt: number }>;
  timers: { at: number; run: () => void }[];
  workers: Worker[];
  truths: Map<string, Truth>;
  known: Known[];
  orders: Order[];
  /** Writes to Workfront, and those under way by event, until when. */
  sent: Sent[];
  given: Given[];
  console: Console | undefined;
  writing: Map<string, number>;
  pausedSpans: { from: number; to: number }[];
  brake: { latched: boolean };
  brakeReleasedAt: number;
  /** Codes of failures for good that the world caused. */
  refused: Set<string>;
  /** Accounts whose write was refused, by the event that asked for it. */
  refusedWrites: { at: number; account: string; event: string }[];
  finishedAt: Map<string, number>;
  holds: { event: string; guard: string; at: number }[];
  violations: Violation[];
  /** Leavers that the judge has complained about already. */
  complainedOf: Set<string>;
  /** Writes that nothing that reached the product could have stopped. */
  unknowable: string[];
  /** What was put on the queue. */
  accepted: Label[];
  trace: ((line: string) => void) | undefined;
  judge: Judge;
}

export function createWorld(
  scenario: Scenario,
  { variant, trace, judge }: { variant: number; trace: World['trace']; judge: Judge },
): World {
  const systems = new Map(scenario.systems.map((system) => [system.id, system]));
  return {
    scenario,
    now: START,
    throws: dice(scenario.seed, scenario.number, 2 + variant),
    faults: scenario.faults,
    rules: scenario.rules,
    draining: false,
    quietAt: Number.POSITIVE_INFINITY,
    horizon: Number.POSITIVE_INFINITY,
    people: new Map(scenario.people.map((person) => [person.id, person])),
    attributes: scenario.attributes,
    systems,
    sources: new Map(scenario.systems.map((system) => [system.source, system])),
    sourceOf: new Map(scenario.systems.map((system) => [system.id, system.source])),
    accounts: new Map(scenario.accounts.map((plan) => [plan.id, openAccount(plan, START)])),
    me: scenario.accounts[0]?.id ?? '',
    trouble: new Map(),
    troubles: new Set(),
    entries: new Map(),
    records: new Map(),
    snapshot: undefined,
    restored: false,
    queue: [],
    schedules: new Map(),
    timers: [],
    workers: Array.from({ length: scenario.workers }, (_, index) => ({
      name: `w${index}`,
      turn: undefined,
      pending: undefined,
      park: () => {},
    })),
    truths: new Map(),
    known: [],
    orders: [],
    sent: [],
    given: [],
    console: openConsole(scenario.console),
    writing: new Map(),
    pausedSpans: [],
    brake: { latched: false },
    brakeReleasedAt: 0,
    refused: new Set(),
    refusedWrites: [],
    finishedAt: new Map(),
    holds: [],
    violations: [],
    complainedOf: new Set(),
    unknowable: [],
    accepted: [],
    trace,
    judge,
  };
}

function openConsole(plan: ConsolePlan | undefined): Console | undefined {
  if (plan === undefined) return undefined;
  const members = new Map(plan.members.map(({ person, direct }) => [person, new Set(direct)]));
  return { ...plan, members, late: new Set(plan.late), removed: [], records: new Map() };
}

export const nameOf = ({ source, eventId }: EventRef): string => `${source}/${eventId}`;

/** @param event the event it is about, or the persons */
export function violated(
  world: Judged,
  rule: string,
  { detail, event, persons = [] }: { detail: string; event?: string; persons?: string[] },
): void {
  const about = [...persons, ...(event === undefined ? [] : personsOf(world, event))];
  const stories = [...new Set(about.flatMap((id) => world.people.get(id)?.story ?? []))];
  world.violations.push({ rule, detail, stories });
  say(world, 'JUDGE', `${rule}: ${detail}`);
}

export const personsOf = (world: Pick<World, 'truths'>, event: string): string[] => [
  ...new Set((world.truths.get(event)?.labels ?? []).map(({ person }) => person)),
];

export function truthOf(world: Pick<World, 'truths'>, event: string): Truth {
  let truth = world.truths.get(event);
  if (truth === undefined) {
    truth = { labels: [], told: [], seen: [], doubtful: new Map() };
    world.truths.set(event, truth);
  }
  return truth;
}

/** The event is about the persons that its arrival is about. */
export function learn(world: World, event: string, { label, body }: Message): void {
  if (label === undefined || body.kind !== 'arrival') return;
  const truth = truthOf(world, event);
  if (truth.labels.includes(label)) return;
  truth.labels.push(label);
  const at = Date.parse(body.receivedAt);
  truth.told.push(...label.attributes.map((attribute) => ({ attribute, at })));
}

/** From now on the product knows what the message says. */
export function hear(world: World, { label, body }: Message, waits: boolean): void {
  if (label === undefined || body.kind !== 'arrival') return;
  const { person, fact, attributes, timed } = label;
  const how = label.says === 'something' ? 'announced' : 'delivery';
  world.known.push({ person, fact, attributes, at: world.now, toldAt: Date.parse(body.receivedAt), how, timed, waits });
}

export function say(world: Pick<World, 'trace' | 'now'>, who: string, what: string): void {
  world.trace?.(`${new Date(world.now).toISOString()}  ${who.padEnd(9)} ${what}`);
}

export function send(
  world: World,
  body: Message['body'],
  { delay = 0, label, order }: { delay?: number; label?: Label | undefined; order?: Order | undefined } = {},
): void {
  world.queue.push({ body, label, visibleAt: world.now + delay, receives: 0, order });
}

/** Keeps the timers in their order, so that the next one is the first. */
export function schedule(world: Pick<World, 'timers'>, at: number, run: () => void): void {
  let index = world.timers.length;
  while (index > 0 && (world.timers[index - 1]?.at ?? 0) > at) index -= 1;
  world.timers.splice(index, 0, { at, run });
}

export const hasTrouble = ({ trouble, now }: World, mode: TroubleMode): boolean => (trouble.get(mode)?.until ?? 0) > now;

/** Whether the credential leads to a copy: what is written there changes nothing here. */
export const isElsewhere = (world: World): boolean =>
  hasTrouble(world, 'other-customer') || hasTrouble(world, 'unnamed-customer') || hasTrouble(world, 'strange-customer');
