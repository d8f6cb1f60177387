import { expect, it } from '@jest/globals';
import { conclude } from '../../../lambda/domain/deactivate/conclude.ts';
import type { HrEvent } from '../../../lambda/domain/event/hr-event.ts';
import type { EventRef, LeaverMessage } from '../../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import type { HrRecord, User } from '../../../lambda/domain/ports.ts';
import { DAY, SECOND, toInstant, toMillis } from '../../../lambda/domain/time/time.ts';
import { identify } from '../../../lambda/sources/identify.ts';
import { aDirectory, aRescission, aTermination, aUser, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';
import { work } from '../../support/working.ts';

/** One thing that happens: HR says something, somebody changes Workfront, an operator orders. */
export type Step = (life: Life) => Promise<unknown> | unknown;

/** What a story says: who is in Workfront, what happens when, and how it ends. */
export interface Story {
  what: string;
  /** Users 1, 2, 3, in this order. */
  users?: Partial<User>[];
  rules?: Parameters<typeof aDesk>[0]['rules'];
  /** The sources whose HR system can be asked. */
  lookUps?: string[];
  /** Instants, in order, with what happens then. */
  steps: [at: string, ...Step[]][];
  /** Where each event ends: its status, and its reason if it has one. */
  ends: Record<string, string>;
  /** The users that the product deactivated. */
  gone: number[];
}

/** A stage with its people, through time: the clock runs, what is due is done, what nobody keeps expires. */
export class Life {
  readonly desk: TestDesk;
  readonly #refs = new Map<string, EventRef>();
  readonly #written = new Map<string, number>();
  readonly #forgotten = new Map<string, string>();
  #waiting: LeaverMessage[] = [];
  #turns = 0;

  constructor({ users = [{}], rules = {}, lookUps = [] }: Pick<Story, 'users' | 'rules' | 'lookUps'>, now: string) {
    const people = users.map((user, index) => ({ id: guid(index + 1), ...user }));
    this.desk = aDesk({ users: aDirectory(...people), rules, lookUps, now: toMillis(now) });
    const { writeRecord } = this.desk.ledger;
    this.desk.ledger.writeRecord = (key, record) => {
      this.#written.set(key, this.desk.now);
      return writeRecord.call(this.desk.ledger, key, record);
    };
    this.desk.ledger.finishedBefore = async ({ source, eventId }) => this.#forgotten.get(`${source}/${eventId}`);
  }

  /** Lets time pass: all that is due or waits has its turn at its own time. */
  async until(instant: string): Promise<void> {
    const target = toMillis(instant);
    for (let turns = 0; ; turns++) {
      if (turns > 50_000) throw new Error('something is due again and again');
      await this.settle(target);
      const next = [...this.desk.schedules.due.values()].sort((one, other) => toMillis(one.at) - toMillis(other.at))[0];
      if (next === undefined || toMillis(next.at) > target) break;
      this.desk.now = Math.max(this.desk.now, toMillis(next.at));
      this.expire();
      await this.desk.schedules.remove(next.ref);
      this.#waiting.push({ kind: 'due', ...next.ref });
    }
    this.desk.now = Math.max(this.desk.now, target);
    this.expire();
  }

  /** Works on all that waits, up to a time: what waits longer stays in the queue. */
  async settle(target: number): Promise<void> {
    const later: LeaverMessage[] = [];
    const patience = this.#turns + 60;
    for (let message = this.#waiting.shift(); message !== undefined; message = this.#waiting.shift()) {
      this.#turns += 1;
      if (this.#turns > 50_000) throw new Error('the story does not come to its end');
      // Weeks of waiting are the same turn again and again: the last one is enough.
      if (this.#turns > patience) this.desk.now = Math.max(this.desk.now, target);
      this.expire();
      const end = await work(message, this.desk, `worker-${this.#turns}`);
      if (end.kind !== 'wait') continue;
      const again = this.desk.now + end.seconds * SECOND;
      if (again > target) later.push(message);
      else {
        this.desk.now = again;
        this.#waiting.push(message);
      }
    }
    this.#waiting = later;
  }

  /** Sends a message and works on it, and on all that waits, for as long as a minute. */
  async send(message: LeaverMessage): Promise<void> {
    this.#waiting.push(message);
    await this.settle(this.desk.now + 10 * 60 * SECOND);
  }

  /** HR says something; known by a label from now on. */
  async hear(label: string, event: HrEvent, { source = 'acme-hr', id = label }: { source?: string; id?: string | undefined } = {}) {
    const receivedAt = toInstant(this.desk.now);
    const [identified] = identify([{ event, ...(id !== '' && { id }) }], { source, signedId: undefined });
    if (identified === undefined) throw new Error('an event has an id');
    const before = new Set(this.desk.ledger.entries.keys());
    const message: LeaverMessage = { kind: 'arrival', source, receivedAt, ...identified };
    this.#waiting.push(message);
    const end = await work(message, this.desk, `worker-${label}`);
    const opened = [...this.desk.ledger.entries.values()].find((entry) => !before.has(`${entry.source}/${entry.eventId}`));
    const known = end.entry ?? opened ?? { source, eventId: identified.eventId };
    this.#refs.set(label, { source: known.source, eventId: known.eventId });
    await this.settle(this.desk.now + 10 * 60 * SECOND);
  }

  #keyOf(label: string): string {
    const { source, eventId } = this.#refs.get(label) ?? { source: 'acme-hr', eventId: label };
    return `${source}/${eventId}`;
  }

  #isForgotten = (label: string): boolean => this.#forgotten.has(this.#keyOf(label)) && !this.desk.ledger.entries.has(this.#keyOf(label));

  entry(label: string): LedgerEntry {
    const entry = this.desk.ledger.entries.get(this.#keyOf(label));
    if (entry === undefined) throw new Error(`the ledger has no event ${label}`);
    return entry;
  }

  /** Where an event is: its status, and its reason if it has one. */
  end(label: string): string {
    if (this.#isForgotten(label)) return 'forgotten';
    const { status, reason } = this.entry(label);
    return reason === undefined ? status : `${status} ${reason}`;
  }

  user(number: number): User {
    const user = this.desk.directory.users.get(guid(number));
    if (user === undefined) throw new Error(`no user ${number}`);
    return user;
  }

  /** As the table's TTL does: what is not kept is gone when the stage's memory ends. */
  expire(): void {
    const { ledger, policy, now } = this.desk;
    const memory = policy.rememberDays * DAY;
    for (const [key, { kept }] of [...ledger.records]) {
      if (key.startsWith('stage/') || kept) continue;
      if (now - (this.#written.get(key) ?? now) > memory) ledger.records.delete(key);
    }
    for (const [key, { finishedAt }] of [...ledger.entries]) {
      if (finishedAt === undefined || now - toMillis(finishedAt) <= memory) continue;
      ledger.entries.delete(key);
      this.#forgotten.set(key, finishedAt);
    }
  }
}

interface Said {
  source?: string;
  /** HR's own id of the event; the label, if nothing is said. */
  id?: string;
}

/** Said by a system that sends no ids: equal words have one id. */
export const NO_ID: Said = { id: '' };

/** HR ends the employment; without an id, the event is known by its content. */
export const leaves =
  (label: string, changes: Parameters<typeof aTermination>[0] = {}, said: Said = {}): Step =>
  (life) =>
    life.hear(label, aTermination(changes), said);

/** HR takes a termination back. */
export const stays =
  (label: string, changes: Parameters<typeof aRescission>[0] = {}, said: Said = {}): Step =>
  (life) =>
    life.hear(label, aRescission(changes), said);

/** HR says that somebody is, or will be, at work. */
export const works =
  (label: string, changes: Partial<Extract<HrEvent, { type: 'employee.sign_of_life' }>> = {}, said: Said = {}): Step =>
  (life) =>
    life.hear(label, { type: 'employee.sign_of_life', sign: 'hired', employee: { email: 'ana@acme.test' }, ...changes }, said);

/** Somebody changes a user in Workfront by hand. */
export const changes =
  (number: number, change: Partial<User>): Step =>
  (life) =>
    void Object.assign(life.user(number), change);

/** A user is made in Workfront, now. */
export const isMade =
  (number: number, user: Partial<User> = {}): Step =>
  ({ desk }) =>
    void desk.directory.users.set(guid(number), aUser({ id: guid(number), madeAt: toInstant(desk.now), ...user }));

export const isDeleted =
  (number: number): Step =>
  ({ desk }) =>
    void desk.directory.users.delete(guid(number));

/** What HR says from now on when it is asked about an id. */
export const hrSays =
  (sourceId: string, says: Partial<HrRecord> | undefined): Step =>
  ({ desk }) => {
    if (says === undefined) desk.hr.says.delete(sourceId);
    else
      desk.hr.says.set(sourceId, {
        employee: { email: 'ana@acme.test' },
        standing: 'left',
        lastDay: undefined,
        startedOn: undefined,
        ...says,
      });
  };

/** An operator releases an event from the guard that holds it. */
export const released =
  (label: string, userId?: number): Step =>
  (life) => {
    const { source, eventId, version, hold } = life.entry(label);
    const user = userId === undefined ? {} : { userId: guid(userId) };
    return life.send({ kind: 'release', source, eventId, guard: hold?.guard ?? 'none', entryVersion: version, by: 'ops-person', ...user });
  };

/** An operator replays an event that failed or is finished. */
export const replayed =
  (label: string, userId?: number): Step =>
  (life) => {
    const { source, eventId, version } = life.entry(label);
    const user = userId === undefined ? {} : { userId: guid(userId) };
    return life.send({ kind: 'replay', source, eventId, entryVersion: version, by: 'ops-person', ...user });
  };

/** An operator says that the event was a mistake. */
export const rejected =
  (label: string): Step =>
  async (life) => {
    const rest = { status: 'rejected', why: 'a mistake of HR', by: 'ops-person' } as const;
    await conclude(structuredClone(life.entry(label)), rest, life.desk);
  };

/** From now on Workfront, or a part of it, does not answer; `undefined` ends that. */
export const fails =
  (port: 'find' | 'read' | 'deactivate' | 'owner', failure: (() => Error) | undefined): Step =>
  ({ desk }) => {
    if (failure === undefined) Reflect.deleteProperty(desk.directory, port);
    else Object.assign(desk.directory, { [port]: () => Promise.reject(failure()) });
  };

/** A person pauses the stage. */
export const paused: Step = ({ desk }) => {
  const value = { paused: { at: toInstant(desk.now), by: 'ops-person', reason: 'cut-over' } };
  desk.ledger.records.set('stage/pause', { value, version: 1 });
};

export const resumed: Step = ({ desk }) => void desk.ledger.records.set('stage/pause', { value: {}, version: 2 });

/** Workfront does not answer. */
export const down = () => new TransientFailure('timeout', 'Workfront did not answer; it is tried again');

/** Workfront refuses a write. */
export const forbidden = () =>
  new PermanentFailure('forbidden', 'Workfront refused the write; give the credential the right to edit users');

/** Says in the middle of a story where an event is. */
export const is =
  (label: string, end: string): Step =>
  (life) => {
    if (life.end(label) !== end) throw new Error(`${label} is ${life.end(label)} at ${toInstant(life.desk.now)}, expected ${end}`);
  };

/** Changes the rules, as a deployment does. */
export const deployed =
  (rules: Partial<TestDesk['policy']>): Step =>
  ({ desk }) => {
    desk.policy = { ...desk.policy, ...rules };
  };

/** Tells stories to their ends. */
export function itHappens(stories: Story[]): void {
  it.each(stories)('$what', async (story) => {
    const { ends, gone } = await told(story);

    expect({ ends, gone }).toEqual({ ends: story.ends, gone: story.gone });
  });
}

/** Tells a story to its end. */
export async function told(story: Story): Promise<{ ends: Record<string, string>; gone: number[]; life: Life }> {
  const [first] = story.steps;
  if (first === undefined) throw new Error('a story has a step');
  const life = new Life(story, first[0]);
  for (const [at, ...steps] of story.steps) {
    await life.until(at);
    for (const step of steps) await step(life);
  }
  await life.settle(life.desk.now + DAY);
  const gone = life.desk.directory.writes.filter(({ changed }) => changed).map(({ userId }) => Number.parseInt(userId, 16));
  return { ends: Object.fromEntries(Object.keys(story.ends).map((label) => [label, life.end(label)])), gone: gone.sort(), life };
}
