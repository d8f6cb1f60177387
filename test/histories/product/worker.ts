import { createHash } from 'node:crypto';
import { handleMessage } from '../../../lambda/domain/deactivate/handle-message.ts';
import type { TurnEnd } from '../../../lambda/domain/deactivate/turn-end.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { policy } from '../../../lambda/domain/policy.ts';
import type { Desk } from '../../../lambda/domain/ports.ts';
import { backOffSeconds } from '../../../lambda/domain/time/back-off.ts';
import { orLater } from '../../../lambda/domain/watch/after-trouble.ts';
import { compareWithHr } from '../../../lambda/domain/watch/compare.ts';
import { lookAgain } from '../../../lambda/domain/watch/look-again.ts';
import { beginNightlySweep } from '../../../lambda/domain/watch/sweep.ts';
import { SECOND } from '../world/scenario.ts';
import { hear, learn, type Message, nameOf, say, send, type Turn, violated, type Worker, type World } from '../world/world.ts';
import { AwsTrouble, awsCall, leaveInDoubt } from './call.ts';
import { askConsole, followUp } from './console-port.ts';
import { directoryPort } from './directory-port.ts';
import { hrPort } from './hr-port.ts';
import { ledgerPort, schedulesPort } from './ledger-port.ts';

/** As the stack has them: a worker's time-out, the lease a moment longer, the queue's visibility timeout six times that. */
const TIMEOUT = 60 * SECOND;
const VISIBILITY = 6 * TIMEOUT;
const RENEW_AFTER_RECEIVES = 500;
const DEAD_AFTER_RECEIVES = 1000;

/** Waits that end before the core has looked at what the event says. */
const UNREAD = ['busy', 'contended'];

/** An idle worker takes a message. @returns when it waits in its first call */
export function takeMessage(world: World, worker: Worker, message: Message): Promise<void> {
  message.receives += 1;
  message.visibleAt = world.now + VISIBILITY;
  if (message.receives > DEAD_AFTER_RECEIVES)
    violated(world, 'nothing-dies-by-waiting', { detail: nameOf(message.body), event: nameOf(message.body) });
  if (message.receives === 1 && world.throws.chance(world.faults.duplicate)) {
    const { label, order } = message;
    send(world, message.body, { delay: world.throws.pick([0, 3, 500, 40_000, 400_000]), label, order });
  }

  const deadline = world.now + TIMEOUT;
  const turn: Turn = {
    owner: `${worker.name}@${world.now}#${world.throws.int(1_000_000)}`,
    leaseUntil: deadline + SECOND,
    deadline,
    startedAt: world.now,
    message,
    kind: message.body.kind,
    rules: world.rules,
    skew: world.faults.skew === 0 ? 0 : world.throws.int(world.faults.skew),
    written: undefined,
    event: undefined,
    leftWord: false,
    noted: false,
    pauseRead: 'not since the intent',
    intent: undefined,
    answers: [],
  };
  worker.turn = turn;
  if (world.trace) say(world, worker.name, `TAKES ${message.body.kind} of ${nameOf(message.body)}`);
  return parked(worker, () => {
    work(world, worker, turn).then(
      () => rest(worker),
      (failure) => {
        violated(world, 'the-simulation-itself', { detail: String(failure?.stack ?? failure) });
        rest(worker);
      },
    );
  });
}

/** The worker goes on with its call, up to the next one. */
export function goOn(worker: Worker, how: 'go' | 'cutShort'): Promise<void> {
  const { pending } = worker;
  worker.pending = undefined;
  return parked(worker, () => pending?.[how]());
}

function parked(worker: Worker, begin: () => void): Promise<void> {
  return new Promise((resolve) => {
    worker.park = resolve;
    begin();
  });
}

function rest(worker: Worker): void {
  worker.turn = undefined;
  worker.park();
}

function deskOf(world: World, worker: Worker, turn: Turn): Desk {
  return {
    ledger: ledgerPort(world, worker, turn),
    schedules: schedulesPort(world, worker),
    directory: directoryPort(world, worker, turn),
    hr: hrPort(world, worker, turn),
    clock: () => world.now + turn.skew,
    random: () => world.throws.next(),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    maySight: () => world.draining || world.throws.chance(0.95),
    policy: policyOf(turn.rules, [...world.sources.keys()]),
  };
}

const policies = new WeakMap<object, Desk['policy']>();

