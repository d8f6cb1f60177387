import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Refusal } from '../query/refusal.ts';
import type { FakeUser } from '../users/user.ts';
import { answerCall, refusalAnswer, type World } from './answer.ts';
import { type Behaviour, standingTrouble, type Trouble, takeTrouble } from './behaviour.ts';
import { type Call, readCall } from './call.ts';
import { type CallRecorder, type LoggedCall, logged } from './call-log.ts';
import { type Answer, hangUp, send, sendHalf } from './wire.ts';

const MAINTENANCE =
  '<!DOCTYPE html><html><head><title>Maintenance</title></head><body><h1>Workfront is under maintenance</h1></body></html>';

type Outcome = { kind: 'answer' | 'half' | 'gzip'; answer: Answer } | { kind: 'reset' };

/** Answers one call. It counts as open until just before the answer leaves. */
export async function serve(
  { request, response }: { request: IncomingMessage; response: ServerResponse },
  { world, calls }: { world: World; calls: CallRecorder },
): Promise<void> {
  const hungUp = new AbortController();
  response.once('close', () => hungUp.abort());
  bringBack(world);
  calls.open();
  const isTooMany = calls.inFlight > world.behaviour.concurrencyCap;
  const { outcome, entry } = await outcomeOf({ request, isTooMany, hungUp: hungUp.signal }, { world, calls }).finally(() => calls.close());
  if (outcome.kind === 'reset') return hangUp(request);

  if (entry !== undefined) calls.finish(entry, outcome.answer.status);
  const spelling = { ...world.behaviour, gzip: world.behaviour.gzip || outcome.kind === 'gzip' };
  if (outcome.kind === 'half') sendHalf(response, outcome.answer, spelling);
  else send(response, outcome.answer, spelling);
}

async function outcomeOf(
  { request, isTooMany, hungUp }: { request: IncomingMessage; isTooMany: boolean; hungUp: AbortSignal },
  { world, calls }: { world: World; calls: CallRecorder },
): Promise<{ outcome: Outcome; entry?: LoggedCall }> {
  const call = await readCall(request).catch((error: unknown) => refusalAnswer(error));
  if ('body' in call) return { outcome: { kind: 'answer', answer: call } };
  const entry = logged(call, world.now());
  calls.add(entry);

  if (isTooMany) return { outcome: { kind: 'answer', answer: tooMany(world.behaviour) }, entry };
  if (world.behaviour.down) return { outcome: { kind: 'answer', answer: { status: 503, body: MAINTENANCE } }, entry };
  const trouble = entry.kind === 'token' ? undefined : troubleOf(entry, world.behaviour);
  // The call goes on even if its caller gives up.
  await pause(world.behaviour.latencyMs, world.closing);
  const onChange = (before: FakeUser, after: FakeUser) => {
    if (!entry.changed) calls.change(entry);
    if (before.isActive && !after.isActive) reactivateLater(after.ID, world);
  };
  if (trouble === 'deleted' && entry.userId !== undefined) world.directory.remove(entry.userId);
  const outcome = await withTrouble(trouble, { world, hungUp }, () => answerCall(call, world, onChange));
  return { outcome: world.behaviour.refusalsEcho ? echoing(outcome, call) : outcome, entry };
}

const troubleOf = (entry: LoggedCall, behaviour: Behaviour): Trouble | undefined =>
  standingTrouble(behaviour, entry) ?? takeTrouble(behaviour, entry.kind === 'write' ? 'write' : 'read');

/** Repeats the whole call in the text of an error, as Workfront does with primary keys and field names. */
function echoing(outcome: Outcome, { pathname, query, form, headers }: Call): Outcome {
  if (outcome.kind === 'reset' || outcome.answer.status === 200) return outcome;
  const { answer } = outcome;
  const echo = JSON.stringify({ pathname, query, form, headers });
  const body = typeof answer.body === 'string' ? `${answer.body}<!-- ${echo} -->` : new Refusal(answer.status, 'argument', echo).body;
  return { ...outcome, answer: { ...answer, body } };
}

