import { createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { instant } from '../domain/termination-event.ts';
import { SECOND, toMillis } from '../domain/time.ts';
import type { Delivery, HmacScheme, Verdict, VerifyScheme } from './source.ts';

const STANDARD = { id: 'webhook-id', timestamp: 'webhook-timestamp', signature: 'webhook-signature' } as const;
const STANDARD_TOLERANCE_SECONDS = 300;

/** What a delivery claims about itself, in the words that all schemes share. */
interface Claim {
  algorithm: 'sha256' | 'sha512';
  encoding: 'hex' | 'base64' | 'base64url';
  /** Bytes signed, in order. */
  signed: readonly (string | Uint8Array)[];
  /** Encoded signatures, of which one must be right. */
  signatures: readonly string[];
  signedId: string | undefined;
  /** Undefined where the scheme signs no time. */
  time: { millis: number | undefined; toleranceSeconds: number } | undefined;
}

/** The headers that a scheme needs to prove a delivery, in lower case. */
export function proofHeaders(scheme: VerifyScheme): string[] {
  if (scheme.kind === 'standard-webhooks') return Object.values(STANDARD);
  return [scheme.header, ...(scheme.timestampHeader === undefined ? [] : [scheme.timestampHeader])].map((name) => name.toLowerCase());
}

/**
 * Proves that a delivery was signed with one of the secrets, over its raw bytes, within the scheme's time window.
 *
 * @param secrets as people write them: for Standard Webhooks base64, with or without `whsec_`; else the text itself
 * @param now milliseconds since the epoch
 */
export function verify(scheme: VerifyScheme, delivery: Delivery, secrets: readonly string[], now: number): Verdict {
  const keys = secrets.map((secret) => keyOf(scheme, secret));
  const usable = keys.filter((key) => key !== undefined);
  if (usable.length === 0) return { kind: 'unusable-secret' };

  const claim = readClaim(scheme, delivery);
  if (claim === undefined || !isInTime(claim, now)) return { kind: 'forged' };
  if (usable.some((key) => isSignedWith(key, claim))) return { kind: 'genuine', signedId: claim.signedId };
  return usable.length < keys.length ? { kind: 'unusable-secret' } : { kind: 'forged' };
}

function readClaim(scheme: VerifyScheme, delivery: Delivery): Claim | undefined {
  switch (scheme.kind) {
    case 'standard-webhooks':
      return standardClaim(delivery);
    case 'hmac':
      return hmacClaim(scheme, delivery);
  }
}

/** Standard Webhooks, specification, "Signature scheme": `v1,<base64>` in a list parted by spaces; other versions are passed over. */
function standardClaim({ headers, body }: Delivery): Claim | undefined {
  const id = headers.get(STANDARD.id);
  const timestamp = headers.get(STANDARD.timestamp);
  const signature = headers.get(STANDARD.signature);
  if (!id || !timestamp || !signature) return undefined;

  return {
    algorithm: 'sha256',
    encoding: 'base64',
    signed: [`${id}.${timestamp}.`, body],
    // A header that came twice was joined by a comma and a space.
    signatures: behindPrefix(signature.replaceAll(', ', ' ').split(' '), 'v1,'),
    signedId: id,
    time: { millis: unixSeconds(timestamp), toleranceSeconds: STANDARD_TOLERANCE_SECONDS },
  };
}

function hmacClaim(scheme: HmacScheme, { headers, body }: Delivery): Claim | undefined {
  const { algorithm, encoding, prefix, signed, timestampHeader, toleranceSeconds } = scheme;
  const signature = headers.get(scheme.header.toLowerCase());
  const timestamp = timestampHeader === undefined ? '' : headers.get(timestampHeader.toLowerCase());
  if (!signature || timestamp === undefined) return undefined;

  return {
    algorithm,
    encoding,
    signed: signed.split(/(\{body\}|\{timestamp\})/).map((part) => {
      if (part === '{body}') return body;
      return part === '{timestamp}' ? timestamp : part;
    }),
    signatures: behindPrefix(signature.split(/[\s,]+/), prefix),
    signedId: undefined,
    time: timestampHeader === undefined ? undefined : { millis: unixSeconds(timestamp) ?? rfc3339(timestamp), toleranceSeconds },
  };
}

function behindPrefix(texts: readonly string[], prefix: string): string[] {
  return texts.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length));
}

/** @returns undefined where the secret is empty or cannot be a key of the scheme */
function keyOf(scheme: VerifyScheme, secret: string): Buffer | undefined {
  if (scheme.kind === 'hmac') return secret === '' ? undefined : Buffer.from(secret);

  const text = secret.replace(/^whsec_/, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replaceAll('=', '').length % 4 !== 1 ? Buffer.from(text, 'base64') : undefined;
}

/** The one comparison: of encoded text and in constant time, so that neither time nor a second spelling of a signature helps. */
function isSignedWith(key: Buffer, { algorithm, encoding, signed, signatures }: Claim): boolean {
  const hmac = createHmac(algorithm, key);
  for (const part of signed) hmac.update(part);
  const wanted = Buffer.from(hmac.digest(encoding));
  return signatures.some((signature) => {
    // Senders pad base64url or not; Node does not (RFC 4648, section 5).
    const came = Buffer.from(encoding === 'base64url' ? signature.replace(/={1,2}$/, '') : signature);
    return came.length === wanted.length && timingSafeEqual(came, wanted);
  });
}

/** The one time window, to both sides. */
function isInTime({ time }: Claim, now: number): boolean {
  if (time === undefined) return true;
  return time.millis !== undefined && Math.abs(now - time.millis) <= time.toleranceSeconds * SECOND;
}

const unixSeconds = (text: string) => (/^\d{1,12}$/.test(text) ? Number(text) * SECOND : undefined);

const rfc3339 = (text: string) => (z.safeParse(instant, text).success ? toMillis(text) : undefined);
