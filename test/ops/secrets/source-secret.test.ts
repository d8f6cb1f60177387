import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type VerifyScheme, verifyScheme } from '../../../lambda/sources/scheme.ts';
import { whyUnusable } from '../../../ops/secrets/source-secret.ts';

describe('a secret', () => {
  const hmac = z.parse(verifyScheme, { kind: 'hmac', header: 'X-S' });
  it.each<[string, VerifyScheme, string, RegExp | undefined]>([
    ['base64 for Standard Webhooks', { kind: 'standard-webhooks' }, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', undefined],
    ['any text for Standard Webhooks with such a key', { kind: 'standard-webhooks', keyEncoding: 'text' }, 'not base64!', undefined],
    ['no text for Standard Webhooks with such a key', { kind: 'standard-webhooks', keyEncoding: 'text' }, '', /must not be empty/],
    ['another text for Standard Webhooks', { kind: 'standard-webhooks' }, 'not base64!', /must be base64/],
    ['any text for HMAC', hmac, 'any text', undefined],
    ['nothing for HMAC', hmac, '', /must not be empty/],
    ['several lines', hmac, 'one\ntwo', /on one line/],
    ['user and password for Basic', { kind: 'basic' }, 'workfront:secret', undefined],
    ['text that stands in the body', { kind: 'in-body', items: 'value', field: 'state' }, 'a secret', undefined],
    ['nothing for the body', { kind: 'in-body', field: 'state' }, '', /must not be empty/],
    ['only a password for Basic', { kind: 'basic' }, 'secret', /user:password/],
  ])('is judged without being shown: %s', (_, scheme, secret, expected) => {
    const why = whyUnusable(scheme, secret);

    if (expected === undefined) expect(why).toBeUndefined();
    else expect(why).toMatch(expected);
    if (secret !== '') expect(why ?? '').not.toContain(secret);
  });
});
