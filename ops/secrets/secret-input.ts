import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Usage } from '../terminal/exit-code.ts';

/** As much as Secrets Manager takes ("PutSecretValue", `SecretString`). */
const MOST_BYTES = 65_536;

interface Streams {
  stdin: NodeJS.ReadStream;
  stderr: NodeJS.WriteStream;
}

/**
 * A secret from standard input, or asked for without showing what is typed. JSON may have many lines; anything else is one.
 *
 * @throws Usage where nothing or too much came
 */
export async function readSecretInput(what: string, { stdin, stderr }: Streams = process): Promise<string> {
  const text = (await (stdin.isTTY ? typed(what, { stdin, stderr }) : piped(stdin))).trim();
  if (text === '') throw new Usage(`expected ${what} on standard input, got nothing`);
  return text;
}

async function piped(stdin: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Usage(`expected a secret of at most ${MOST_BYTES} bytes on standard input, got more`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

function typed(what: string, { stdin, stderr }: Streams): Promise<string> {
  // as a terminal, readline turns off the echo of the real one; what it would show itself goes nowhere
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  // asked only now: what is pasted in answer is not shown
  stderr.write(`${what} (not shown): `);
  return new Promise((resolve, reject) => {
    let text = '';
    lines.on('line', (line) => {
      text += `${line}\n`;
      // the rest of pasted JSON must not be left to the shell
      if (isWhole(text)) lines.close();
    });
    lines.on('SIGINT', () => {
      text = '';
      lines.close();
    });
    lines.on('close', () => {
      stderr.write('\n');
      resolve(text);
    });
    stdin.on('error', reject);
  });
}

function isWhole(text: string): boolean {
  if (!text.trimStart().startsWith('{') || text.length > MOST_BYTES) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
