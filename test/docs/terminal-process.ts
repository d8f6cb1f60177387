import { runProgram } from '../../ops/program.ts';

/** Runs a command as on a terminal, in a process of its own, whose zone the test chooses: `<columns> <arguments...>`. */
const [columns = '', ...args] = process.argv.slice(2);
const print = (text: string) => void process.stdout.write(`${text}\n`);

await runProgram(args, {
  clock: Date.now,
  terminal: {
    print: async (text) => print(text),
    say: print,
    progress: () => undefined,
    width: Number(columns),
    style: (_, text) => text,
    interactive: true,
    ask: async () => false,
    answer: async () => '',
  },
});
