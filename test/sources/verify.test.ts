import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type HmacScheme, type VerifyScheme, verifyScheme } from '../../lambda/sources/scheme.ts';
import { proofHeaders, verify } from '../../lambda/sources/verify.ts';
import { HMAC, hmacHeaders, NOW, SECRET, STANDARD, standardHeaders } from '../support/deliveries.ts';

const BODY = Buffer.from('{"name":"Zoë 🌻"}');
const OTHER_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const REFERENCE = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  body: Buffer.from('{"test": 2432232314}'),
  at: 1614265330 * 1000,
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
};

const deliveryOf = (headers: Record<string, string>, body: Uint8Array = BODY) => ({
  headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  body,
});

const kindOf = (
  headers: Record<string, string>,
  {
    scheme = STANDARD,
    secrets = [SECRET],
    now = NOW,
    body = BODY,
  }: { scheme?: VerifyScheme; secrets?: string[]; now?: number; body?: Buffer } = {},
) => verify(scheme, deliveryOf(headers, body), secrets, now).kind;

const hmac = (changes: object = {}): HmacScheme => {
  const scheme = verifyScheme.parse({ kind: 'hmac', header: 'X-Sig', ...changes });
  if (scheme.kind !== 'hmac') throw new Error('wanted the hmac scheme');
  return scheme;
};

