import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { SECOND } from '../domain/time/time.ts';
import { secretsIn, withSecret } from './in-body.ts';
import { type Recipe, recipeOf } from './recipe.ts';
import type { VerifyScheme } from './scheme.ts';
import type { Delivery, Verification } from './source.ts';

/** The headers that a scheme needs to prove a delivery, in lower case; none if the proof is in the body. */
export function proofHeaders(scheme: VerifyScheme): string[] {
  if (scheme.kind === 'in-body') return [];
  if (scheme.kind === 'basic') return ['authorization'];
  if (scheme.kind === 'bearer') return [scheme.header.toLowerCase()];
  const { header, idHeader, timestampHeader } = recipeOf(scheme);
  return [idHeader, timestampHeader, header].flatMap((name) => (name === undefined ? [] : [name.toLowerCase()]));
}

/** Whether the scheme sends the secret itself, instead of a signature. */
export const sendsSecret = ({ kind }: VerifyScheme): boolean => kind === 'bearer' || kind === 'basic' || kind === 'in-body';

/** A body as it may be stored: without the secret, if the scheme has it there. */
export const withoutSecret = (scheme: VerifyScheme, body: Uint8Array): Uint8Array =>
  scheme.kind === 'in-body' ? withSecret(body, scheme, '') : body;

interface Known {
  /**
   * As people write them: base64, with or without `whsec_`, for Standard Webhooks and keys in base64; `user:password` for Basic;
   * otherwise the text itself.
   */
  secrets: readonly string[];
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * Checks that the sender of a delivery has one of the secrets: by a signature over the raw bytes within the scheme's time window, or
 * by the secret itself.
 */
export function verify(scheme: VerifyScheme, delivery: Delivery, known: Known): Verification {
  const { secrets } = known;
  const notEmpty = secrets.filter((secret) => secret !== '');
  switch (scheme.kind) {
    case 'standard-webhooks':
    case 'hmac':
      return verifySignature(recipeOf(scheme), delivery, known);
    case 'bearer':
      return verifySecret({ header: scheme.header, prefix: scheme.prefix }, delivery, notEmpty);
    case 'in-body':
      return verifyItems(secretsIn(delivery.body, scheme), notEmpty);
    case 'basic': {
      const pairs = secrets.filter((secret) => /^[^:]+:./s.test(secret)).map((secret) => Buffer.from(secret).toString('base64'));
      return verifySecret({ header: 'authorization', prefix: 'Basic ' }, delivery, pairs);
    }
  }
}

function verifySignature(recipe: Recipe, { headers, body }: Delivery, { secrets, now }: Known): Verification {
  const keys = secrets.map((secret) => keyOf(recipe, secret));
  const usable = keys.filter((key) => key !== undefined);
  if (usable.length === 0) return { kind: 'unusable-secret' };

  const read = (name: string | undefined) => (name === undefined ? '' : headers.get(name.toLowerCase()));
  const [signature, id] = [read(recipe.header), read(recipe.idHeader)];
  if (!signature || id === undefined) return { kind: 'forged' };
  if (recipe.idHeader !== undefined && id === '') return { kind: 'forged' };

  const texts = signature.split(recipe.separator);
  const timestamp =
    recipe.timestampPrefix === undefined ? read(recipe.timestampHeader) : onlyOne(behindPrefix(texts, recipe.timestampPrefix));
  if (timestamp === undefined) return { kind: 'forged' };
  if (recipe.signed.includes('{timestamp}') && !isInTime(recipe, timestamp, now)) return { kind: 'forged' };

  const parts = signedParts(recipe, { body, timestamp, id });
  const signatures = behindPrefix(texts, recipe.prefix);
  const proves = (key: Buffer) => {
    const expected = sign(parts, key, recipe);
    return signatures.some((one) => isSameText(asWeWrite(one, recipe), expected));
  };
  if (usable.some(proves)) {
    return { kind: 'genuine', signedId: recipe.idHeader === undefined ? undefined : id };
  }
  return usable.length < keys.length ? { kind: 'unusable-secret' } : { kind: 'forged' };
}

/** @param expected the texts that may follow the prefix */
function verifySecret(
  { header, prefix }: { header: string; prefix: string },
  { headers }: Delivery,
  expected: readonly string[],
): Verification {
  if (expected.length === 0) return { kind: 'unusable-secret' };

  const sent = headers.get(header.toLowerCase());
  // The name of the scheme is case-insensitive (RFC 9110, section 11.1).
  if (sent?.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase()) return { kind: 'forged' };
  const secret = sent.slice(prefix.length).trim();
  return expected.filter((one) => isSameText(secret, one)).length > 0 ? { kind: 'genuine', signedId: undefined } : { kind: 'forged' };
}

/** @param sent the secret of each item. @param expected the secrets that an item may have */
function verifyItems(sent: readonly (string | undefined)[], expected: readonly string[]): Verification {
  if (expected.length === 0) return { kind: 'unusable-secret' };
  const different = new Set(sent);
  const isKnown = (one: string | undefined) => one !== undefined && expected.filter((secret) => isSameText(one, secret)).length > 0;
  // The first wrong one is enough: a forger must not make us compare thousands.
  const isProven = different.size > 0 && [...different].every(isKnown);
  return isProven ? { kind: 'genuine', signedId: undefined } : { kind: 'forged' };
}

/** Of two times nobody knows which one was signed. */
const onlyOne = (texts: readonly string[]): string | undefined => (texts.length === 1 ? texts[0] : undefined);

function behindPrefix(texts: readonly string[], prefix: string): string[] {
  return texts.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length));
}

