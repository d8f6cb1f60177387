import type { Dice } from '../support/dice.ts';
import type { Headers } from './forge.ts';

export interface Request {
  method: string;
  path: string;
  headers: Headers;
  body: Buffer;
}

const LATIN1 = 'latin1';

/** Writes a request as bytes, in one of the forms that HTTP/1.1 allows. */
export function write({ method, path, headers, body }: Request, dice: Dice): Buffer {
  const named: Headers = [['Host', '127.0.0.1'], ...headers.map(([name, value]): [string, string] => [otherCase(name, dice), value])];
  if (dice.chance(0.1)) named.push(...strange(dice));
  const target = dice.chance(0.03) ? `http://127.0.0.1${path}` : path;
  const isChunked = dice.chance(0.15);
  const framing: Headers = isChunked ? [['Transfer-Encoding', 'chunked']] : [['Content-Length', String(body.length)]];
  const head = [`${method} ${target} HTTP/1.1`, ...[...named, ...framing].map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, LATIN1), isChunked ? chunked(body, dice) : body]);
}

function otherCase(name: string, dice: Dice): string {
  if (!dice.chance(0.2)) return name;
  return dice.pick([name.toLowerCase(), name.toUpperCase()]);
}

function chunked(body: Buffer, dice: Dice): Buffer {
  const parts: Buffer[] = [];
  for (let from = 0; from < body.length; ) {
    const size = Math.max(1, dice.chance(0.5) ? dice.int(64) : body.length - from, Math.floor(body.length / 20));
    const part = body.subarray(from, from + size);
    parts.push(Buffer.from(`${part.length.toString(16)}${dice.chance(0.1) ? ';x=y' : ''}\r\n`), part, Buffer.from('\r\n'));
    from += size;
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

/** Headers that do not concern the proof, but may disturb a server on the way. */
function strange(dice: Dice): Headers {
  return dice.pick<Headers>([
    [
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['toString', 'z'],
    ],
    [
      ['X-Forwarded-For', '10.0.0.1'],
      ['X-Forwarded-For', '::1'],
    ],
    [['Content-Encoding', dice.pick(['gzip', 'br', 'deflate', 'identity, gzip'])]],
    [['Expect', '100-continue']],
    [['X-Amzn-Trace-Id', 'Root=1;Sampled=?']],
    [['X-Long', 'v'.repeat(5000)]],
    Array.from({ length: 300 }, (_, n): [string, string] => [`x-${n}`, '1']),
    [['Cookie', '__Host-a=1; a=2;;;']],
    [['X-Latin', '\u00e9\u00ff']],
    [['X-HTTP-Method-Override', 'DELETE']],
    [
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAAAA=='],
    ],
  ]);
}

/** Makes bytes that are not HTTP, or not quite. Nothing in them is proven, so they may only be refused. */
export function spoil(request: Request, dice: Dice): Buffer {
  const { method, path, body } = request;
  const good = write(request, dice);
  const line = `${method} ${path}`;
  const withHeaders = (...lines: string[]) =>
    Buffer.concat([Buffer.from(`${line} HTTP/1.1\r\nHost: x\r\n${lines.join('\r\n')}\r\n\r\n`, LATIN1), body]);
  const second = 'POST /webhooks/canonical HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';
  const ways: readonly (() => Buffer)[] = [
    () => good.subarray(0, dice.int(good.length)),
    () => Buffer.from(good.toString(LATIN1).replaceAll('\r\n', '\n'), LATIN1),
    () => Buffer.from(Array.from({ length: 1 + dice.int(300) }, () => dice.int(256))),
    () =>
      Buffer.concat([good.subarray(0, dice.int(good.length)), Buffer.from([dice.int(256), 0, 0xff]), good.subarray(dice.int(good.length))]),
    () => withHeaders(`Content-Length: ${body.length}`, `Content-Length: ${body.length + 1}`),
    () => withHeaders(`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'),
    () => withHeaders('Transfer-Encoding: chunked, identity'),
    () => withHeaders('Transfer-Encoding: \u000bchunked', `Content-Length: ${body.length}`),
    () => withHeaders(`Content-Length: ${dice.pick(['-1', '1e3', '0x10', '99999999999999999999', '', ' ', '+5', '1,1'])}`),
    () => withHeaders(`Content-Length: ${body.length + 1000}`),
    () => withHeaders('Content-Length: 0', 'No colon at all'),
    () => withHeaders('Content-Length : 0'),
    () => withHeaders('X-Nul: a\u0000b', 'Content-Length: 0'),
    () => withHeaders('X-Folded: a', ' folded', '\tagain', 'Content-Length: 0'),
    () => withHeaders(': no name', 'Content-Length: 0'),
    () => withHeaders('Content-Length: 0', `X-Huge: ${'h'.repeat(20_000)}`),
    () => withHeaders('Content-Length: 0', ...Array.from({ length: 3000 }, (_, n) => `a${n}: b`)),
    () => withHeaders('Expect: the impossible', 'Content-Length: 0'),
    () => withHeaders('Transfer-Encoding: chunked'),
    () =>
      Buffer.concat([
        withHeaders('Transfer-Encoding: chunked').subarray(0, -body.length),
        Buffer.from(dice.pick(['zz\r\n', '-1\r\n', 'fffffffffffffffff\r\n', '5\r\nab\r\n0\r\n\r\n', '5;'.repeat(9000)])),
      ]),
    () => Buffer.concat([withHeaders('Content-Length: 0').subarray(0, -body.length), Buffer.from(second)]),
    () =>
      Buffer.from(
        `${dice.pick(['post', 'PO ST', '', 'P'.repeat(9000), 'G\u0000T', 'POST\t'])} ${path} HTTP/1.1\r\nHost: x\r\n\r\n`,
        LATIN1,
      ),
    () =>
      Buffer.from(`${line} ${dice.pick(['HTTP/9.9', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.1 x', 'HTCPCP/1.0', ''])}\r\nHost: x\r\n\r\n`, LATIN1),
    () => Buffer.from(`${line} HTTP/1.1\r\nContent-Length: 0\r\n\r\n`, LATIN1),
    () => Buffer.from(`${line} HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n`, LATIN1),
    () => Buffer.from(`${method} ${path}/${'p'.repeat(12_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, LATIN1),
    () => Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    () => Buffer.from('1603010200010001fc0303', 'hex'),
    () => Buffer.from('\r\n'.repeat(1 + dice.int(40))),
  ];
  return dice.pick(ways)();
}