/** A stage lists its sources. */
function policyOf(rules: Turn['rules'], sources: readonly string[]): Desk['policy'] {
  const known = policies.get(rules);
  if (known !== undefined && Object.keys(known.sources).length === sources.length) return known;
  const parsed = parse(policy, { ...rules, sources: Object.fromEntries(sources.map((name) => [name, {}])) }, 'policy');
  policies.set(rules, parsed);
  return parsed;
}

/** A look that changed nothing ends like a message that finds nothing to do. What is compared with HR changes no event. */
async function endOf(world: World, { worker, turn }: { worker: Worker; turn: Turn }, desk: Desk): Promise<TurnEnd> {
  const { body } = turn.message;
  if (body.kind === 'console-access') return askConsole(world, { worker, turn, ref: body }, desk);
  if (body.kind === 'sweep') {
    const swept = await orLater(() => beginNightlySweep(desk), desk);
    if (swept.kind === 'wait') return swept;
    for (const message of swept.messages) send(world, message);
    return { kind: 'nothing-to-do', entry: undefined, why: 'swept' };
  }
  if (body.kind === 'compare') {
    const end = await orLater(() => compareWithHr(body, desk), desk);
    if (end.kind !== 'compared') return end;
    world.judge.compared(world, turn, { event: nameOf(body), found: end.found });
    return { kind: 'nothing-to-do', entry: undefined, why: end.found ?? 'nothing found' };
  }
  if (body.kind !== 'watch') return handleMessage(body, desk, { worker: turn.owner, leaseUntil: turn.leaseUntil });
  const end = await orLater(() => lookAgain(body, desk), desk);
  return end.kind === 'looked' ? { kind: 'nothing-to-do', entry: end.entry, why: end.saw } : end;
}

/** What the handler does with one message (lambda/handlers/process-leavers.ts). */
async function work(world: World, worker: Worker, turn: Turn): Promise<void> {
  const { message } = turn;
  let seconds: number;
  try {
    const desk = deskOf(world, worker, turn);
    const disposition = await endOf(world, { worker, turn }, desk);
    if (disposition.entry !== undefined) learn(world, nameOf(disposition.entry), message);
    if (disposition.kind !== 'wait' || !UNREAD.includes(disposition.code)) hear(world, message, disposition.kind === 'wait');
    world.judge.turnEnds(world, turn);
    if (world.trace) {
      const how = disposition.kind === 'wait' ? `${disposition.code} ${disposition.seconds} s` : (disposition.entry?.status ?? '');
      say(world, worker.name, `ends: ${disposition.kind} ${how}`);
    }
    if (disposition.kind !== 'wait' && world.console !== undefined)
      await followUp(world, { kind: turn.kind, entry: disposition.entry }, desk);
    if (disposition.kind !== 'wait')
      return await tryTo(() => awsCall(world, worker, { what: 'deletes the message', effect: () => forget(world, message) }));
    seconds = disposition.seconds;
  } catch (failure) {
    leaveInDoubt(turn);
    world.judge.turnEnds(world, turn);
    if (!(failure instanceof AwsTrouble))
      violated(world, 'only-trouble-is-thrown', {
        detail: failure instanceof Error ? (failure.stack ?? '') : 'no error',
        event: nameOf(message.body),
      });
    seconds = backOffSeconds(message.receives, world.throws.next());
  }
  await tryTo(() => putBack(world, worker, { message, seconds }));
}

async function putBack(world: World, worker: Worker, { message, seconds }: { message: Message; seconds: number }): Promise<void> {
  if (message.receives < RENEW_AFTER_RECEIVES) {
    return awsCall(world, worker, {
      what: `hides the message for ${seconds} s`,
      effect: () => {
        message.visibleAt = world.now + seconds * SECOND * thinnedBy(message);
      },
    });
  }
  const { body, label, order } = message;
  await awsCall(world, worker, { what: 'sends the message again', effect: () => send(world, body, { label, order }) });
  await awsCall(world, worker, { what: 'deletes the message', effect: () => forget(world, message) });
}

/** Trouble of days is asked about ever less often, or one history would be most of the run. */
const thinnedBy = ({ receives }: Message): number => Math.min(30, 1 + Math.floor(receives / 12) * 4);

/** Trouble with the queue itself: the message comes again after its visibility timeout. */
async function tryTo(step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (failure) {
    if (!(failure instanceof AwsTrouble)) throw failure;
  }
}

function forget(world: World, message: Message): void {
  const index = world.queue.indexOf(message);
  if (index >= 0) world.queue.splice(index, 1);
}
