import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { EXIT } from './exit-code.ts';

export type Style = Parameters<typeof styleText>[0];

/** Where a command writes and whom it asks. */
export interface Terminal {
  /** To standard output, as fast as the reader takes it. */
  print(text: string): Promise<void>;
  /** To standard error. */
  say(line: string): void;
  /** Shows how far it is, in place; nothing where standard error is no terminal. An empty text takes it away. */
  progress(text: string): void;
  /** Columns of standard output; undefined where it is no terminal. */
  width: number | undefined;
  /** Coloured on a terminal alone, and not where NO_COLOR is set. */
  style(style: Style, text: string): string;
  /** Whether somebody is there to answer. */
  interactive: boolean;
  /** @returns whether the answer was yes */
  ask(question: string): Promise<boolean>;
}

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  stdout.on('error', endQuietly);
  stderr.on('error', endQuietly);

  return {
    async print(text) {
      if (!stdout.write(`${text}\n`)) await once(stdout, 'drain');
    },
    say: (line) => void stderr.write(`${line}\n`),
    progress: (text) => void (stderr.isTTY && stderr.write(`\r\u001b[K${text}`)),
    width: stdout.isTTY && stdout.columns >= NARROWEST ? stdout.columns : undefined,
    style: (style, text) => styleText(style, text, { stream: stdout }),
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr });
      const never = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
      const answer = await Promise.race([lines.question(`${question} [y/N] `).catch(() => ''), never]);
      lines.close();
      return /^y(es)?$/i.test(answer.trim());
    },
  };
}

/** A terminal that says it is narrower does not know. */
const NARROWEST = 40;

/** Text of others, for a terminal: what could move the cursor or turn the line around becomes visible. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');

/** The reader has seen enough (`| head`): no failure. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? EXIT.done);
}
