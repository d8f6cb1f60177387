import { connect, type Socket } from 'node:net';

/** The answer; `closed` if the connection was closed without one, `silent` if none arrived in time. */
export type Answer = { status: number; headers: ReadonlyMap<string, string>; body: string } | 'closed' | 'silent';

/** Long enough for a busy machine; the gateway itself gives up earlier. */
const WITHIN_MS = 45_000;

/** Opens a keep-alive connection to 127.0.0.1 that sends any bytes, one exchange at a time. */
export function openConnection(port: number) {
  let socket: Socket | undefined;

  return {
    /** Sends bytes and waits for the answer. @param isLast closes our side after the bytes, so that the server does not wait for more */
    async exchange(bytes: Buffer, { isLast }: { isLast: boolean }): Promise<Answer> {
      const used = socket?.writable && !socket.readableEnded ? socket : await dial(port);
      socket = used;
      const answer = await exchangeOn(used, bytes, isLast);
      if (isLast || typeof answer === 'string' || answer.headers.get('connection') === 'close') {
        used.destroy();
        socket = undefined;
      }
      return answer;
    },
    close: () => socket?.destroy(),
  };
}

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

function exchangeOn(socket: Socket, bytes: Buffer, isLast: boolean): Promise<Answer> {
  return new Promise((resolve) => {
    let received: Buffer = Buffer.alloc(0);
    const settle = (answer: Answer) => {
      clearTimeout(timer);
      socket.removeAllListeners();
      // A later reset does not matter.
      socket.on('error', () => undefined);
      resolve(answer);
    };
    const timer = setTimeout(() => settle('silent'), WITHIN_MS);
    socket.removeAllListeners();
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const answer = answerIn(received);
      if (answer !== undefined) settle(answer);
    });
    for (const end of ['end', 'close', 'error'] as const) socket.on(end, () => settle('closed'));
    if (isLast) socket.end(bytes);
    else socket.write(bytes);
  });
}

/** The first complete answer; the gateway always sends its length. A 100 only tells us to go on. */
function answerIn(bytes: Buffer): Answer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(first.split(' ')[1]);
  if (status === 100) return answerIn(bytes.subarray(end + 4));

  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const length = status === 204 ? 0 : Number(headers.get('content-length') ?? 0);
  if (bytes.length < end + 4 + length) return undefined;
  return { status, headers, body: bytes.toString('utf8', end + 4, end + 4 + length) };
}
