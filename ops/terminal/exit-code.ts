/** What the program ends with; `interrupted` is 128 + SIGINT, as shells have it. */
export const EXIT = { done: 0, failed: 1, usage: 2, attention: 3, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_CODES = `Exit codes:
  0    done
  1    failed, refused, or not finished within the time
  2    usage error
  3    something that was looked at is held or failed, or the stage is stopped
  130  interrupted`;

/** The command was usage error; the message says how. */
export class Usage extends Error {}
