import type { VerifyScheme } from '../../lambda/sources/scheme.ts';
import { verify } from '../../lambda/sources/verify.ts';
import { sign } from '../send/sign.ts';

const NOW = 0;

/** Why a value cannot be a secret of a scheme; undefined if the receiver can use it. Never shows the value. */
export function whyUnusable(scheme: VerifyScheme, secret: string): string | undefined {
  if (/[\r\n]/.test(secret)) return 'it must be on one line';
  // Whatever JSON can have in a text is a secret there.
  if (scheme.kind === 'in-body') return secret === '' ? MUST_BE[scheme.kind](scheme) : undefined;
  const headers = sign(scheme, { body: '{}', id: 'msg_1', now: NOW }, secret);
  const named = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const verdict = verify(scheme, { headers: new Map(named), body: Buffer.from('{}') }, { secrets: [secret], now: NOW });
  return verdict.kind === 'genuine' ? undefined : MUST_BE[scheme.kind](scheme);
}

const MUST_BE: Record<VerifyScheme['kind'], (scheme: VerifyScheme) => string> = {
  'standard-webhooks': (scheme) =>
    scheme.kind === 'standard-webhooks' && scheme.keyEncoding === 'text'
      ? 'it must not be empty'
      : 'it must be base64, with or without whsec_ before it',
  hmac: (scheme) => (scheme.kind === 'hmac' && scheme.keyEncoding === 'base64' ? 'it must be base64' : 'it must not be empty'),
  bearer: () => 'it must have no spaces around it',
  basic: () => 'it must be user:password',
  'in-body': () => 'it must not be empty',
};
