import { runProgram } from '../../ops/program.ts';
import type { Terminal } from '../../ops/terminal/terminal.ts';

export interface RanInProcess {
  code: number;
  /** The lines on standard error. */
  errors: string[];
}

/** Runs the operators' command line in this process, without a terminal. */
export async function runInProcess(args: readonly string[]): Promise<RanInProcess> {
  const errors: string[] = [];
  const { exitCode } = process;
  try {
    const code = await runProgram(args, { terminal: silent((line) => errors.push(line)), clock: Date.now });
    return { code, errors };
  } finally {
    process.exitCode = exitCode;
  }
}

/** A terminal that prints nothing, and at which nobody sits. */
export const silent = (say: (line: string) => void = () => undefined): Terminal => ({
  print: async () => undefined,
  say,
  progress: () => undefined,
  width: undefined,
  style: (_, text) => text,
  interactive: false,
  ask: async () => false,
  answer: async () => '',
});
