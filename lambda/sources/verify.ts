import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { SECOND } from '../domain/time/time.ts';
import { type Recipe, recipeOf } from './recipe.ts';
import type { VerifyScheme } from './scheme.ts';
import type { Delivery, Verdict } from './source.ts';

/** The headers that a scheme needs to prove a delivery, in lower case. */
export function proofHeaders(scheme: VerifyScheme): string[] {
  if (scheme.kind === 'basic') return ['authorization'];
  if (scheme.kind === 'bearer') return [scheme.header.toLowerCase()];
  const { header, idHeader, timestampHeader } = recipeOf(scheme);
  return [idHeader, timestampHeader, header].flatMap((name) => (name === undefined ? [] : [name.toLowerCase()]));
}

/** Whether the scheme sends the secret along, instead of a signature made with it. */
export const sendsSecret = ({ kind }: VerifyScheme): boolean => kind === 'bearer' || kind === 'basic';

/**
 * Proves that a delivery comes from someone who has one of the secrets: by a signature over its raw bytes within the scheme's
 * time window, or by the secret itself.
 *
 * @param secrets as people write them: base64, with or without `whsec_`, for Standard Webhooks and keys in base64;
 *   `user:password` for Basic; else the text itself
 * @param now milliseconds since the epoch
 */
export function verify(scheme: VerifyScheme, delivery: Delivery, secrets: readonly string[], now: number): Verdict {
  switch (scheme.kind) {
    case 'standard-webhooks':
    case 'hmac':
      return verifySignature(recipeOf(scheme), delivery, secrets, now);
    case 'bearer':
      return verifySecret(
        { header: scheme.header, prefix: scheme.prefix },
        delivery,
        secrets.filter((secret) => secret !== ''),
      );
    case 'basic': {
      const pairs = secrets.filter((secret) => /^[^:]+:./s.test(secret)).map((secret) => Buffer.from(secret).toString('base64'));
      return verifySecret({ header: 'authorization', prefix: 'Basic ' }, delivery, pairs);
    }
  }
}

function verifySignature(recipe: Recipe, { headers, body }: Delivery, secrets: readonly string[], now: number): Verdict {
  const keys = secrets.map((secret) => keyOf(recipe, secret));
  const usable = keys.filter((key) => key !== undefined);
  if (usable.length === 0) return { kind: 'unusable-secret' };

  const read = (name: string | undefined) => (name === undefined ? '' : headers.get(name.toLowerCase()));
  const [signature, id, timestamp] = [read(recipe.header), read(recipe.idHeader), read(recipe.timestampHeader)];
  if (!signature || id === undefined || timestamp === undefined) return { kind: 'forged' };
  if (recipe.idHeader !== undefined && id === '') return { kind: 'forged' };
  if (recipe.timestampHeader !== undefined && !isInTime(recipe, timestamp, now)) return { kind: 'forged' };

  const values = new Map<string, string | Uint8Array>([
    ['{body}', body],
    ['{timestamp}', timestamp],
    ['{id}', id],
    // a delivery is a POST: anything else is answered before
    ['{method}', 'POST'],
  ]);
  const signed = recipe.signed.split(/(\{(?:body|timestamp|id|method)\})/).map((part) => values.get(part) ?? part);
  const signatures = behindPrefix(signature.split(recipe.separator), recipe.prefix);
  if (usable.some((key) => isSignedWith(key, recipe, signed, signatures))) {
    return { kind: 'genuine', signedId: recipe.idHeader === undefined ? undefined : id };
  }
  return usable.length < keys.length ? { kind: 'unusable-secret' } : { kind: 'forged' };
}

/** @param expected what may stand behind the prefix */
function verifySecret({ header, prefix }: { header: string; prefix: string }, { headers }: Delivery, expected: readonly string[]): Verdict {
  if (expected.length === 0) return { kind: 'unusable-secret' };

  const came = headers.get(header.toLowerCase()) ?? '';
  // the scheme's name has no case (RFC 9110, section 11.1)
  if (came.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase()) return { kind: 'forged' };
  const secret = came.slice(prefix.length).trim();
  return expected.filter((one) => isSameText(secret, one)).length > 0 ? { kind: 'genuine', signedId: undefined } : { kind: 'forged' };
}

function behindPrefix(texts: readonly string[], prefix: string): string[] {
  return texts.filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length));
}

/** @returns undefined where the secret is empty or cannot be a key of the scheme */
function keyOf({ keyEncoding }: Recipe, secret: string): Buffer | undefined {
  if (keyEncoding !== 'base64') return secret === '' ? undefined : Buffer.from(secret);

  const text = secret.replace(/^whsec_/, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replaceAll('=', '').length % 4 !== 1 ? Buffer.from(text, 'base64') : undefined;
}

function isSignedWith(
  key: Buffer,
  { algorithm, encoding }: Recipe,
  signed: readonly (string | Uint8Array)[],
  signatures: readonly string[],
): boolean {
  const hmac = createHmac(algorithm, key);
  for (const part of signed) hmac.update(part);
  const expected = hmac.digest(encoding);
  // Senders pad base64url or not; Node does not (RFC 4648, section 5).
  return signatures.some((signature) => isSameText(encoding === 'base64url' ? signature.replace(/={1,2}$/, '') : signature, expected));
}

/**
 * The one comparison: of text, so that a second spelling of a signature does not help, and of digests in constant time, so that
 * neither what is right nor its length can be felt for.
 */
function isSameText(came: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(came), digest(expected));
}

/** The one time window, to both sides. */
function isInTime({ readTime, toleranceSeconds }: Recipe, timestamp: string, now: number): boolean {
  const millis = readTime(timestamp);
  return millis !== undefined && Math.abs(now - millis) <= toleranceSeconds * SECOND;
}
