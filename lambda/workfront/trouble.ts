import { PermanentFailure, TransientFailure } from '../domain/failures.ts';

/** The failure of a call whose stage took too long. */
export function timedOut(what: string, ms: number): TransientFailure {
  return new TransientFailure('timed-out', `expected ${what} from Workfront within ${ms} ms, got none; wait and try again`);
}

/** Turns trouble of the connection into our failure. Its cause names host and port, never a path or header. */
export function asWireFailure(cause: unknown): Error {
  if (cause instanceof TransientFailure || cause instanceof PermanentFailure) return cause;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'an unknown error';
  if (code.startsWith('Z_'))
    return new TransientFailure('not-json', `expected gzip from Workfront, got other bytes (${code}); wait and try again`, { cause });
  return new TransientFailure('unreachable', `expected to reach Workfront, got ${code}; wait, then check the base URL`, { cause });
}
