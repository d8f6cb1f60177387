import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Interrupted, Usage } from '../terminal/exit-code.ts';

/** As much as Secrets Manager accepts ("PutSecretValue", `SecretString`). */
const MOST_BYTES = 65_536;

interface Streams {
  stdin: NodeJS.ReadStream;
  stderr: NodeJS.WriteStream;
}

/**
 * Reads a secret from standard input, or from a prompt that does not show what is typed. JSON may have many lines; anything else has one.
 *
 * @throws Usage if there is nothing, or too much
 */
export async function readSecretInput(what: string, { stdin, stderr }: Streams = process): Promise<string> {
  const text = (await (stdin.isTTY ? typed(what, { stdin, stderr }) : piped(stdin))).trim();
  if (text === '') throw new Usage(`standard input is empty; give ${what} on standard input`);
  return text;
}

async function piped(stdin: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Usage(`standard input is too long; give a secret of at most ${MOST_BYTES} bytes`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

function typed(what: string, { stdin, stderr }: Streams): Promise<string> {
  // As a terminal, readline turns off the echo of the real terminal; its own output goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  // Asks only after the echo is off, so that a pasted answer is not shown.
  stderr.write(`${what} (not shown): `);
  return new Promise((resolve, reject) => {
    let text = '';
    lines.on('line', (line) => {
      text += `${line}\n`;
      // Reads pasted JSON to its end, so that the shell does not get the rest.
      if (isWhole(text)) lines.close();
    });
    lines.on('SIGINT', () => {
      reject(new Interrupted('interrupted; nothing was stored'));
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
