import { runProgram } from '../../../ops/program.ts';
import type { Terminal } from '../../../ops/terminal/terminal.ts';
import { runWithInput } from '../run-with-input.ts';

/** What a person at a terminal of 80 columns saw. */
interface Seen {
  code: number;
  text: string;
}

/** What the person fills in where a command was printed with a placeholder. */
interface Filling {
  reason?: string;
  user?: string;
  /** A file, in place of plan.json. */
  file?: string;
  /** What is typed on standard input. */
  input?: string;
  answer?: boolean;
}

/** An operator on call, who starts at `status` and types only what was printed since. */
export interface Operator {
  /** The one command that needs no other before it. */
  status(): Promise<Seen>;
  /** Types the first printed command that begins so. @throws if none was printed */
  follow(begins: string, filling?: Filling): Promise<Seen>;
  /** The questions that were asked. */
  questions: string[];
  /** How many commands were typed. */
  typed: string[];
}

/** @param dataDir of the local system on which the operator works */
export function anOperator(dataDir: string): Operator {
  let printed: string[] = [];
  const questions: string[] = [];
  const typed: string[] = [];

  async function type(words: string[], { input, answer = true }: Filling = {}): Promise<Seen> {
    typed.push(words.join(' '));
    const seen = input === undefined ? await inProcess(words, { dataDir, questions, answer }) : await piped(words, { dataDir, input });
    const commands = commandsIn(seen.text);
    printed = [...commands, ...printed];
    return seen;
  }

  return {
    questions,
    typed,
    status: () => type(['status']),
    async follow(begins, { reason = 'HR confirmed it on the phone', user = '', file = 'plan.json', ...filling } = {}) {
      const command = printed.find((one) => one.startsWith(begins));
      if (command === undefined) throw new Error(`expected a printed command that begins with ${begins}, got:\n${printed.join('\n')}`);
      return type(
        wordsOf(
          command
            .replace('"why"', `"${reason}"`)
            .replace('GUID', user)
            .replace(/\bplan\.json$/, file),
        ),
        filling,
      );
    },
  };
}

async function inProcess(
  words: string[],
  { dataDir, questions, answer }: { dataDir: string; questions: string[]; answer: boolean },
): Promise<Seen> {
  const lines: string[] = [];
  const terminal: Terminal = {
    print: async (text) => void lines.push(text),
    say: (line) => void lines.push(line),
    progress: () => undefined,
    width: 80,
    style: (_, text) => text,
    interactive: true,
    ask: async (question) => {
      questions.push(question);
      return answer;
    },
    answer: async () => '',
  };
  const { exitCode } = process;
  process.exitCode = undefined;
  try {
    const code = await runProgram(['--local', '--data', dataDir, ...words], { terminal, clock: Date.now });
    return { code, text: lines.join('\n') };
  } finally {
    process.exitCode = exitCode;
  }
}

async function piped(words: string[], { dataDir, input }: { dataDir: string; input: string }): Promise<Seen> {
  const { code, stdout, stderr } = await runWithInput(dataDir, input, ...words);
  return { code: code ?? -1, text: stdout + stderr };
}

/** The commands in a text, each as it is typed after the options that name the deployment. A backslash goes on in the next line. */
const commandsIn = (text: string): string[] =>
  [...text.replace(/ \\\n\s*/g, ' ').matchAll(/npm run ops -- --local(?: --data \S+)? (.+)$/gm)].map(([, command = '']) => command.trim());

/** As a shell parts them, as far as quotes go. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare = '']) => double ?? single ?? bare);
