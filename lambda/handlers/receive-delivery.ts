import type { APIGatewayProxyResult } from 'aws-lambda';
import type { KeptDelivery } from '../domain/event/kept-delivery.ts';
import type { Arrival } from '../domain/event/leaver-message.ts';
import { TransientFailure } from '../domain/failures.ts';
import type { Clock } from '../domain/ports.ts';
import { toInstant } from '../domain/time/time.ts';
import type { Greeting, PlainAnswer, Source, Verdict } from '../sources/source.ts';
import { type Outcome, reportDelivery, type Signals } from './delivery-report.ts';
import { type HttpRequest, readHttpRequest } from './http-request.ts';
import { problem } from './problem.ts';
import { readDelivery } from './read-delivery.ts';

const MOST_BYTES = 512 * 1024;
const UNUSABLE = new TransientFailure('secret-unusable', 'expected a secret that can be a key of the scheme, got another, set it anew');

/** Everything the receiver reaches. */
export interface Receiver extends Signals {
  sources: ReadonlyMap<string, Source>;
  secrets: {
    /** @throws where there is none to be had */
    read(secretId: string): Promise<readonly string[]>;
    /** Looks again, as often as is sensible; the same list where nothing is newer. @throws as read */
    refresh(secretId: string): Promise<readonly string[]>;
  };
  queue: { sendAll(messages: readonly Arrival[]): Promise<void> };
  quarantine: {
    keep(delivery: KeptDelivery): Promise<void>;
    /** Never throws, takes a second at most. */
    keepForged(delivery: KeptDelivery): Promise<boolean>;
  };
  clock: Clock;
}

interface Received {
  request: HttpRequest;
  source: Source;
  receivedAt: number;
}

/**
 * Takes a delivery on: proves it over its raw bytes, understands it and puts its events on the leaver queue.
 * 2xx means that all of it is stored, or that nothing in it is ours; a 4xx, that this is certainly no delivery to take on; a 5xx,
 * that the fault is ours. Which 2xx, and whether what we do not understand is refused, is as the source's system wants it.
 */
export function receiveDelivery(receiver: Receiver): (event: unknown) => Promise<APIGatewayProxyResult> {
  return async (event) => {
    const receivedAt = receiver.clock();
    const request = readHttpRequest(event);
    const source = receiver.sources.get(request.source);
    const outcome = await outcomeOf({ request, source, receivedAt }, receiver).catch(
      (fault: unknown): Outcome => ({ kind: 'rejected', reason: 'unexpected', fault }),
    );
    const answer = answerOf(outcome, { requestId: request.requestId, source, receivedAt });
    reportDelivery({ requestId: request.requestId, source: source?.name, status: answer.statusCode, outcome }, receiver);
    return answer;
  };
}

async function outcomeOf(
  { request, source, receivedAt }: Omit<Received, 'source'> & { source: Source | undefined },
  receiver: Receiver,
): Promise<Outcome> {
  if (source === undefined) return { kind: 'rejected', reason: 'unknown-source' };
  const greeting = source.greet(request);
  if (greeting !== undefined) return greet({ request, source, receivedAt }, greeting, receiver);
  if (request.method !== 'POST') return { kind: 'rejected', reason: 'wrong-method' };
  if (request.delivery.body.length > MOST_BYTES) return { kind: 'rejected', reason: 'too-large' };

  const received = { request, source, receivedAt };
  const proof = await prove(received, receiver);
  switch (proof.kind) {
    case 'unusable-secret':
      return { kind: 'rejected', reason: 'no-secret', fault: proof.fault ?? UNUSABLE };
    case 'forged': {
      const kept = await receiver.quarantine.keepForged(asKept(received, { why: 'signature', detail: 'the signature did not prove it' }));
      // our secret may be the wrong one: a delivery that looks right and cannot be kept must be sent again
      const mustReturn = !kept && source.answers.refusalIsFinal && source.proofHeaders.every((name) => request.delivery.headers.has(name));
      return { kind: 'rejected', reason: mustReturn ? 'quarantine-trouble' : 'forged', kept };
    }
    case 'genuine':
      if (proof.former) receiver.metrics.oldSecretUsed(source.name);
      return takeOn(received, proof.signedId, receiver);
  }
}

