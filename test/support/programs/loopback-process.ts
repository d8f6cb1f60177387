import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = 3000;

/** A server to start as a process of its own. */
export interface ServerProgram {
  /** A noun for the error message. */
  what: string;
  command: string;
  args: readonly string[];
  /** Its whole environment. */
  env: Record<string, string | undefined>;
  cwd?: string;
  /** It answers here, on 127.0.0.1, when it is up. */
  port: number;
  /** The file that gets its output. */
  log: string;
  /** Whether it also ends if the process group of this process is ended; it then ends its own processes itself. */
  sharesGroup?: boolean;
}

/**
 * Starts a server and waits until it listens.
 *
 * @returns what ends it and every process that it started
 * @throws Error if it ends instead, and the reason of the signal; then nothing is left running
 */
export async function startServerProcess(program: ServerProgram, signal: AbortSignal): Promise<() => Promise<void>> {
  const { what, command, args, env, cwd, port, log, sharesGroup = false } = program;
  const output = openSync(log, 'w');
  // In a process group of its own, the processes that it starts end with it.
  const how = { ...(cwd === undefined ? {} : { cwd }), env, detached: !sharesGroup };
  const child = spawn(command, args, { ...how, stdio: ['ignore', output, output] });
  closeSync(output);
  let isOver = false;
  const ended = new Promise<void>((done) => child.once('exit', () => done()).once('error', () => done())).then(() => {
    isOver = true;
  });
  const end = (name: NodeJS.Signals) => (sharesGroup ? child.kill(name) : endGroup(child.pid, name));
  const stop = async () => {
    end('SIGTERM');
    await Promise.race([ended, sleep(GRACE_MS, undefined, { ref: false })]);
    end('SIGKILL');
    await ended;
  };
  try {
    while (!(await isListening(port))) {
      if (isOver) throw new Error(`${what} ended at once; see ${log}`);
      await sleep(100, undefined, { signal });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

const isListening = (port: number) =>
  new Promise<boolean>((answer) => {
    const socket = connect(port, '127.0.0.1', () => answer(true)).once('error', () => answer(false));
    socket.once('connect', () => socket.destroy());
  });

/** Ends all processes of a group that this run started. */
export function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}

/** Finds a port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || address === null) throw new Error('no port is free; end a program that listens');
  return address.port;
}
