import * as z from 'zod/mini';
import { sourceName } from '../domain/leaver-message.ts';
import type { HrEvent } from '../domain/termination-event.ts';

/** A configurable HMAC over the raw body: for any system that signs with a shared secret. */
const hmacScheme = z
  .strictObject({
    kind: z.literal('hmac'),
    /** The header that carries the signature; several may come, parted by commas or spaces. */
    header: z.string().check(z.regex(/^[A-Za-z0-9-]+$/, 'a header name')),
    algorithm: z._default(z.enum(['sha256', 'sha512']), 'sha256'),
    encoding: z._default(z.enum(['hex', 'base64', 'base64url']), 'hex'),
    /** What stands before each signature, such as `sha256=`. Without commas and spaces, since these part the signatures. */
    prefix: z._default(z.string().check(z.regex(/^[\x21-\x2b\x2d-\x7e]*$/, 'visible ASCII characters without a comma')), ''),
    /** What is signed: `{body}` and, where a timestamp header is named, `{timestamp}` in this order and with these separators. */
    signed: z._default(z.string().check(z.regex(/\{body\}/, 'a template with {body}')), '{body}'),
    /** Unix seconds, or an RFC 3339 instant; must be part of `signed`. */
    timestampHeader: z.optional(z.string().check(z.regex(/^[A-Za-z0-9-]+$/, 'a header name'))),
    toleranceSeconds: z._default(z.number().check(z.gte(1, 'at least 1 second')), 300),
  })
  .check(
    z.refine(
      ({ signed, timestampHeader }) => signed.includes('{timestamp}') === (timestampHeader !== undefined),
      'timestampHeader and {timestamp} in signed, both or neither',
    ),
  );

/** Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature (specification of standard-webhooks.com). */
const standardWebhooksScheme = z.strictObject({ kind: z.literal('standard-webhooks') });

/** How a source's deliveries are proven to be its own. */
export const verifyScheme = z.discriminatedUnion('kind', [standardWebhooksScheme, hmacScheme]);

/** One configured HR system. */
const sourceConfig = z.strictObject({
  scheme: verifyScheme,
  /** Secrets Manager name or ARN; the secret is `{"secrets": ["current", "previous"]}` or the bare current value. */
  secretId: z.string().check(z.minLength(1)),
});

/** All sources of a stage, by name: the name is the last part of the URL. */
export const sourceConfigs = z.record(sourceName, sourceConfig);

export type HmacScheme = z.infer<typeof hmacScheme>;
export type VerifyScheme = z.infer<typeof verifyScheme>;
export type SourceConfig = z.infer<typeof sourceConfig>;
export type SourceConfigs = z.infer<typeof sourceConfigs>;

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

/** One HR system, ready to be listened to. */
export interface Source {
  name: string;
  secretId: string;
  /** The headers that prove a delivery, in lower case. */
  proofHeaders: readonly string[];
  /** @param now milliseconds since the epoch */
  verify(delivery: Delivery, secrets: readonly string[], now: number): Verdict;
  /**
   * @param body parsed JSON
   * @throws InvalidInput with one line that says what was wanted and what came
   */
  understand(body: unknown, signedId: string | undefined): Understood;
}