/** Lets the call run into its trouble; `answered` does what the call asks. */
async function withTrouble(
  trouble: Trouble | undefined,
  { world: { behaviour, closing }, hungUp }: { world: World; hungUp: AbortSignal },
  answered: () => Answer,
): Promise<Outcome> {
  switch (trouble) {
    case undefined:
    case 'deleted':
      return { kind: 'answer', answer: answered() };
    case 'slow': {
      const answer = answered();
      await pause(behaviour.slowMs, AbortSignal.any([closing, hungUp]));
      return { kind: 'answer', answer };
    }
    case 'gzip':
      return { kind: 'gzip', answer: answered() };
    case 'truncated':
      return { kind: 'half', answer: answered() };
    case 'reset-after-write':
      answered();
      return { kind: 'reset' };
    case 'reset':
    case 'reset-before-write':
      return { kind: 'reset' };
    default:
      return { kind: 'answer', answer: failure(trouble, behaviour) };
  }
}

type Refused = Exclude<Trouble, 'slow' | 'gzip' | 'truncated' | 'deleted' | 'reset' | 'reset-before-write' | 'reset-after-write'>;

function failure(trouble: Refused, behaviour: Behaviour): Answer {
  const refused = (status: number, kind: ConstructorParameters<typeof Refusal>[1], text: string) =>
    refusalAnswer(new Refusal(status, kind, text));
  switch (trouble) {
    case '302':
      return { status: 302, body: '', headers: { location: 'https://auth.services.adobe.com/' } };
    case '307':
      return { status: 307, body: '', headers: { location: 'https://elsewhere.my.workfront.adobe.com/' } };
    case '401':
      return refused(behaviour.unauthenticatedStatus, 'authentication', 'You are not currently logged in.');
    case '403':
      return refused(403, 'right', 'You do not have sufficient access');
    case '403-session':
      return refused(403, 'right', 'Invalid session ID.');
    case '404':
      return refused(404, 'missing', 'Not Found');
    case '408':
      return refused(408, 'internal', 'Request timeout');
    case '409':
      return refused(409, 'internal', 'The object was changed by another request');
    case '410':
      return refused(410, 'unsupported', 'This API version is no longer available');
    case '422':
      return refused(422, 'argument', 'The request contains invalid data');
    case '422-field':
      return refused(422, 'argument', 'APIModel V21_0 does not support field DE:HR ID (User)');
    case '429':
      return tooMany(behaviour);
    case '500':
      return refused(500, 'internal', 'Unexpected error');
    case '503-html':
      return { status: 503, body: MAINTENANCE };
    case '200-429':
      return { status: 200, body: new Refusal(200, 'throttled', '429 Too many concurrent API requests').body };
    case '200-error':
      return { status: 200, body: new Refusal(200, 'internal', 'Unexpected error').body };
    case '200-html':
      return { status: 200, body: MAINTENANCE };
    case '200-other':
      return { status: 200, body: { data: { success: true } } };
    case '200-number':
      return { status: 200, body: 42 };
    case '200-half':
      return { status: 200, body: Buffer.from('{"data":[{"ID":') };
    case '200-large':
      return { status: 200, body: { data: 'x'.repeat(1_100_000) } };
  }
}

/** 429 "too many concurrent API requests for the customer" (OpenAPI); nothing documents a Retry-After. */
function tooMany({ retryAfterSeconds }: Behaviour): Answer {
  const answer = refusalAnswer(new Refusal(429, 'throttled', 'Too many concurrent API requests'));
  return retryAfterSeconds === null ? answer : { ...answer, headers: { 'retry-after': String(retryAfterSeconds) } };
}

/** Plays the sync of the Admin Console, which activates a user who still has the product profile. */
function reactivateLater(id: string, world: World): void {
  const { syncReactivatesAfterMs } = world.behaviour;
  if (syncReactivatesAfterMs === null) return;
  world.returns.set(id, world.now() + syncReactivatesAfterMs);
  if (syncReactivatesAfterMs === 0) bringBack(world);
  else
    pause(syncReactivatesAfterMs, world.closing).then(
      () => reactivate(id, world),
      () => undefined,
    );
}

/** A test may have moved the clock: whoever is due by now is active before the next answer. */
function bringBack(world: World): void {
  for (const [id, at] of world.returns) if (at <= world.now()) reactivate(id, world);
}

function reactivate(id: string, { directory, returns }: World): void {
  if (returns.delete(id) && directory.byId(id) !== undefined) directory.update(id, { isActive: true, actualDeactivationDate: null });
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await wait(milliseconds, undefined, { signal });
}
