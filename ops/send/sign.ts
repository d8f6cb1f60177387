import { createHmac } from 'node:crypto';
import { SECOND } from '../../lambda/domain/time/time.ts';
import { withSecret } from '../../lambda/sources/in-body.ts';
import type { HmacScheme, StandardWebhooksScheme, VerifyScheme } from '../../lambda/sources/scheme.ts';

interface Signable {
  body: string;
  /** The delivery's id, if the scheme signs one. */
  id: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * The headers that prove a delivery under a scheme: the counterpart of `verify` (lambda/sources/verify.ts).
 *
 * @param secret as people write it, such as `verify` takes
 */
export function sign(scheme: VerifyScheme, delivery: Signable, secret: string): Record<string, string> {
  switch (scheme.kind) {
    case 'standard-webhooks':
      return signed(standardScheme(scheme), delivery, secret);
    case 'hmac':
      return signed(scheme, delivery, secret);
    case 'bearer':
      return { [scheme.header]: `${scheme.prefix}${secret}` };
    case 'basic':
      return { authorization: `Basic ${Buffer.from(secret).toString('base64')}` };
    case 'in-body':
      return {};
  }
}

/** The body to sign and send: with the secret, if the scheme has it there. */
export const bodyWithProof = (scheme: VerifyScheme, body: string, secret: string): string =>
  scheme.kind === 'in-body' ? Buffer.from(withSecret(Buffer.from(body), scheme, secret)).toString() : body;

/** "Signature scheme" of the Standard Webhooks specification. */
const standardScheme = ({ idHeader, timestampHeader, signatureHeader, keyEncoding }: StandardWebhooksScheme): Omit<HmacScheme, 'kind'> => ({
  header: signatureHeader ?? 'webhook-signature',
  idHeader: idHeader ?? 'webhook-id',
  timestampHeader: timestampHeader ?? 'webhook-timestamp',
  algorithm: 'sha256',
  encoding: 'base64',
  prefix: 'v1,',
  signed: '{id}.{timestamp}.{body}',
  keyEncoding: keyEncoding ?? 'base64',
  toleranceSeconds: 300,
});

function signed(scheme: Omit<HmacScheme, 'kind'>, { body, id, now }: Signable, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(now / SECOND));
  const values = new Map([
    ['{body}', body],
    ['{timestamp}', timestamp],
    ['{id}', id],
    ['{method}', 'POST'],
  ]);
  const key = scheme.keyEncoding === 'base64' ? Buffer.from(secret.replace(/^whsec_/, ''), 'base64') : Buffer.from(secret);
  const hmac = createHmac(scheme.algorithm, key);
  for (const part of scheme.signed.split(/(\{(?:body|timestamp|id|method)\})/)) hmac.update(values.get(part) ?? part);
  const beside = scheme.timestampPrefix === undefined ? '' : `${scheme.timestampPrefix}${timestamp},`;
  return {
    ...(scheme.idHeader !== undefined && { [scheme.idHeader]: id }),
    ...(scheme.timestampHeader !== undefined && { [scheme.timestampHeader]: timestamp }),
    [scheme.header]: `${beside}${scheme.prefix}${hmac.digest(scheme.encoding)}`,
  };
}
