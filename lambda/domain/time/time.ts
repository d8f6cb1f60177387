import { TransientFailure } from '../failures.ts';

/** Milliseconds since the epoch of an RFC 3339 instant. */
export const toMillis = (instant: string): number => Date.parse(instant);

/** The one way in which we write an instant: UTC with milliseconds, so that text sorts as time does. */
export const toInstant = (millis: number): string => new Date(millis).toISOString();

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** 24 hours: a length of time, not a calendar day. */
export const DAY = 24 * HOUR;

/**
 * Waits for something, but not longer.
 *
 * @param millis how long
 * @throws TransientFailure `timed-out`; what was waited for goes on, and nobody hears of it
 */
export async function within<T>(millis: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TransientFailure('timed-out', 'there was no answer in time; it is tried again')), millis);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
