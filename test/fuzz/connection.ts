import { connect, type Socket } from 'node:net';

/** What came back: an answer, or none where the connection was closed or nothing came in time. */
export type Answer = { status: number; headers: ReadonlyMap<string, string>; body: string } | 'closed' | 'silent';

/** Long enough for a busy machine; the gateway itself gives up sooner. */
const WITHIN_MS = 45_000;

/** A keep-alive connection to 127.0.0.1 that sends whatever bytes it is given, one exchange at a time. */
export function openConnection(port: number) {
  let socket: Socket | undefined;

  return {
    /** @param isLast nothing follows on this connection: our side of it is closed behind the bytes, so that nobody waits for more */
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
    let came: Buffer = Buffer.alloc(0);
    const settle = (answer: Answer) => {
      clearTimeout(timer);
      socket.removeAllListeners();
      // a reset that comes later is nobody's business any more
      socket.on('error', () => undefined);
      resolve(answer);
    };
    const timer = setTimeout(() => settle('silent'), WITHIN_MS);
    socket.removeAllListeners();
    socket.on('data', (chunk: Buffer) => {
      came = came.length === 0 ? chunk : Buffer.concat([came, chunk]);
      const answer = answerIn(came);
      if (answer !== undefined) settle(answer);
    });
    for (const end of ['end', 'close', 'error'] as const) socket.on(end, () => settle('closed'));
    if (isLast) socket.end(bytes);
    else socket.write(bytes);
  });
}

/** The first complete answer; the gateway always says its length. A 100 only says that we may go on. */
function answerIn(came: Buffer): Answer | undefined {
  const end = came.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = came.toString('latin1', 0, end).split('\r\n');
  const status = Number(first.split(' ')[1]);
  if (status === 100) return answerIn(came.subarray(end + 4));

  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const length = status === 204 ? 0 : Number(headers.get('content-length') ?? 0);
  if (came.length < end + 4 + length) return undefined;
  return { status, headers, body: came.toString('utf8', end + 4, end + 4 + length) };
}
