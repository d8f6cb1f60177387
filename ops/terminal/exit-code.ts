/** The program's exit codes. `interrupted` is 128 + SIGINT, as in shells. */
export const EXIT = { done: 0, failed: 1, usage: 2, attention: 3, signIn: 4, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES = `Exit codes:
  0    done
  1    failed, refused, or not finished in time
  2    usage error
  3    an event is held or failed, a check is red, or the stage is stopped
  4    AWS does not accept your identity: sign in
  130  interrupted`;

/** The operator pressed Ctrl-C at a question. */
export class Interrupted extends Error {}

/** The command line was wrong. The message says what is wrong and what to do. */
export class Usage extends Error {}
