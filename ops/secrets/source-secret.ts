import type { VerifyScheme } from '../../lambda/sources/scheme.ts';
import { verify } from '../../lambda/sources/verify.ts';
import { sign } from '../send/sign.ts';

const NOW = 0;

/** Why a value cannot be the secret of a scheme, in words that never show it; undefined where the receiver can use it. */
export function whyUnusable(scheme: VerifyScheme, secret: string): string | undefined {
  if (/[\r\n]/.test(secret)) return 'expected one line, got several';
  const headers = sign(scheme, { body: '{}', id: 'msg_1', now: NOW }, secret);
  const named = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const verdict = verify(scheme, { headers: new Map(named), body: Buffer.from('{}') }, [secret], NOW);
  return verdict.kind === 'genuine' ? undefined : WANTED[scheme.kind](scheme);
}

const WANTED: Record<VerifyScheme['kind'], (scheme: VerifyScheme) => string> = {
  'standard-webhooks': () => 'expected base64, with or without whsec_ before it, got another text',
  hmac: (scheme) =>
    scheme.kind === 'hmac' && scheme.keyEncoding === 'base64' ? 'expected base64, got another text' : 'expected a text, got none',
  bearer: () => 'expected a text without spaces around it, got another',
  basic: () => 'expected user:password, got another text',
};