async function greet(received: Received, greeting: Greeting, { quarantine }: Receiver): Promise<Outcome> {
  const asked = asKept(received, { why: 'signature', detail: `a ${greeting.kind} of the HR system` });
  if (greeting.keep === true && !(await quarantine.keepForged(asked))) return { kind: 'rejected', reason: 'quarantine-trouble' };
  return { kind: 'greeted', greeting };
}

type Proof =
  /** `former`: it is signed with an older secret of the source, so that one may not be retired yet. */
  (Extract<Verdict, { kind: 'genuine' }> & { former: boolean }) | { kind: 'forged' } | { kind: 'unusable-secret'; fault?: unknown };

/** A secret that was rotated just now works at once: before a delivery is called forged, the secret is looked up again. */
async function prove({ request, source, receivedAt }: Received, { secrets }: Receiver): Promise<Proof> {
  const judge = (known: readonly string[]): Proof => {
    const verdict = source.verify(request.delivery, known, receivedAt);
    if (verdict.kind !== 'genuine') return verdict;
    return { ...verdict, former: known.length > 1 && source.verify(request.delivery, known.slice(0, 1), receivedAt).kind !== 'genuine' };
  };
  try {
    const known = await secrets.read(source.secretId);
    const proof = judge(known);
    if (proof.kind === 'genuine') return proof;

    const newest = await secrets.refresh(source.secretId);
    return newest === known ? proof : judge(newest);
  } catch (fault) {
    return { kind: 'unusable-secret', fault };
  }
}

async function takeOn(received: Received, signedId: string | undefined, { queue, quarantine }: Receiver): Promise<Outcome> {
  const { source, receivedAt } = received;
  const read = await readDelivery(received.request.delivery, { source, signedId });
  if ('reason' in read) {
    try {
      await quarantine.keep(asKept(received, { why: 'unreadable', detail: read.detail }));
      return { kind: 'rejected', ...read, kept: true, asSuccess: source.answers.unreadable === 'as-success' };
    } catch (fault) {
      return { kind: 'rejected', reason: 'quarantine-trouble', fault };
    }
  }

  const arrivals = read.events.map(
    (event): Arrival => ({ kind: 'arrival', source: source.name, ...event, receivedAt: toInstant(receivedAt) }),
  );
  try {
    if (arrivals.length > 0) await queue.sendAll(arrivals);
    return { kind: 'accepted', eventIds: arrivals.map(({ eventId }) => eventId), ignored: read.ignored };
  } catch (fault) {
    return { kind: 'rejected', reason: 'queue-trouble', fault };
  }
}

function asKept({ request, source, receivedAt }: Received, { why, detail }: Pick<KeptDelivery, 'why' | 'detail'>): KeptDelivery {
  const { headers, body } = request.delivery;
  const isProven = why === 'unreadable';
  const names = [...(isProven && source.proofIsSecret ? [] : source.proofHeaders), 'content-type'];
  return {
    v: 1,
    why,
    source: source.name,
    receivedAt: toInstant(receivedAt),
    requestId: request.requestId,
    detail,
    headers: Object.fromEntries(
      names.flatMap((name) => {
        const value = headers.get(name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    bodyBase64: Buffer.from(body).toString('base64'),
  };
}

function answerOf(
  outcome: Outcome,
  { requestId, source, receivedAt }: { requestId: string; source: Source | undefined; receivedAt: number },
): APIGatewayProxyResult {
  if (outcome.kind === 'greeted') return plain(outcome.greeting.answer);
  const success = source?.answers.success;
  if (outcome.kind === 'rejected' && (success === undefined || outcome.asSuccess !== true)) {
    return problem(outcome.reason, { requestId, detail: outcome.detail });
  }

  const { eventIds, ignored } = outcome.kind === 'accepted' ? outcome : { eventIds: [], ignored: 0 };
  if (success?.eventIds === true) {
    const body = JSON.stringify(ignored > 0 ? { eventIds, ignored } : { eventIds });
    return plain({ status: success.status, contentType: 'application/json', body });
  }
  return plain({ status: 200, ...success, body: (success?.body ?? '').replaceAll('{now}', toInstant(receivedAt)) });
}

const plain = ({ status, contentType, body = '' }: PlainAnswer): APIGatewayProxyResult => ({
  statusCode: status,
  ...(contentType !== undefined && { headers: { 'content-type': contentType } }),
  body,
});
