import type { HrEvent } from '../domain/event/hr-event.ts';

/** A delivery as it came. A header that came more than once is joined by ", " (RFC 9110, section 5.3). */
export interface Delivery {
  /** By name in lower case. */
  headers: ReadonlyMap<string, string>;
  /** The bytes that were signed. */
  body: Uint8Array;
}

/**
 * Whether a delivery is the source's own. `unusable-secret` is our fault, never the sender's: no secret at all, or one that
 * cannot be a key while none of the others proves the delivery.
 */
export type Verdict =
  | { kind: 'genuine' /** The delivery's id, where the signature covers one. */; signedId: string | undefined }
  | { kind: 'forged' }
  | { kind: 'unusable-secret' };

/** One event of a delivery, with the id and digest that every redelivery of it has too. */
export interface IdentifiedEvent {
  eventId: string;
  /** SHA-256 in hex of what the event says, without its id and time. */
  digest: string;
  event: HrEvent;
}

/** What a delivery says. `ignored` counts its items of types that are not ours. */
export interface Understood {
  events: IdentifiedEvent[];
  ignored: number;
}

/** An answer, which for most systems has nothing to say. */
export interface PlainAnswer {
  status: 200 | 202 | 204;
  contentType?: string;
  body?: string;
}

/** How a system wants to be answered. */
export interface AnswerPolicy {
  /**
   * To what is stored, and to what says nothing that is ours. `eventIds`: the body names the events. `{now}` in a body stands for
   * the time of receipt, RFC 3339.
   */
  success: PlainAnswer & { eventIds?: true };
  /**
   * To what is proven, but not understood; it is in the quarantine then. A system whose makers cannot read our answer sends the
   * same again or stops sending at all: `as-success` says that we have it.
   */
  unreadable: 'refused' | 'as-success';
  /** Whether it never sends again after a 4xx: what could not be kept is then answered 503. */
  refusalIsFinal: boolean;
}

/** A request that only asks whether we are there. Nothing is proven and nothing changes. */
export interface Greeting {
  kind: 'ping' | 'challenge';
  answer: PlainAnswer;
  /** Whether it says something that a person needs: then it is kept in the quarantine. */
  keep?: boolean;
}

/** One HR system, ready to be listened to. */
export interface Source {
  name: string;
  secretId: string;
  /** The headers that prove a delivery, in lower case. */
  proofHeaders: readonly string[];
  /** Whether those headers are the secret itself, and so are kept nowhere once they have proven a delivery. */
  proofIsSecret: boolean;
  answers: AnswerPolicy;
  /** The content types that a delivery may have; undefined where the system is not to be tied to one. */
  contentType: RegExp | undefined;
  greet(request: { method: string; delivery: Delivery }): Greeting | undefined;
  /** @param now milliseconds since the epoch */
  verify(delivery: Delivery, secrets: readonly string[], now: number): Verdict;
  /**
   * The text of a body as data: JSON, unless the system writes something else.
   *
   * @throws InvalidInput
   */
  read(text: string): unknown | Promise<unknown>;
  /**
   * @param body what `read` made of the body
   * @throws InvalidInput with one line that says what was expected and what it got
   */
  understand(body: unknown, signedId: string | undefined): Understood;
}
