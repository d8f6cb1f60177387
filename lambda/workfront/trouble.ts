import { PermanentFailure, TransientFailure } from '../domain/failures.ts';

/** What one stage of a call did not bring in time. */
export function timedOut(what: string, ms: number): TransientFailure {
  return new TransientFailure('timed-out', `expected ${what} from workfront within ${ms} ms, got none, wait and try again`);
}

/** Trouble of the wire, in our words. Its cause names host and port, never a path or header. */
export function translated(cause: unknown): Error {
  if (cause instanceof TransientFailure || cause instanceof PermanentFailure) return cause;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'an unknown error';
  if (code.startsWith('Z_'))
    return new TransientFailure('not-json', `expected gzip from workfront, got bytes that are not (${code}), wait and try again`, {
      cause,
    });
  return new TransientFailure('unreachable', `expected to reach workfront, got ${code}, wait and check the base url`, { cause });
}
