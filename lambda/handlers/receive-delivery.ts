import type { APIGatewayProxyResult } from 'aws-lambda';
import type { KeptDelivery } from '../domain/event/kept-delivery.ts';
import type { Arrival } from '../domain/event/leaver-message.ts';
import { TransientFailure } from '../domain/failures.ts';
import type { Clock } from '../domain/ports.ts';
import { toInstant } from '../domain/time/time.ts';
import type { Greeting, Source } from '../sources/source.ts';
import { answerTo } from './delivery-answer.ts';
import { type DeliveryResult, type DeliverySignals, reportDelivery } from './delivery-report.ts';
import { type HttpRequest, readHttpRequest } from './http-request.ts';
import { asKept, proofFound } from './keep-delivery.ts';
import { type KnownSecrets, proveDelivery } from './prove-delivery.ts';
import { readDelivery } from './read-delivery.ts';

const MOST_BODY_BYTES = 512 * 1024;
const UNUSABLE = new TransientFailure('secret-unusable', 'the stored secret is not a valid key for this scheme; set it again');

/** Everything that the receiver reaches. */
export interface Receiver extends DeliverySignals {
  sources: ReadonlyMap<string, Source>;
  secrets: KnownSecrets;
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
 * Accepts a delivery: proves it over its raw bytes, reads it and puts its events on the leaver queue.
 * 2xx: all of it is stored, or nothing in it concerns us. 4xx: it is certainly not a delivery to accept. 5xx: the fault is ours.
 * The system of the source decides which 2xx, and whether an unreadable delivery is refused.
 */
export function receiveDelivery(receiver: Receiver): (event: unknown) => Promise<APIGatewayProxyResult> {
  return async (event) => {
    const receivedAt = receiver.clock();
    const request = readHttpRequest(event);
    const source = receiver.sources.get(request.source);
    const result = await resultOf({ request, source, receivedAt }, receiver).catch(
      (fault: unknown): DeliveryResult => ({ kind: 'rejected', reason: 'unexpected', fault }),
    );
    const answer = answerTo(result, { requestId: request.requestId, source, receivedAt });
    reportDelivery({ requestId: request.requestId, source: source?.name, status: answer.statusCode, result }, receiver);
    return answer;
  };
}

async function resultOf(
  { request, source, receivedAt }: Omit<Received, 'source'> & { source: Source | undefined },
  receiver: Receiver,
): Promise<DeliveryResult> {
  if (source === undefined) return { kind: 'rejected', reason: 'unknown-source' };
  const greeting = source.greet(request);
  if (greeting !== undefined) return greet({ request, source, receivedAt }, greeting, receiver);
  if (request.method !== 'POST') return { kind: 'rejected', reason: 'wrong-method' };
  if (request.delivery.body.length > MOST_BODY_BYTES) return { kind: 'rejected', reason: 'too-large' };

  const received = { request, source, receivedAt };
  const proof = await proveDelivery(request.delivery, { source, receivedAt }, receiver.secrets);
  switch (proof.kind) {
    case 'unusable-secret':
      return { kind: 'rejected', reason: 'no-secret', fault: proof.fault ?? UNUSABLE };
    case 'forged':
      return refuseForged(received, receiver);
    case 'genuine':
      if (proof.former) receiver.metrics.oldSecretUsed(source.name);
      return accept(received, proof.signedId, receiver);
  }
}

async function greet(received: Received, greeting: Greeting, { quarantine }: Receiver): Promise<DeliveryResult> {
  const kept = asKept(received, { why: 'signature', detail: `a ${greeting.kind} of the HR system` });
  if (greeting.keep === true && !(await quarantine.keepForged(kept))) return { kind: 'rejected', reason: 'quarantine-trouble' };
  return { kind: 'greeted', greeting };
}

async function refuseForged(received: Received, { quarantine }: Receiver): Promise<DeliveryResult> {
  const { detail: saw, looksReal } = proofFound(received);
  const kept = await quarantine.keepForged(asKept(received, { why: 'signature', detail: saw }));
  // Our secret or scheme may be the wrong one: a delivery that looks right and cannot be kept must be sent again.
  const mustReturn = !kept && received.source.answers.refusalIsFinal && looksReal;
  return { kind: 'rejected', reason: mustReturn ? 'quarantine-trouble' : 'forged', kept, saw };
}

async function accept(received: Received, signedId: string | undefined, { queue, quarantine }: Receiver): Promise<DeliveryResult> {
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
  } catch (fault) {
    return { kind: 'rejected', reason: 'queue-trouble', fault };
  }
  const { ignored, leftOut } = read;
  const accepted = { kind: 'accepted', eventIds: arrivals.map(({ eventId }) => eventId), ignored } as const;
  if (leftOut === undefined) return accepted;
  try {
    // Only now: what is good must not wait for the quarantine. If HR sends all of it again, the good events are known.
    await quarantine.keep(asKept(received, { why: 'unreadable', detail: inPart(accepted.eventIds, leftOut) }));
    return { ...accepted, leftOut };
  } catch (fault) {
    return { kind: 'rejected', reason: 'quarantine-trouble', fault };
  }
}

/** Enough for a person to find the cause. */
const MOST_NAMED = 5;

const inPart = (eventIds: readonly string[], leftOut: readonly string[]): string =>
  [`${eventIds.length} accepted, ${leftOut.length} left out`, ...leftOut.slice(0, MOST_NAMED)].join('; ');
