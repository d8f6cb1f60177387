import type { HrEvent } from '../domain/event/hr-event.ts';

/** A delivery as the HR system sent it. A header that occurs more than once is joined by ", " (RFC 9110, section 5.3). */
export interface Delivery {
  /** By name in lower case. */
  headers: ReadonlyMap<string, string>;
  /** The signed bytes. */
  body: Uint8Array;
}

/**
 * Whether a delivery is the source's own. `unusable-secret` is our fault, never the sender's: there is no secret, or one of them
 * cannot be a key and none of the others proves the delivery.
 */
export type Verification =
  | { kind: 'genuine' /** The delivery's id, if the signature covers one. */; signedId: string | undefined }
  | { kind: 'forged' }
  | { kind: 'unusable-secret' };

/** One event of a delivery, with the id and digest that every redelivery of it has too. */
export interface IdentifiedEvent {
  eventId: string;
  /** SHA-256 in hex of the event's content, without its id and time. */
  digest: string;
  event: HrEvent;
}

/** The content of a delivery. `ignored` counts its items of other types than ours. */
export interface Understood {
  events: IdentifiedEvent[];
  ignored: number;
  /** Why items that are ours are not among the events, one line each. The delivery must be kept for them. */
  leftOut?: string[];
}

/** An answer to a delivery; most systems do not look at its body. */
export interface PlainAnswer {
  status: 200 | 202 | 204;
  contentType?: string;
  body?: string;
}

/** Which answers a system expects. */
export interface AnswerPolicy {
  /**
   * The answer to a delivery that is stored, and to one without events of ours. `eventIds`: the body names the events. `{now}` in a
   * body is replaced by the time of receipt, RFC 3339.
   */
  success: PlainAnswer & { eventIds?: true };
  /**
   * The answer to a delivery that is genuine but not understood; the quarantine has it then. A system whose makers cannot read our
   * answer sends the same again or stops sending: `as-success` tells it that we have the delivery.
   */
  unreadable: 'refused' | 'as-success';
  /** Whether it never sends again after a 4xx. Then the answer to a delivery that could not be kept is 503. */
  refusalIsFinal: boolean;
}

/** What a greeting may be recognised by. */
export interface Greeted {
  method: string;
  /** The parameters of the URL, decoded. */
  query: ReadonlyMap<string, string>;
  delivery: Delivery;
}

/** A request that only tests whether we are there. It proves nothing and changes nothing. */
export interface Greeting {
  kind: 'ping' | 'challenge';
  answer: PlainAnswer;
  /** Whether it contains something that a person needs. Then the quarantine keeps it. */
  keep?: boolean;
}

/** One HR system, ready to receive from. */
export interface Source {
  name: string;
  secretId: string;
  /** The headers that prove a delivery, in lower case; none if the proof is in the body. */
  proofHeaders: readonly string[];
  /** Whether the proof is the secret itself. Then it is never stored with a proven delivery. */
  proofIsSecret: boolean;
  /** The body of a proven delivery as it may be stored: without the secret, if that is in it. */
  withoutSecret(body: Uint8Array): Uint8Array;
  answers: AnswerPolicy;
  /** The content types that a delivery may have; undefined: any content type. */
  contentType: RegExp | undefined;
  greet(request: Greeted): Greeting | undefined;
  /** @param now milliseconds since the epoch */
  verify(delivery: Delivery, secrets: readonly string[], now: number): Verification;
  /** The text of a body. @throws InvalidInput if the bytes are not in the encoding that the system uses */
  decode(delivery: Delivery): string;
  /**
   * Parses the text of a body: JSON, unless the system writes something else.
   *
   * @throws InvalidInput
   */
  read(text: string): unknown | Promise<unknown>;
  /**
   * @param body the result of `read`
   * @throws InvalidInput with one line that says what was expected and what the body has
   */
  understand(body: unknown, signedId: string | undefined): Understood;
}
