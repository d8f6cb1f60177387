import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { type VerifyScheme, verifyScheme } from '../../../lambda/sources/scheme.ts';
import { verify } from '../../../lambda/sources/verify.ts';
import { sign } from '../../../ops/send/sign.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');

const hmacScheme = fc.record({
  kind: fc.constant('hmac'),
  header: fc.constantFrom('X-Signature', 'x-hub-signature-256'),
  algorithm: fc.constantFrom('sha256', 'sha512'),
  encoding: fc.constantFrom('hex', 'base64', 'base64url'),
  prefix: fc.constantFrom('', 'sha256=', 'v1='),
  keyEncoding: fc.constantFrom('text', 'base64'),
  toleranceSeconds: fc.constant(300),
  inOneHeader: fc.boolean(),
  parts: fc.subarray(['{id}', '{timestamp}', '{method}', ':'], { minLength: 0 }),
});
const scheme: fc.Arbitrary<VerifyScheme> = fc
  .oneof(
    hmacScheme.map(({ parts, inOneHeader, ...rest }) => ({
      ...rest,
      signed: [...parts, '{body}'].join('.'),
      ...(parts.includes('{id}') && { idHeader: 'X-Id' }),
      ...(parts.includes('{timestamp}') && (inOneHeader ? { timestampPrefix: 't=' } : { timestampHeader: 'X-Time' })),
    })),
    fc.constant({ kind: 'standard-webhooks' }),
    fc.constant({ kind: 'standard-webhooks', keyEncoding: 'text' }),
    fc.constant({ kind: 'standard-webhooks', idHeader: 'svix-id', timestampHeader: 'svix-timestamp', signatureHeader: 'svix-signature' }),
    fc.constant({ kind: 'bearer' }),
    fc.constant({ kind: 'bearer', header: 'X-Token', prefix: '' }),
    fc.constant({ kind: 'basic' }),
  )
  .map((one) => z.parse(verifyScheme, one));

const secretOf = (bytes: Uint8Array, { kind }: VerifyScheme) =>
  kind === 'basic' ? `user:${Buffer.from(bytes).toString('hex')}` : Buffer.from(bytes).toString('base64');

const aSecret = fc.uint8Array({ minLength: 16, maxLength: 40 });

describe('a signed delivery', () => {
  it('is genuine to the receiver under every scheme, and to no other secret', () => {
    fc.assert(
      fc.property(scheme, fc.tuple(aSecret, aSecret), fc.string({ unit: 'grapheme' }), (one, [key, otherKey], body) => {
        fc.pre(Buffer.compare(key, otherKey) !== 0);
        const headers = sign(one, { body, id: 'msg_1', now: NOW }, secretOf(key, one));

        const named = Object.entries(headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
        const delivery = { headers: new Map(named), body: Buffer.from(body) };

        expect(verify(one, delivery, { secrets: [secretOf(key, one)], now: NOW }).kind).toBe('genuine');
        expect(verify(one, delivery, { secrets: [secretOf(otherKey, one)], now: NOW }).kind).toBe('forged');
      }),
    );
  });
});
