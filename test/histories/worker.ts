import { handleMessage } from '../../lambda/domain/deactivate/handle-message.ts';
import { backOffSeconds } from '../../lambda/domain/time/back-off.ts';
import { AwsTrouble, awsCall, deskOf } from './ports.ts';
import { type Message, nameOf, say, send, type TurnSeen, violated, type Worker, type World } from './world.ts';

const SECOND = 1000;
/** As the stack has them: a worker's time-out, the lease a moment longer, the queue's visibility timeout six times that. */
const TIMEOUT = 60 * SECOND;
const VISIBILITY = 6 * TIMEOUT;
const RENEW_AFTER_RECEIVES = 500;
const DEAD_AFTER_RECEIVES = 1000;

/** An idle worker takes a message. @returns when it waits in its first call */
export function takeMessage(world: World, worker: Worker, message: Message): Promise<void> {
  message.receives += 1;
  message.visibleAt = world.now + VISIBILITY;
  if (message.receives > DEAD_AFTER_RECEIVES) violated(world, 'nothing-dies-by-waiting', nameOf(message.body));
  if (message.receives === 1 && world.throws.chance(world.faults.duplicate)) {
    send(world, message.body, world.throws.pick([0, 3, 500, 40_000, 400_000]));
  }

  const deadline = world.now + TIMEOUT;
  const turn: TurnSeen = {
    owner: `${worker.name}@${world.now}#${world.throws.int(1_000_000)}`,
    leaseUntil: deadline + SECOND,
    deadline,
    startedAt: world.now,
    message,
    policy: world.policy,
    written: undefined,
    forbidden: undefined,
    pauseRead: 'not since the intent',
    heard: undefined,
  };
  worker.turn = turn;
  say(world, worker.name, `TAKES ${message.body.kind} of ${nameOf(message.body)}`);
  return parked(worker, () => {
    work(world, worker, turn).then(
      () => rest(worker),
      (failure) => {
        violated(world, 'the-simulation-itself', String(failure?.stack ?? failure));
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

/** What the handler does with one message (lambda/handlers/process-leavers.ts). */
async function work(world: World, worker: Worker, turn: TurnSeen): Promise<void> {
  const { message } = turn;
  let seconds: number;
  try {
    const disposition = await handleMessage(message.body, deskOf(world, worker, turn), turn);
    say(
      world,
      worker.name,
      `ends: ${disposition.kind} ${disposition.kind === 'wait' ? `${disposition.code} ${disposition.seconds} s` : (disposition.entry?.status ?? '')}`,
    );
    if (disposition.kind !== 'wait') return await tryTo(() => awsCall(world, worker, 'deletes the message', () => forget(world, message)));
    seconds = disposition.seconds;
  } catch (failure) {
    if (!(failure instanceof AwsTrouble))
      violated(world, 'only-trouble-is-thrown', failure instanceof Error ? (failure.stack ?? '') : 'no error');
    seconds = backOffSeconds(message.receives, world.throws.next());
  }
  await tryTo(() => putBack(world, worker, message, seconds));
}

async function putBack(world: World, worker: Worker, message: Message, seconds: number): Promise<void> {
  if (message.receives < RENEW_AFTER_RECEIVES) {
    return awsCall(world, worker, `hides the message for ${seconds} s`, () => {
      message.visibleAt = world.now + seconds * SECOND;
    });
  }
  await awsCall(world, worker, 'sends the message anew', () => send(world, message.body));
  await awsCall(world, worker, 'deletes the message', () => forget(world, message));
}

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