/** @returns undefined if the secret is empty or cannot be a key of the scheme */
function keyOf({ keyEncoding }: Recipe, secret: string): Buffer | undefined {
  if (keyEncoding !== 'base64') return secret === '' ? undefined : Buffer.from(secret);

  const text = secret.replace(/^whsec_/, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replaceAll('=', '').length % 4 !== 1 ? Buffer.from(text, 'base64') : undefined;
}

/** The pieces that are signed, in the order of the recipe. */
function signedParts(
  { signed }: Recipe,
  { body, timestamp, id }: { body: Uint8Array; timestamp: string; id: string },
): (string | Uint8Array)[] {
  const values = new Map<string, string | Uint8Array>([
    ['{body}', body],
    ['{timestamp}', timestamp],
    ['{id}', id],
    // Only a POST is verified: any other request has its answer before.
    ['{method}', 'POST'],
  ]);
  return signed.split(/(\{(?:body|timestamp|id|method)\})/).map((part) => values.get(part) ?? part);
}

function sign(parts: readonly (string | Uint8Array)[], key: Buffer, { algorithm, encoding }: Recipe): string {
  const hmac = createHmac(algorithm, key);
  for (const part of parts) hmac.update(part);
  return hmac.digest(encoding);
}

/** Some senders pad base64url (RFC 4648, section 5), Node.js does not; some write hex in upper case. A mixture of both cases is no spelling. */
function asWeWrite(signature: string, { encoding }: Recipe): string {
  if (encoding === 'hex') return /^[0-9A-F]+$/.test(signature) ? signature.toLowerCase() : signature;
  return encoding === 'base64url' ? signature.replace(/={1,2}$/, '') : signature;
}

/**
 * The only comparison of secrets: of text, so that a signature has no spelling but those above, and of digests in constant time, so that timing
 * reveals neither the expected text nor its length.
 */
function isSameText(sent: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(sent), digest(expected));
}

/** The time window reaches as far into the past as into the future. */
function isInTime({ readTime, toleranceSeconds }: Recipe, timestamp: string, now: number): boolean {
  const millis = readTime(timestamp) ?? Number.NaN;
  return Math.abs(now - millis) <= toleranceSeconds * SECOND;
}