describe('Standard Webhooks', () => {
  it("accepts the specification's reference vector and gives its signed id", () => {
    const { headers, body, secret, at } = REFERENCE;

    expect(verify(STANDARD, deliveryOf(headers, body), [secret], at)).toEqual({
      kind: 'genuine',
      signedId: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    });
  });

  it.each([
    ['what the reference library signed', standardHeaders(BODY), {}],
    ['a secret without whsec_', standardHeaders(BODY), { secrets: [SECRET.replace('whsec_', '')] }],
    ['a second, older secret', standardHeaders(BODY, { secret: OTHER_SECRET }), { secrets: [SECRET, OTHER_SECRET] }],
    ['300 seconds behind', standardHeaders(BODY), { now: NOW + 300_000 }],
    ['300 seconds ahead', standardHeaders(BODY), { now: NOW - 300_000 }],
    ['one right signature among others', wrapped((right) => `v1a,AAAA v1,AAAA ${right}`), {}],
    ['a signature header that came twice', wrapped((right) => `v1,AAAA, ${right}`), {}],
    ['one right signature before others', wrapped((right) => `${right}, v1,AAAA`), {}],
    ['one broken secret beside the right one', standardHeaders(BODY), { secrets: ['not base64!', SECRET] }],
  ])('accepts %s', (_, headers, options) => {
    expect(kindOf(headers, options)).toBe('genuine');
  });

  it.each([
    ['301 seconds behind', standardHeaders(BODY), { now: NOW + 301_000 }],
    ['301 seconds ahead', standardHeaders(BODY), { now: NOW - 301_000 }],
    ['another secret', standardHeaders(BODY, { secret: OTHER_SECRET }), {}],
    ['a body changed by one byte', standardHeaders(BODY), { body: Buffer.from('{"name":"Zoe 🌻"}') }],
    ['re-serialised JSON', standardHeaders(BODY), { body: Buffer.from('{"name": "Zoë 🌻"}') }],
    ['an empty body', standardHeaders(BODY), { body: Buffer.alloc(0) }],
    ['another id', { ...standardHeaders(BODY), 'webhook-id': 'msg_2' }, {}],
    ['another time', { ...standardHeaders(BODY), 'webhook-timestamp': String(NOW / 1000 + 1) }, {}],
    ['a time with words behind it', { ...standardHeaders(BODY), 'webhook-timestamp': `${NOW / 1000}abc` }, {}],
    ['a time that came twice', { ...standardHeaders(BODY), 'webhook-timestamp': `${NOW / 1000}, ${NOW / 1000}` }, {}],
    ['an id that came twice', { ...standardHeaders(BODY), 'webhook-id': 'msg_1, msg_1' }, {}],
    ['a signature of another version', wrapped((right) => right.replace('v1,', 'v2,')), {}],
    ['a signature without version', wrapped((right) => right.replace('v1,', '')), {}],
    ['hex where base64 is due', wrapped((right) => `v1,${Buffer.from(right.slice(3), 'base64').toString('hex')}`), {}],
    ['a signature without padding', wrapped((right) => right.replaceAll('=', '')), {}],
    ['an empty signature', wrapped(() => 'v1,'), {}],
    ['no signatures', wrapped(() => ' '), {}],
    ['a very long list of signatures', wrapped(() => 'v1,AAAA '.repeat(5000)), {}],
    ['no headers', {}, {}],
  ])('refuses %s', (_, headers, options) => {
    expect(kindOf(headers, options)).toBe('forged');
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('refuses a delivery without %s, or with an empty one', (name) => {
    const { [name]: _, ...without } = standardHeaders(BODY);

    expect(kindOf(without)).toBe('forged');
    expect(kindOf({ ...without, [name]: '' })).toBe('forged');
  });

  it.each([[[]], [['']], [['whsec_']], [['not base64!']], [['A']], [['=']], [['whsec_====']]])(
    'calls the secrets %j unusable',
    (secrets) => {
      expect(kindOf(standardHeaders(BODY), { secrets })).toBe('unusable-secret');
    },
  );

  it('calls it no forgery while one of the secrets cannot be a key', () => {
    expect(kindOf(standardHeaders(BODY, { secret: OTHER_SECRET }), { secrets: [SECRET, 'not base64!'] })).toBe('unusable-secret');
  });
});

describe('configurable HMAC', () => {
  const digest = (encoding: 'hex' | 'base64' | 'base64url', signed = BODY.toString(), algorithm = 'sha256') =>
    createHmac(algorithm, 'top secret').update(signed).digest(encoding);
  const at = String(NOW / 1000);

  it.each([
    ['hex of the body', {}, { 'x-sig': digest('hex') }],
    ['a header name in other case', { header: 'x-SIG' }, { 'X-sIg': digest('hex') }],
    ['base64 and SHA-512', { encoding: 'base64', algorithm: 'sha512' }, { 'X-Sig': digest('base64', undefined, 'sha512') }],
    ['base64url', { encoding: 'base64url' }, { 'X-Sig': digest('base64url') }],
    ['base64url with padding', { encoding: 'base64url' }, { 'X-Sig': `${digest('base64url')}=` }],
    ['a prefix', { prefix: 'sha256=' }, { 'X-Sig': `sha256=${digest('hex')}` }],
    ['words before the body', { signed: 'POST{body}' }, { 'X-Sig': digest('hex', `POST${BODY}`) }],
    ['the second of two signatures', {}, { 'X-Sig': `0000, ${digest('hex')}` }],
    [
      'body and time without separator',
      { signed: '{body}{timestamp}', timestampHeader: 'X-Time' },
      { 'X-Sig': digest('hex', `${BODY}${at}`), 'X-Time': at },
    ],
    [
      'an RFC 3339 time with an offset',
      { signed: '{timestamp}.{body}', timestampHeader: 'X-Time' },
      { 'X-Sig': digest('hex', `2026-11-24T10:04:00+01:00.${BODY}`), 'X-Time': '2026-11-24T10:04:00+01:00' },
    ],
  ])('accepts %s', (_, scheme, headers) => {
    expect(kindOf(headers, { scheme: hmac(scheme), secrets: ['top secret'] })).toBe('genuine');
  });

  it.each([
    ['upper-case hex', {}, { 'X-Sig': digest('hex').toUpperCase() }],
    ['base64 where hex is due', {}, { 'X-Sig': digest('base64') }],
    ['a missing prefix', { prefix: 'sha256=' }, { 'X-Sig': digest('hex') }],
    ['a prefix that is not due', {}, { 'X-Sig': `sha256=${digest('hex')}` }],
    ['a shortened signature', {}, { 'X-Sig': digest('hex').slice(0, -1) }],
    ['an empty header', {}, { 'X-Sig': '' }],
    ['a missing header', {}, {}],
    ['a missing time', { signed: '{timestamp}{body}', timestampHeader: 'X-Time' }, { 'X-Sig': digest('hex', `${BODY}`) }],
    ['an empty time', { signed: '{timestamp}{body}', timestampHeader: 'X-Time' }, { 'X-Sig': digest('hex', `${BODY}`), 'X-Time': '' }],
    ...['yesterday', '2026-11-24T09:00:00', '-1', '1e9', '0x6923', String(NOW), '2026-11-24T09:05:01Z', '2026-11-24T08:54:59Z'].map(
      (time) =>
        [
          `the time ${time}`,
          { signed: '{timestamp}{body}', timestampHeader: 'X-Time' },
          { 'X-Sig': digest('hex', `${time}${BODY}`), 'X-Time': time },
        ] as const,
    ),
  ])('refuses %s', (_, scheme, headers) => {
    expect(kindOf({ ...headers }, { scheme: hmac(scheme), secrets: ['top secret'] })).toBe('forged');
  });

  it('gives no id: the signature covers none', () => {
    const delivery = deliveryOf({ ...hmacHeaders(BODY), 'webhook-id': 'msg_1' });

    expect(verify(HMAC, delivery, [SECRET], NOW)).toEqual({ kind: 'genuine', signedId: undefined });
  });

  it.each([[[]], [['']]])('calls the secrets %j unusable', (secrets) => {
    expect(kindOf(hmacHeaders(BODY), { scheme: HMAC, secrets })).toBe('unusable-secret');
  });

  it.each([
    ['a prefix with a comma', { prefix: 'v1,' }],
    ['a prefix with a space', { prefix: 'v1 ' }],
    ['a template without body', { signed: '{timestamp}', timestampHeader: 'X-Time' }],
    ['a time that is not signed', { timestampHeader: 'X-Time' }],
    ['a key that is not known', { heder: 'X' }],
  ])('is not configured with %s', (_, changes) => {
    expect(verifyScheme.safeParse({ kind: 'hmac', header: 'X-Sig', ...changes }).success).toBe(false);
  });
});

it('never accepts a delivery of which anything signed was changed', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
  const place = fc.record({ what: fc.nat(), at: fc.nat(), by: fc.integer({ min: 1, max: 255 }) });
  fc.assert(
    fc.property(bytes, place, fc.constantFrom(STANDARD, HMAC), (came, { what, at, by }, scheme) => {
      // ASCII, since the reference library signs text
      const body = Buffer.from(came.map((one) => one & 0x7f));
      const headers = scheme.kind === 'hmac' ? hmacHeaders(body) : standardHeaders(body);
      expect(kindOf(headers, { scheme, body })).toBe('genuine');

      const proof = Object.keys(headers).filter((name) => proofHeaders(scheme).includes(name.toLowerCase()));
      const name = proof[what % (proof.length + 1)];
      const changed = Buffer.from(name === undefined ? body : (headers[name] ?? ''));
      const index = at % changed.length;
      changed[index] = (changed[index] ?? 0) ^ (name === undefined ? by : ((by - 1) % 127) + 1);

      const verdict =
        name === undefined
          ? kindOf(headers, { scheme, body: changed })
          : kindOf({ ...headers, [name]: changed.toString('latin1') }, { scheme, body });
      expect(verdict).toBe('forged');
    }),
    { numRuns: 2000 },
  );
});

/** The right headers, with another signature header made from the right one. */
function wrapped(change: (right: string) => string): Record<string, string> {
  const headers = standardHeaders(BODY);
  return { ...headers, 'webhook-signature': change(headers['webhook-signature'] ?? '') };
}
