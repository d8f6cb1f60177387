import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { EXIT } from './exit-code.ts';

export type Style = Parameters<typeof styleText>[0];

/** Where a command writes and asks. */
export interface Terminal {
  /** Writes to standard output, as fast as the reader reads. */
  print(text: string): Promise<void>;
  /** Writes a line to standard error. */
  say(line: string): void;
  /** Shows progress in place, if standard output and error are a terminal. An empty text removes it. */
  progress(text: string): void;
  /** The columns of standard output; undefined if it is not a terminal. */
  width: number | undefined;
  /** Colours a text on a terminal, unless NO_COLOR is set. */
  style(style: Style, text: string): string;
  /** Whether somebody can answer. */
  interactive: boolean;
  /** @returns whether the answer was yes */
  ask(question: string): Promise<boolean>;
  /** @returns what was typed, without spaces around it */
  answer(question: string): Promise<string>;
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
    // Progress would be glued to the lines that another program prints after a pipe.
    progress: (text) => void (stderr.isTTY && stdout.isTTY && stderr.write(`\r\u001b[K${text}`)),
    width: stdout.isTTY && stdout.columns >= NARROWEST ? stdout.columns : undefined,
    style: (style, text) => styleText(style, text, { stream: stdout }),
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    ask: async (question) => /^y(es)?$/i.test(await answerTo(`${question} [y/N] `)),
    answer: (question) => answerTo(`${question} `),
  };

  async function answerTo(question: string): Promise<string> {
    const lines = createInterface({ input: stdin, output: stderr });
    const never = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    const answer = await Promise.race([lines.question(question).catch(() => ''), never]);
    lines.close();
    return answer.trim();
  }
}

/** A terminal that reports fewer columns does not know its width. */
const NARROWEST = 40;

/** Makes text from outside safe for a terminal: shows characters that could move the cursor or turn the line around. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');

/** Ends the program if the reader has read enough (`| head`), which is not a failure. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? EXIT.done);
}
