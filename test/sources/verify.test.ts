import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import Finch from '@tryfinch/finch-api';
import * as fc from 'fast-check';
import { Webhook } from 'svix';
import { type HmacScheme, type VerifyScheme, type VerifySchemeInput, verifyScheme } from '../../lambda/sources/scheme.ts';
import { schemeOf } from '../../lambda/sources/systems/registry.ts';
import { proofHeaders, sendsSecret, verify, withoutSecret } from '../../lambda/sources/verify.ts';
import { HMAC, hmacHeaders, NOW, SECRET, STANDARD, standardHeaders } from '../support/deliveries.ts';
import { SIGN } from '../support/signing.ts';

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
) => verify(scheme, deliveryOf(headers, body), { secrets, now }).kind;

const hmac = (changes: object = {}): HmacScheme => {
  const scheme = verifyScheme.parse({ kind: 'hmac', header: 'X-Sig', ...changes });
  if (scheme.kind !== 'hmac') throw new Error('expected the hmac scheme');
  return scheme;
};

describe('Standard Webhooks', () => {
  it("accepts the specification's reference vector and gives its signed id", () => {
    const { headers, body, secret, at } = REFERENCE;

    expect(verify(STANDARD, deliveryOf(headers, body), { secrets: [secret], now: at })).toEqual({
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
    ['a signature header that occurs twice', wrapped((right) => `v1,AAAA, ${right}`), {}],
    ['one right signature before others', wrapped((right) => `${right}, v1,AAAA`), {}],
    ['one broken secret beside the right one', standardHeaders(BODY), { secrets: ['not base64!', SECRET] }],
    ['a secret with an = too many', standardHeaders(BODY), { secrets: [`${SECRET}=`] }],
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
    ['a time that occurs twice', { ...standardHeaders(BODY), 'webhook-timestamp': `${NOW / 1000}, ${NOW / 1000}` }, {}],
    ['an id that occurs twice', { ...standardHeaders(BODY), 'webhook-id': 'msg_1, msg_1' }, {}],
    ['a signature of another version', wrapped((right) => right.replace('v1,', 'v2,')), {}],
    ['a signature without version', wrapped((right) => right.replace('v1,', '')), {}],
    ['hex instead of base64', wrapped((right) => `v1,${Buffer.from(right.slice(3), 'base64').toString('hex')}`), {}],
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

  it.each([[[]], [['']], [['whsec_']], [['not base64!']], [['A']], [['=']], [['whsec_====']], [['AAAAwhsec_AAAA']]])(
    'calls the secrets %j unusable',
    (secrets) => {
      expect(kindOf(standardHeaders(BODY), { secrets })).toBe('unusable-secret');
    },
  );

  it('does not call a delivery forged while one of the secrets cannot be a key', () => {
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
    ['upper-case hex', {}, { 'X-Sig': digest('hex').toUpperCase() }],
    [
      'upper-case hex behind a prefix, as Microsoft.AspNet.WebHooks writes it',
      { header: 'ms-signature', prefix: 'sha256=' },
      { 'MS-Signature': `sha256=${digest('hex').toUpperCase()}` },
    ],
    ['base64 and SHA-512', { encoding: 'base64', algorithm: 'sha512' }, { 'X-Sig': digest('base64', undefined, 'sha512') }],
    ['base64url', { encoding: 'base64url' }, { 'X-Sig': digest('base64url') }],
    ['base64url with padding', { encoding: 'base64url' }, { 'X-Sig': `${digest('base64url')}=` }],
    [
      'base64url with double padding',
      { encoding: 'base64url', algorithm: 'sha512' },
      { 'X-Sig': `${digest('base64url', undefined, 'sha512')}==` },
    ],
    ['a prefix', { prefix: 'sha256=' }, { 'X-Sig': `sha256=${digest('hex')}` }],
    ['words before the body', { signed: 'POST{body}' }, { 'X-Sig': digest('hex', `POST${BODY}`) }],
    ['the second of two signatures', {}, { 'X-Sig': `0000, ${digest('hex')}` }],
    [
      'body and time without separator',
      { signed: '{body}{timestamp}', timestampHeader: 'X-Time' },
      { 'X-Sig': digest('hex', `${BODY}${at}`), 'X-Time': at },
    ],
    [
      'a time in milliseconds',
      { signed: '{body}:{timestamp}', timestampHeader: 'X-Time' },
      { 'X-Sig': digest('hex', `${BODY}:${NOW + 299_999}`), 'X-Time': String(NOW + 299_999) },
    ],
    [
      'time and signature in one header',
      { signed: '{timestamp}.{body}', prefix: 'v1=', timestampPrefix: 't=' },
      { 'X-Sig': `t=${at},v1=${digest('hex', `${at}.${BODY}`)},v0=abc` },
    ],
    [
      'time and two signatures in one header, with semicolons and spaces',
      { signed: '{timestamp}:{body}', prefix: 'h1=', timestampPrefix: 'ts=' },
      { 'X-Sig': `h1=00; ts=${NOW}; h1=${digest('hex', `${NOW}:${BODY}`)}` },
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
    ['hex of mixed case', {}, { 'X-Sig': `${digest('hex').slice(0, -8)}${digest('hex').slice(-8).toUpperCase()}` }],
    ['hex of mixed case, capitals first', {}, { 'X-Sig': `${digest('hex').slice(0, 8).toUpperCase()}${digest('hex').slice(8)}` }],
    ['base64 instead of hex', {}, { 'X-Sig': digest('base64') }],
    ['padding within base64url', { encoding: 'base64url' }, { 'X-Sig': digest('base64url').replace(/^..../, '$&=') }],
    ['base64url with triple padding', { encoding: 'base64url' }, { 'X-Sig': `${digest('base64url')}===` }],
    ['a missing prefix', { prefix: 'sha256=' }, { 'X-Sig': digest('hex') }],
    ['a prefix that the scheme does not have', {}, { 'X-Sig': `sha256=${digest('hex')}` }],
    ['a shortened signature', {}, { 'X-Sig': digest('hex').slice(0, -1) }],
    ['an empty header', {}, { 'X-Sig': '' }],
    ['a missing header', {}, {}],
    [
      'time and signature in one header, with a time of long ago',
      { signed: '{timestamp}.{body}', prefix: 'v1=', timestampPrefix: 't=' },
      { 'X-Sig': `t=1,v1=${digest('hex', `1.${BODY}`)}` },
    ],
    [
      'two times in one header',
      { signed: '{timestamp}.{body}', prefix: 'v1=', timestampPrefix: 't=' },
      { 'X-Sig': `t=${at},t=${at},v1=${digest('hex', `${at}.${BODY}`)}` },
    ],
    [
      'no time in the header that must have it',
      { signed: '{timestamp}.{body}', prefix: 'v1=', timestampPrefix: 't=' },
      { 'X-Sig': `v1=${digest('hex', `.${BODY}`)}`, t: at },
    ],
    ['a missing time', { signed: '{timestamp}{body}', timestampHeader: 'X-Time' }, { 'X-Sig': digest('hex', `${BODY}`) }],
    ['an empty time', { signed: '{timestamp}{body}', timestampHeader: 'X-Time' }, { 'X-Sig': digest('hex', `${BODY}`), 'X-Time': '' }],
    ...[
      'yesterday',
      '2026-11-24T09:00:00',
      '-1',
      '1e9',
      '0x6923',
      String(NOW + 300_001),
      String(NOW * 10),
      `${NOW}.0`,
      `0${NOW}`,
      '2026-11-24T09:05:01Z',
      '2026-11-24T08:54:59Z',
    ].map(
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

  it('gives no id, because the signature covers none', () => {
    const delivery = deliveryOf({ ...hmacHeaders(BODY), 'webhook-id': 'msg_1' });

    expect(verify(HMAC, delivery, { secrets: [SECRET], now: NOW })).toEqual({ kind: 'genuine', signedId: undefined });
  });

  it.each([[[]], [['']]])('calls the secrets %j unusable', (secrets) => {
    expect(kindOf(hmacHeaders(BODY), { scheme: HMAC, secrets })).toBe('unusable-secret');
  });

  it.each([
    ['a prefix with a comma', { prefix: 'v1,' }],
    ['a prefix with a space', { prefix: 'v1 ' }],
    ['a prefix with a semicolon', { prefix: 'v1;' }],
    ['a time in two places', { signed: '{timestamp}{body}', timestampHeader: 'X-Time', timestampPrefix: 't=' }],
    ['a time in the header that is not signed', { timestampPrefix: 't=' }],
    ['a template without body', { signed: '{timestamp}', timestampHeader: 'X-Time' }],
    ['a time that is not signed', { timestampHeader: 'X-Time' }],
    ['a signed time without a header', { signed: '{timestamp}{body}' }],
    ['an id that is not signed', { idHeader: 'X-Id' }],
    ['a signed id without a header', { signed: '{id}{body}' }],
    ['an unknown key', { heder: 'X' }],
  ])('is not configured with %s', (_, changes) => {
    expect(verifyScheme.safeParse({ kind: 'hmac', header: 'X-Sig', ...changes }).success).toBe(false);
  });
});

describe('Standard Webhooks with a key in plain text', () => {
  const scheme = verifyScheme.parse({ kind: 'standard-webhooks', keyEncoding: 'text' });
  const secret = 'polar_whs_aB3!';
  const signed = createHmac('sha256', secret)
    .update(`msg_1.${NOW / 1000}.${BODY}`)
    .digest('base64');
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(NOW / 1000), 'webhook-signature': `v1,${signed}` };

  it('accepts what was signed with the text itself, and its former secret', () => {
    expect(verify(scheme, deliveryOf(headers), { secrets: ['newer', secret], now: NOW })).toEqual({ kind: 'genuine', signedId: 'msg_1' });
  });

  it('refuses another body, and a stage that expects base64', () => {
    expect(kindOf(headers, { scheme, secrets: [secret], body: Buffer.from('{}') })).toBe('forged');
    expect(kindOf(headers, { secrets: [secret] })).toBe('unusable-secret');
    expect(kindOf(headers, { scheme, secrets: [''] })).toBe('unusable-secret');
  });
});

describe('Standard Webhooks with other header names', () => {
  const named = (prefix: string): VerifyScheme => ({
    kind: 'standard-webhooks',
    idHeader: `${prefix}-id`,
    timestampHeader: `${prefix}-timestamp`,
    signatureHeader: `${prefix}-signature`,
  });

  it('accepts deliveries that Svix signed', () => {
    const headers = {
      'svix-id': 'msg_1',
      'svix-timestamp': String(NOW / 1000),
      'svix-signature': new Webhook(SECRET).sign('msg_1', new Date(NOW), BODY.toString()),
    };

    expect(verify(named('svix'), deliveryOf(headers), { secrets: [SECRET], now: NOW })).toEqual({ kind: 'genuine', signedId: 'msg_1' });
    expect(kindOf(headers, { scheme: named('other') })).toBe('forged');
    expect(kindOf(headers, { scheme: named('svix'), body: Buffer.from(`${BODY} `) })).toBe('forged');
  });

  it("accepts the vector of Finch's documentation, and deliveries that its library accepts", () => {
    const secret = '5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH';
    const scheme = schemeOf({ system: 'finch' });
    const body = '{"company_id":"720be419-0293-4d32-a707-32179b0827ab"}';
    const vector = {
      'finch-event-id': 'msg_2Lh9KRb0pzN4LePd3XiA4v12Axj',
      'finch-timestamp': '1676312382',
      'finch-signature': 'v1,m7y0TV2C+hlHxU42wCieApTSTaA8/047OAplBqxIV/s=',
    };
    const now = SIGN.finch(body, { secret, at: Date.now() });
    const client = new Finch({ webhookSecret: secret });

    expect(kindOf(vector, { scheme, secrets: [secret], body: Buffer.from(body), now: 1676312382_000 })).toBe('genuine');
    expect(client.webhooks.unwrap(body, now)).toEqual(JSON.parse(body));
    expect(kindOf(now, { scheme, secrets: [secret], body: Buffer.from(body), now: Date.now() })).toBe('genuine');
  });
});

describe('a secret that every delivery carries', () => {
  const bearer = (changes = {}): VerifyScheme => verifyScheme.parse({ kind: 'bearer', ...changes });
  const BASIC: VerifyScheme = { kind: 'basic' };
  const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  it.each<[string, VerifyScheme, Record<string, string>, string[]]>([
    ['a bearer token', bearer(), { Authorization: 'Bearer abc' }, ['abc']],
    ['the scheme in another case', bearer(), { authorization: 'bearer abc' }, ['abc']],
    ['spaces around it', bearer(), { authorization: 'Bearer  abc ' }, ['abc']],
    ['the previous token', bearer(), { Authorization: 'Bearer old' }, ['abc', 'old']],
    ['a header of its own', bearer({ header: 'X-Api-Key', prefix: '' }), { 'x-api-key': 'abc' }, ['abc']],
    ['user and password', BASIC, basic('user:pass:word'), ['user:pass:word']],
    ['a password beyond ASCII', BASIC, basic('user:pässwörd'), ['user:pässwörd']],
    ['the previous password', BASIC, basic('user:old'), ['user:new', 'user:old']],
    ['one useless secret beside the right one', BASIC, basic('user:pass'), ['no colon', 'user:pass']],
  ])('is accepted: %s', (_, scheme, headers, secrets) => {
    expect(verify(scheme, deliveryOf(headers), { secrets, now: NOW })).toEqual({ kind: 'genuine', signedId: undefined });
  });

  it.each<[string, VerifyScheme, Record<string, string>, string[]]>([
    ['another token', bearer(), { Authorization: 'Bearer abd' }, ['abc']],
    ['a beginning of it', bearer(), { Authorization: 'Bearer ab' }, ['abc']],
    ['more than it', bearer(), { Authorization: 'Bearer abcd' }, ['abc']],
    ['another case', bearer(), { Authorization: 'Bearer ABC' }, ['abc']],
    ['the token alone', bearer(), { Authorization: 'abc' }, ['abc']],
    ['another scheme with a name as long', bearer(), { Authorization: 'Beaver abc' }, ['abc']],
    ['the header twice', bearer(), { Authorization: 'Bearer abc, Bearer abc' }, ['abc']],
    ['an empty header', bearer({ prefix: '' }), { Authorization: '' }, ['abc']],
    ['no header', bearer(), {}, ['abc']],
    ['Basic instead of Bearer', bearer(), basic('user:abc'), ['abc']],
    ['another user', BASIC, basic('root:pass'), ['user:pass']],
    ['no password', BASIC, basic('user:'), ['user:pass']],
    ['the pair without base64', BASIC, { Authorization: 'Basic user:pass' }, ['user:pass']],
  ])('is refused: %s', (_, scheme, headers, secrets) => {
    expect(kindOf(headers, { scheme, secrets })).toBe('forged');
  });

  it.each<[VerifyScheme, string[]]>([
    [bearer(), []],
    [bearer(), ['']],
    [BASIC, []],
    [BASIC, ['']],
    [BASIC, ['token']],
    [BASIC, ['user:']],
    [BASIC, [':pass']],
    [BASIC, [':pass:word']],
  ])('%j with the secrets %j is unusable', (scheme, secrets) => {
    expect(kindOf({ Authorization: 'Bearer ' }, { scheme, secrets })).toBe('unusable-secret');
  });
});

describe('a secret in the body', () => {
  const inBody = (changes: object = {}): VerifyScheme => verifyScheme.parse({ kind: 'in-body', field: 'state', ...changes });
  const kind = (scheme: VerifyScheme, content: unknown, secrets = ['abc', 'old']) =>
    kindOf({}, { scheme, secrets, body: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)) });
  const LIST = inBody({ items: 'data.value' });

  it.each([
    ['one item', inBody(), { state: 'abc' }],
    ['a list of items', inBody(), [{ state: 'abc' }, { state: 'abc', more: 1 }]],
    ['a list in the body', LIST, { data: { value: [{ state: 'abc' }] } }],
    ['the former secret', inBody(), { state: 'old' }],
    ['both secrets, each in an item', inBody(), [{ state: 'old' }, { state: 'abc' }]],
    ['the secret in other spelling of JSON', inBody(), '{"state":"\\u0061bc"}'],
  ])('is accepted: %s', (_, scheme, content) => {
    expect(kind(scheme, content)).toBe('genuine');
  });

  it.each([
    ['another secret', inBody(), { state: 'abd' }],
    ['a beginning of it', inBody(), { state: 'ab' }],
    ['no secret', inBody(), {}],
    ['the secret of the prototype', inBody({ field: 'constructor' }), {}],
    ['a list in place of the text', inBody(), { state: ['abc'] }],
    ['an empty text', inBody(), { state: '' }],
    ['one item of two', inBody(), [{ state: 'abc' }, {}]],
    ['one item of two, which is null', inBody(), [{ state: 'abc' }, null]],
    ['more secrets than there are', inBody(), [{ state: 'abc' }, { state: 'old' }, { state: 'x' }]],
    ['no items', inBody(), []],
    ['items elsewhere', LIST, { value: [{ state: 'abc' }] }],
    ['text that is not JSON', inBody(), 'state=abc'],
    ['one item of two, which is text', inBody(), [{ state: 'abc' }, 'abc']],
    ['nothing', inBody(), ''],
  ])('is refused: %s', (_, scheme, content) => {
    expect(kind(scheme, content)).toBe('forged');
  });

  it.each([[[]], [['']]])('cannot be judged without one: %j', (secrets) => {
    expect(kind(inBody(), { state: '' }, secrets)).toBe('unusable-secret');
  });

  it('is refused in bytes that are not UTF-8', () => {
    expect(kindOf({}, { scheme: inBody(), secrets: ['abc'], body: Buffer.from('{"state":"abc","x":"\xff"}', 'latin1') })).toBe('forged');
  });

  it('is taken out of every item before a body is stored, and long numbers stay', () => {
    const body = Buffer.from('[{"state":"abc","id":9007199254740993},{"state":"old"}]');

    expect(Buffer.from(withoutSecret(inBody(), body)).toString()).toBe('[{"state":"","id":"9007199254740993"},{"state":""}]');
    expect(withoutSecret(verifyScheme.parse({ kind: 'basic' }), body)).toBe(body);
  });

  it.each([
    ['an item that is null', '[{"state":"abc"},null]', '[{"state":""},null]'],
    ['no item at all', '{"value":[]}', '{"value":[]}'],
    ['text that is not JSON', 'state=abc', 'state=abc'],
  ])('need not be in a body for the rest to be stored: %s', (_, body, stored) => {
    const scheme = body.includes('value') ? LIST : inBody();

    expect(Buffer.from(withoutSecret(scheme, Buffer.from(body))).toString()).toBe(stored);
  });
});

describe('the proof of a delivery', () => {
  it.each<[VerifySchemeInput, string[], boolean]>([
    [{ kind: 'standard-webhooks' }, ['webhook-id', 'webhook-timestamp', 'webhook-signature'], false],
    [{ kind: 'standard-webhooks', signatureHeader: 'Svix-Signature' }, ['webhook-id', 'webhook-timestamp', 'svix-signature'], false],
    [{ kind: 'hmac', header: 'X-Sig' }, ['x-sig'], false],
    [
      { kind: 'hmac', header: 'X-Sig', signed: '{id}{timestamp}{body}', idHeader: 'X-Id', timestampHeader: 'X-Time' },
      ['x-id', 'x-time', 'x-sig'],
      false,
    ],
    [{ kind: 'in-body', field: 'state' }, [], true],
    [{ kind: 'bearer' }, ['authorization'], true],
    [{ kind: 'bearer', header: 'X-Api-Key' }, ['x-api-key'], true],
    [{ kind: 'basic' }, ['authorization'], true],
  ])('of %j is in the headers %j, and is the secret itself: %s', (written, headers, isSecret) => {
    const scheme = verifyScheme.parse(written);

    expect(proofHeaders(scheme)).toEqual(headers);
    expect(sendsSecret(scheme)).toBe(isSecret);
  });
});

describe('the parts that may be signed', () => {
  const signed = (text: string, key: string | Buffer = 'top secret') => createHmac('sha256', key).update(text).digest('hex');

  it('are the id, which then becomes the signed id, and the method', () => {
    const scheme = hmac({ signed: '{method}|{id}|{body}', idHeader: 'X-Id' });

    expect(
      verify(scheme, deliveryOf({ 'X-Sig': signed(`POST|d-1|${BODY}`), 'X-Id': 'd-1' }), { secrets: ['top secret'], now: NOW }),
    ).toEqual({
      kind: 'genuine',
      signedId: 'd-1',
    });
    expect(kindOf({ 'X-Sig': signed(`POST|d-1|${BODY}`), 'X-Id': 'd-2' }, { scheme, secrets: ['top secret'] })).toBe('forged');
    expect(kindOf({ 'X-Sig': signed(`POST||${BODY}`), 'X-Id': '' }, { scheme, secrets: ['top secret'] })).toBe('forged');
    expect(kindOf({ 'X-Sig': signed(`POST|{id}|${BODY}`) }, { scheme, secrets: ['top secret'] })).toBe('forged');
  });

  it('are signed with a key in base64 if the scheme says so', () => {
    const key = Buffer.from('top secret');
    const scheme = hmac({ keyEncoding: 'base64' });

    expect(kindOf({ 'X-Sig': signed(`${BODY}`, key) }, { scheme, secrets: [key.toString('base64')] })).toBe('genuine');
    expect(kindOf({ 'X-Sig': signed(`${BODY}`, key) }, { scheme, secrets: ['top secret'] })).toBe('unusable-secret');
  });

  it('include a time whose offset lacks the colon', () => {
    const scheme = hmac({ signed: '{body}{timestamp}', timestampHeader: 'X-Time' });
    const time = '2026-11-24T10:00:00+0100';

    expect(kindOf({ 'X-Sig': signed(`${BODY}${time}`), 'X-Time': time }, { scheme, secrets: ['top secret'] })).toBe('genuine');
  });
});

it('never accepts a delivery whose signed content was changed', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
  const place = fc.record({ what: fc.nat(), at: fc.nat(), by: fc.integer({ min: 1, max: 255 }) });
  fc.assert(
    fc.property(bytes, place, fc.constantFrom(STANDARD, HMAC), (content, { what, at, by }, scheme) => {
      // ASCII, because the reference library signs text.
      const body = Buffer.from(content.map((one) => one & 0x7f));
      const headers = scheme.kind === 'hmac' ? hmacHeaders(body) : standardHeaders(body);
      expect(kindOf(headers, { scheme, body })).toBe('genuine');

      const proof = Object.keys(headers).filter((name) => proofHeaders(scheme).includes(name.toLowerCase()));
      const name = proof[what % (proof.length + 1)];
      const changed = Buffer.from(name === undefined ? body : (headers[name] ?? ''));
      const index = at % changed.length;
      changed[index] = (changed[index] ?? 0) ^ (name === undefined ? by : ((by - 1) % 127) + 1);

      const kind =
        name === undefined
          ? kindOf(headers, { scheme, body: changed })
          : kindOf({ ...headers, [name]: changed.toString('latin1') }, { scheme, body });
      expect(kind).toBe('forged');
    }),
    { numRuns: 2000 },
  );
});

/** The right headers, with another signature header made from the right one. */
function wrapped(change: (right: string) => string): Record<string, string> {
  const headers = standardHeaders(BODY);
  return { ...headers, 'webhook-signature': change(headers['webhook-signature'] ?? '') };
}
