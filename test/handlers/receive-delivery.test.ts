import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { keptDelivery } from '../../lambda/domain/event/kept-delivery.ts';
import { leaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import { TransientFailure } from '../../lambda/domain/failures.ts';
import { aReceiver } from '../support/a-receiver.ts';
import { aProxyEvent, aSignedEvent, hmacHeaders, NOW, standardHeaders, terminationItem } from '../support/deliveries.ts';

const OTHER_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const BODY = JSON.stringify(terminationItem());
const broken = async () => {
  throw new TransientFailure('down', 'expected an answer, got none; wait and try again');
};

async function answerTo(event: object, overrides: Parameters<typeof aReceiver>[0] = {}) {
  const { receive, seen } = aReceiver(overrides);
  const answer = await receive(event);
  return { ...seen, answer, status: answer.statusCode, body: JSON.parse(answer.body) };
}

describe('the answer', () => {
  const big = Buffer.alloc(512 * 1024 + 1, ' ');

  it.each([
    ['202 to one event', aSignedEvent(terminationItem()), 202],
    ['202 to a list', aSignedEvent([terminationItem()]), 202],
    ['202 to types that are not ours', aSignedEvent({ type: 'employee.created' }), 202],
    ['202 to a delivery signed by HMAC', aProxyEvent({ source: 'payroll', body: BODY, headers: hmacHeaders(BODY) }), 202],
    [
      '202 to a base64 body',
      aProxyEvent({ body: Buffer.from(BODY).toString('base64'), isBase64Encoded: true, headers: standardHeaders(BODY) }),
      202,
    ],
    [
      '202 to JSON of another kind',
      aSignedEvent(terminationItem(), { headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' } }),
      202,
    ],
    ['202 to JSON with a byte order mark', aSignedEvent(`\uFEFF${BODY}`), 202],
    ['202 to 512 KiB', aSignedEvent(BODY.padEnd(512 * 1024)), 202],
    ['404 to a source that does not exist', aSignedEvent(terminationItem(), { source: 'nobody' }), 404],
    ...['constructor', '__proto__', 'HR', ''].map(
      (source) => [`404 to the source "${source}"`, aSignedEvent(terminationItem(), { source }), 404] as const,
    ),
    ['404 to no source', aProxyEvent({ body: BODY, headers: standardHeaders(BODY), pathParameters: null }), 404],
    ...['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'post'].map(
      (httpMethod) => [`405 to ${httpMethod}`, aProxyEvent({ httpMethod }), 405] as const,
    ),
    ['413 to a byte more than 512 KiB', aProxyEvent({ body: big.toString(), headers: standardHeaders(big) }), 413],
    ['413 to a byte more than 512 KiB in base64', aProxyEvent({ body: big.toString('base64'), isBase64Encoded: true }), 413],
    ['401 to no headers', aProxyEvent({ body: BODY, headers: null }), 401],
    ['401 to no body', aProxyEvent({ body: null, headers: standardHeaders(BODY) }), 401],
    ['401 to a delivery of another source', aSignedEvent(terminationItem(), { source: 'other' }), 401],
    ['401 to another scheme', aProxyEvent({ source: 'payroll', body: BODY, headers: standardHeaders(BODY) }), 401],
    ['401 to an old delivery', aSignedEvent(terminationItem(), { at: NOW - 301_000 }), 401],
    ['401 to a delivery of the future', aSignedEvent(terminationItem(), { at: NOW + 301_000 }), 401],
    ['415 to text', aSignedEvent(terminationItem(), { headers: { 'content-type': 'text/plain' } }), 415],
    ['415 to no content type', aSignedEvent(terminationItem(), { headers: { 'content-type': '' } }), 415],
    ['415 to a look-alike', aSignedEvent(terminationItem(), { headers: { 'content-type': 'application/jsonp' } }), 415],
    ['400 to a body that is not JSON', aSignedEvent('{"type":'), 400],
    ['400 to an empty body', aSignedEvent(''), 400],
    ['422 to a malformed event', aSignedEvent({ type: 'employee.terminated' }), 422],
    ['422 to an empty list', aSignedEvent([]), 422],
    ['422 to 100,000 brackets', aSignedEvent('['.repeat(100_000) + ']'.repeat(100_000)), 422],
    ['400 to 100,000 brackets that never close', aSignedEvent('['.repeat(100_000)), 400],
    ['422 to a polluted prototype', aSignedEvent('{"__proto__":{"type":"employee.terminated"}}'), 422],
  ])('is %s', async (_, event, status) => {
    expect((await answerTo(event)).status).toBe(status);
  });

  it.each([
    ['no usable secret', { secrets: { read: async () => [], refresh: async () => [] } }],
    ['an empty secret', { secrets: { read: async () => [''], refresh: async () => [''] } }],
    ['a secret that is not a key', { secrets: { read: async () => ['***'], refresh: async () => ['***'] } }],
    ['Secrets Manager unreachable', { secrets: { read: broken, refresh: broken } }],
    ['the queue unreachable', { queue: { sendAll: broken } }],
  ])('is 503 with %s, and asks to send again', async (_, overrides) => {
    const { answer, sent, forged } = await answerTo(aSignedEvent(terminationItem()), overrides);

    expect(answer.statusCode).toBe(503);
    expect(Number(answer.headers?.['retry-after'])).toBeGreaterThan(0);
    expect([...sent, ...forged]).toEqual([]);
  });

  it('is 503, not 401, if a forgery cannot be distinguished from a secret that was rotated just now', async () => {
    const secrets = { read: async () => [OTHER_SECRET], refresh: broken };

    expect((await answerTo(aSignedEvent(terminationItem()), { secrets })).status).toBe(503);
  });

  it('is 503, not 422, if an unreadable delivery cannot be kept', async () => {
    const quarantine = { keep: broken, keepForged: async () => false };

    expect((await answerTo(aSignedEvent([]), { quarantine })).status).toBe(503);
  });

  it('is 500 after an unexpected fault', async () => {
    const keepForged = async () => {
      throw new Error('ana@acme.test');
    };
    const { status, lines, body } = await answerTo(aProxyEvent({ body: BODY }), { quarantine: { keep: broken, keepForged } });

    expect(status).toBe(500);
    expect(JSON.stringify([lines, body])).not.toContain('ana@acme.test');
    expect(lines).toMatchObject([{ level: 'error', fields: { reason: 'unexpected', fault: { name: 'Error' } } }]);
  });

  it('is the same 401 for every cause, byte for byte', async () => {
    const signed = standardHeaders(BODY);
    const answers = await Promise.all(
      [
        aProxyEvent({ body: BODY }),
        aProxyEvent({ body: `${BODY} `, headers: signed }),
        aProxyEvent({ body: BODY, headers: { ...signed, 'webhook-timestamp': 'x' } }),
        aProxyEvent({ body: 'no JSON', headers: { ...signed, 'content-type': 'text/plain' } }),
        aSignedEvent(terminationItem(), { at: 0 }),
        aSignedEvent(terminationItem(), { secret: OTHER_SECRET }),
        aSignedEvent(terminationItem(), { source: 'other' }),
        aProxyEvent({ source: 'payroll', body: BODY }),
      ].map(async (event) => JSON.stringify((await answerTo(event)).answer)),
    );

    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('"statusCode":401');
  });

  it.each([
    [aSignedEvent(terminationItem(), { source: 'nobody' }), 'Not Found'],
    [aProxyEvent({ httpMethod: 'GET' }), 'Method Not Allowed'],
    [aProxyEvent({ body: BODY }), 'Unauthorized'],
    [aSignedEvent([]), 'Unprocessable Content'],
  ])('is a problem as in RFC 9457', async (event, title) => {
    const { answer, body, status } = await answerTo(event);

    expect(answer.headers?.['content-type']).toBe('application/problem+json');
    expect(body).toEqual({ type: 'about:blank', title, status, detail: expect.stringMatching(/^[^\n]+$/), requestId: 'request-1' });
  });

  it('names the method that is allowed', async () => {
    expect((await answerTo(aProxyEvent({ httpMethod: 'GET' }))).answer.headers).toMatchObject({ allow: 'POST' });
  });

  it('says what was expected and what the body has', async () => {
    const { body } = await answerTo(aSignedEvent(terminationItem({ data: { effective: {} } })));

    expect(body.detail).toBe('event: data.effective: expected exactly one of date, at or immediate, got an object');
  });

  it('names the events and counts the ignored items', async () => {
    const list = [{ type: 'x' }, terminationItem(), terminationItem({ data: { id: 'hr-7', effective: { immediate: true } } })];

    expect((await answerTo(aSignedEvent(list))).body).toEqual({ eventIds: ['msg_1.1', 'hr-7'], ignored: 1 });
    expect((await answerTo(aSignedEvent({ type: 'x' }))).body).toEqual({ eventIds: [], ignored: 1 });
    expect((await answerTo(aSignedEvent(terminationItem()))).body).toEqual({ eventIds: ['msg_1'] });
  });
});

describe('headers', () => {
  const signed = standardHeaders(BODY);
  const multiple = (values: Record<string, string[]>) => ({
    ...Object.fromEntries(Object.entries(signed).map(([name, value]) => [name, [value]])),
    ...values,
  });
  const right = signed['webhook-signature'] ?? '';

  it.each([
    ['in any case', { headers: Object.fromEntries(Object.entries(signed).map(([name, value]) => [name.toUpperCase(), value])) }, 202],
    ['as lists alone', { headers: null, multiValueHeaders: multiple({}) }, 202],
    ['as lists before single values', { headers: { ...signed, 'webhook-signature': 'v1,AAAA' }, multiValueHeaders: multiple({}) }, 202],
    ['in part as lists', { headers: signed, multiValueHeaders: { 'webhook-id': ['msg_1'] } }, 202],
    ['with the signature twice', { multiValueHeaders: multiple({ 'webhook-signature': ['v1,AAAA', right] }) }, 202],
    ['with the signature in two cases', { headers: { ...signed, 'Webhook-Signature': 'v1,AAAA' } }, 202],
    ['with the id twice', { multiValueHeaders: multiple({ 'webhook-id': ['msg_1', 'msg_2'] }) }, 401],
    ['with the time twice', { multiValueHeaders: multiple({ 'webhook-timestamp': ['1', signed['webhook-timestamp'] ?? ''] }) }, 401],
    ['with an empty list', { multiValueHeaders: multiple({ 'webhook-signature': [] }) }, 401],
    ['that are null', { headers: { ...signed, 'webhook-id': null } }, 401],
  ])('are read %s', async (_, parts, status) => {
    expect((await answerTo(aProxyEvent({ body: BODY, ...parts }))).status).toBe(status);
  });
});

describe('the queue', () => {
  it('gets every event, in the form that the worker reads', async () => {
    const name = 'Zoë 🌻 Ødegård';
    const item = terminationItem({ data: { employee: { email: 'ana@acme.test', familyName: name } } });
    const { sent } = await answerTo(aSignedEvent([item, terminationItem({ data: { id: 'hr-7' } })]));

    expect(sent.map((message) => leaverMessage.parse(message))).toEqual(sent);
    expect(sent).toMatchObject([
      {
        kind: 'arrival',
        source: 'hr',
        eventId: 'msg_1.0',
        receivedAt: '2026-11-24T09:00:00.000Z',
        event: { employee: { familyName: name } },
      },
      { kind: 'arrival', source: 'hr', eventId: 'hr-7' },
    ]);
  });

  it('gets nothing of a delivery with one malformed event', async () => {
    expect((await answerTo(aSignedEvent([terminationItem(), { type: 'employee.terminated' }]))).sent).toEqual([]);
  });

  it('gets only text that is UTF-8', async () => {
    const latin = Buffer.from(BODY.replace('ana@', 'an\u00e9@'), 'latin1');
    // The reference library signs text only.
    const event = aProxyEvent({ source: 'payroll', body: latin.toString('base64'), isBase64Encoded: true, headers: hmacHeaders(latin) });

    expect(await answerTo(event)).toMatchObject({ status: 400, sent: [] });
  });
});

describe('a secret that was rotated', () => {
  it('works at once', async () => {
    const secrets = { read: async () => [OTHER_SECRET], refresh: async () => ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', OTHER_SECRET] };

    expect((await answerTo(aSignedEvent(terminationItem()), { secrets })).status).toBe(202);
  });

  it('is not read again while deliveries are genuine', async () => {
    const secrets = { read: async () => ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], refresh: broken };

    expect((await answerTo(aSignedEvent(terminationItem()), { secrets })).status).toBe(202);
  });
});

describe('the quarantine', () => {
  it.each([
    ['415', aSignedEvent(terminationItem(), { headers: { 'content-type': 'text/xml' } })],
    ['400', aSignedEvent('no JSON')],
    ['422', aSignedEvent([])],
  ])('keeps a genuine delivery whole if the answer was %s', async (_, event) => {
    const { kept, forged, body } = await answerTo(event);

    expect(forged).toEqual([]);
    expect(kept).toMatchObject([{ v: 1, why: 'unreadable', source: 'hr', requestId: 'request-1', detail: body.detail }]);
    expect(kept.map((one) => keptDelivery.parse(one))).toEqual(kept);
  });

  it('keeps every header of a delivery that is no cookie and no credential', async () => {
    const credentials = {
      Authorization: 'Bearer x',
      Cookie: 'y',
      'X-Api-Key': 'x',
      'X-Auth-Token': 'x',
      'Proxy-Authorization': 'x',
      'X-Client-Secret': 'x',
    };
    const event = aProxyEvent({
      body: BODY,
      headers: { ...standardHeaders(BODY, { secret: OTHER_SECRET }), ...credentials, 'X-Delivery': '7', 'X-Token-Signature': 'ab' },
    });
    const { forged, kept } = await answerTo(event);

    expect(kept).toEqual([]);
    expect(forged).toMatchObject([
      { why: 'signature', receivedAt: '2026-11-24T09:00:00.000Z', bodyBase64: Buffer.from(BODY).toString('base64') },
    ]);
    expect(Object.keys(forged[0]?.headers ?? {}).sort()).toEqual([
      'content-type',
      'webhook-id',
      'webhook-signature',
      'webhook-timestamp',
      'x-delivery',
      'x-token-signature',
    ]);
  });

  it.each([
    ['a wrong signature', standardHeaders(BODY, { secret: OTHER_SECRET }), 'the signature is not valid'],
    ['nothing', {}, 'none of the headers of this scheme came (webhook-id, webhook-timestamp, webhook-signature)'],
    [
      'another header for the time',
      { 'webhook-id': 'msg_1', 'webhook-signature': 'v1,AAAA', 'webhook-time': '1' },
      'not all headers of this scheme came, without webhook-timestamp',
    ],
    [
      'a signature under another name',
      { 'Svix-Signature': 'v1,AAAA', 'Svix-Id': 'msg_1' },
      'none of the headers of this scheme came (webhook-id, webhook-timestamp, webhook-signature), but svix-signature; if HR signs there, write that header into the scheme of the stage, then reverify',
    ],
  ])('says of a forgery with %s what came, and the sender learns nothing', async (_, headers, detail) => {
    const { forged, lines, body } = await answerTo(aProxyEvent({ body: BODY, headers }));

    expect(forged).toMatchObject([{ why: 'signature', detail }]);
    expect(lines).toMatchObject([{ level: 'warn', fields: { reason: 'forged', detail, kept: true } }]);
    expect(body.detail).toBe('the delivery could not be verified; check the secret and the signature');
  });

  it.each([
    ['an accepted delivery', aSignedEvent(terminationItem())],
    ['types that are not ours', aSignedEvent({ type: 'x' })],
    ['an unknown source', aSignedEvent(terminationItem(), { source: 'nobody' })],
    ['too large a body', aProxyEvent({ body: ' '.repeat(512 * 1024 + 1) })],
  ])('does not keep %s', async (_, event) => {
    const { kept, forged } = await answerTo(event);

    expect([...kept, ...forged]).toEqual([]);
  });
});

describe('signals', () => {
  it.each([
    [
      'an accepted delivery',
      aSignedEvent([{ type: 'x' }, terminationItem()]),
      { Received: 1, Queued: 1, Ignored: 1, 'Accepted hr': 1 },
      'info',
      202,
    ],
    ['a forged one', aProxyEvent({ body: BODY }), { Received: 1, 'Rejected forged': 1 }, 'warn', 401],
    ['an unreadable one', aSignedEvent([]), { Received: 1, 'Rejected not-understood': 1, Unreadable: 1 }, 'warn', 422],
  ])('count and log %s once', async (_, event, counts, level, status) => {
    const seen = await answerTo(event);

    expect(seen.counts).toEqual(counts);
    expect(seen.lines).toMatchObject([{ level, fields: { requestId: 'request-1', source: 'hr', status } }]);
  });

  it('name a fault of ours', async () => {
    const { lines } = await answerTo(aSignedEvent(terminationItem()), { queue: { sendAll: broken } });

    expect(lines).toMatchObject([{ level: 'error', fields: { reason: 'queue-trouble', fault: { code: 'down' } } }]);
  });

  it.each([
    ['accepted', aSignedEvent([terminationItem({ data: { employee: { email: 'ana@acme.test', familyName: 'Silva' } } })])],
    ['unreadable', aSignedEvent([terminationItem({ data: { employee: { email: 'ana@acme.test', familyName: 5 } } })])],
    ['forged', aSignedEvent(terminationItem({ data: { id: 'Silva' } }), { secret: OTHER_SECRET })],
    ['for an unknown source', aSignedEvent(terminationItem(), { source: 'silva' })],
  ])('contain nothing of a delivery that is %s', async (_, event) => {
    const { lines } = await answerTo(event);

    expect(JSON.stringify(lines)).not.toMatch(/ana@|silva|v1,|whsec|msg_1"/i);
  });
});

it('accepts no delivery with a changed bit', async () => {
  const { receive, seen } = aReceiver();
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: BODY.length * 8 - 1 }), async (bit) => {
      const body = Buffer.from(BODY);
      body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));

      const { statusCode } = await receive(
        aProxyEvent({ body: body.toString('base64'), isBase64Encoded: true, headers: standardHeaders(BODY) }),
      );

      expect(statusCode).toBe(401);
      expect(seen.sent).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

it('answers every request, and never throws', async () => {
  const { receive } = aReceiver();
  const headerName = fc.oneof(fc.constantFrom('webhook-id', 'webhook-signature', 'X-Signature', '__proto__', 'content-type'), fc.string());
  const signed = fc
    .tuple(fc.string(), fc.boolean())
    .map(([text, asJson]) => aSignedEvent(asJson ? JSON.stringify(text) : text.replace(/[\ud800-\udfff]/g, '')));
  const anything = fc
    .record({
      source: fc.constantFrom('hr', 'other', 'payroll', 'nobody'),
      body: fc.option(fc.string()),
      isBase64Encoded: fc.boolean(),
      headers: fc.option(fc.dictionary(headerName, fc.string())),
      multiValueHeaders: fc.option(fc.dictionary(headerName, fc.array(fc.string(), { maxLength: 3 }))),
    })
    .map((parts) => aProxyEvent(parts));
  await fc.assert(
    fc.asyncProperty(fc.oneof(signed, anything), async (event) => {
      const { statusCode } = await receive(event);

      expect([202, 400, 401, 404, 415, 422]).toContain(statusCode);
    }),
    { numRuns: 1000 },
  );
});
