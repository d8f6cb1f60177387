import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import fc from 'fast-check';
import { type GatewayOptions, startGateway } from '../../../local/lambda/gateway.ts';
import { closing } from '../support/closing.ts';

async function gateway(options: Partial<GatewayOptions> = {}) {
  const events: APIGatewayProxyEvent[] = [];
  const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
    events.push(event);
    return { statusCode: 202, body: '{"ok":true}' };
  };
  const server = closing(await startGateway({ port: 0, handler, ...options }), ({ close }) => close());
  return {
    events,
    url: server.url,
    /** Sends bytes unchanged, and returns everything that comes back until the connection ends. */
    raw: async (bytes: string) => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      socket.write(bytes);
      return text(socket);
    },
  };
}

const post = (url: string, body: string | Uint8Array<ArrayBuffer> | null = null) => fetch(`${url}/webhooks/acme`, { method: 'POST', body });

describe('the gateway', () => {
  it('makes the event of a REST API out of a request', async () => {
    const { raw, events } = await gateway();

    await raw(
      'POST /webhooks/acme%2D1?a=1&a=2&b= HTTP/1.1\r\nHost: x\r\nX-Sig: one\r\nX-Sig: two\r\n__proto__: z\r\n' +
        'Content-Length: 4\r\nConnection: close\r\n\r\n\u00e9\u00e9',
    );

    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      resource: '/webhooks/{source}',
      path: '/webhooks/acme%2D1',
      httpMethod: 'POST',
      pathParameters: { source: 'acme-1' },
      queryStringParameters: { a: '2', b: '' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: [''] },
      body: Buffer.from('\u00e9\u00e9').toString('base64'),
      isBase64Encoded: true,
      requestContext: { requestId: expect.stringMatching(/^[0-9a-f-]{36}$/), identity: { sourceIp: '127.0.0.1' } },
    });
    expect(events[0]?.headers['X-Sig']).toBe('two');
    expect(events[0]?.multiValueHeaders['X-Sig']).toEqual(['one', 'two']);
    expect(Object.entries(events[0]?.headers ?? {})).toContainEqual(['__proto__', 'z']);
  });

  it('passes on every body byte by byte', async () => {
    const { url, events } = await gateway();

    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), async (bytes) => {
        await post(url, Buffer.from(bytes));
        expect(events.at(-1)?.body).toBe(Buffer.from(bytes).toString('base64'));
      }),
      { numRuns: 50 },
    );
  });

  it('has neither body nor query if the request has none', async () => {
    const { url, events } = await gateway();

    await post(url);

    expect(events[0]).toMatchObject({ body: null, queryStringParameters: null, multiValueQueryStringParameters: null });
  });

  it.each<{ what: string; answer: APIGatewayProxyResult; status: number; body: string; header: string | null }>([
    { what: 'text', answer: { statusCode: 202, body: 'h\u00e9' }, status: 202, body: 'h\u00e9', header: null },
    { what: 'base64', answer: { statusCode: 200, body: 'aMOp', isBase64Encoded: true }, status: 200, body: 'h\u00e9', header: null },
    { what: 'no content', answer: { statusCode: 204, body: '' }, status: 204, body: '', header: null },
    { what: 'a header', answer: { statusCode: 401, headers: { 'x-a': 1 }, body: '' }, status: 401, body: '', header: '1' },
    {
      what: 'several headers, and a length that is not its own',
      answer: { statusCode: 200, headers: { 'content-length': 99 }, multiValueHeaders: { 'x-a': ['1', true] }, body: 'ok' },
      status: 200,
      body: 'ok',
      header: '1, true',
    },
  ])('sends the answer of the handler: $what', async ({ answer, status, body, header }) => {
    const { url } = await gateway({ handler: async () => answer });

    const response = await post(url, 'x');

    expect(response.status).toBe(status);
    expect(await response.text()).toBe(body);
    expect(response.headers.get('x-a')).toBe(header);
  });

  it('keeps the connection, and sends the length of each answer', async () => {
    const { raw } = await gateway();
    const request = (last: string) => `POST /webhooks/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n${last}\r\n`;

    const answers = await raw(request('') + request('Connection: close\r\n'));

    expect(answers.match(/^content-length: 11\r$/gim)).toHaveLength(2);
  });

  it.each<{ what: string; handler: GatewayOptions['handler']; status: number }>([
    { what: 'rejects', handler: () => Promise.reject(new Error('boom')), status: 502 },
    {
      what: 'throws at once',
      handler: () => {
        throw new Error('boom');
      },
      status: 502,
    },
    { what: 'gives an answer that is not a proxy result', handler: async () => JSON.parse('{"status":202}'), status: 502 },
    {
      what: 'gives an invalid header',
      handler: async () => ({ statusCode: 200, headers: { 'x-a': 'a\nb' }, body: '' }),
      status: 502,
    },
    { what: 'never answers', handler: () => new Promise(() => undefined), status: 504 },
  ])('answers $status as problem+json if the handler $what', async ({ handler, status }) => {
    const { url } = await gateway({ handler, timeoutSeconds: 0.2 });

    const response = await post(url, 'x');

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status });
  });

  it.each([
    { path: '/' },
    { path: '/webhooks' },
    { path: '/webhooks/' },
    { path: '/webhooks/a/b' },
    { path: '/webhooks/%zz' },
    { path: '/Webhooks/acme' },
    { path: '/webhooks/../acme' },
  ])('answers $path as API Gateway answers an unknown path', async ({ path }) => {
    const { raw, events } = await gateway();

    const response = await raw(`POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);

    expect(response).toMatch(/^HTTP\/1.1 403 /);
    expect(response).toContain('{"message":"Missing Authentication Token"}');
    expect(events).toEqual([]);
  });

  it.each([
    { what: 'accepts a body that has the limit', bytes: 1_000, status: 202 },
    { what: 'answers 413 above the limit', bytes: 1_001, status: 413 },
    { what: 'answers 413 far above the limit', bytes: 12_000_000, status: 413 },
  ])('$what', async ({ bytes, status }) => {
    const { url } = await gateway({ maxBodyBytes: 1_000 });

    const response = await post(url, Buffer.alloc(bytes));

    expect(response.status).toBe(status);
  });

  it('has a limit of 10 MB by default', async () => {
    const { url } = await gateway();

    const statuses = [];
    for (const bytes of [10 * 1024 * 1024, 10 * 1024 * 1024 + 1]) statuses.push((await post(url, Buffer.alloc(bytes))).status);

    expect(statuses).toEqual([202, 413]);
  });

  it.each([
    { what: 'text that is not HTTP', bytes: 'hello\r\n\r\n', status: 400 },
    { what: 'a control character in a header', bytes: 'POST / HTTP/1.1\r\nHost: x\r\nA: \u0001\r\n\r\n', status: 400 },
    { what: 'a request without a host', bytes: 'POST /webhooks/acme HTTP/1.1\r\n\r\n', status: 400 },
    {
      what: 'two different lengths',
      bytes: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      status: 400,
    },
    {
      what: 'a length and chunks',
      bytes: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      status: 400,
    },
    { what: 'headers above 10,240 bytes', bytes: `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(10_240)}\r\n\r\n`, status: 431 },
  ])('refuses $what, and goes on', async ({ bytes, status }) => {
    const { raw, url, events } = await gateway();

    const response = await raw(bytes);

    expect(response).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(events).toEqual([]);
    expect((await post(url, 'x')).status).toBe(202);
  });

  it('does not pass on half a body', async () => {
    const { url, events } = await gateway();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST /webhooks/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    await once(socket, 'connect');

    socket.destroy();
    await post(url, 'whole');

    expect(events.map(({ body }) => body)).toEqual([Buffer.from('whole').toString('base64')]);
  });

  it('passes on more headers than Node.js keeps by default', async () => {
    const { raw, events } = await gateway();
    const many = Array.from({ length: 2_100 }, () => 'a:\r\n').join('');

    await raw(`POST /webhooks/acme HTTP/1.1\r\nHost: x\r\n${many}X-Sig: last\r\nConnection: close\r\n\r\n`);

    expect(events[0]?.headers['X-Sig']).toBe('last');
  });

  it('names a port that another process has', async () => {
    const { url } = await gateway();

    await expect(gateway({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'port-in-use' });
  });
});
