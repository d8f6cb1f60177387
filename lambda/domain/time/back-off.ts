import { MINUTE, SECOND } from './time.ts';

const FIRST = 2 * SECOND;
/** Short enough that all go on within 5 minutes of a repair: until the next probe, and once more for those that came before it. */
export const LONGEST_WAIT = 1.5 * MINUTE;

/**
 * Seconds to wait before the next attempt: exponential, with full jitter ("Exponential Backoff And Jitter", AWS
 * Architecture Blog), and not earlier than the other side asked for, up to 5 minutes.
 *
 * @param attempts attempts so far, from 1
 * @param random from 0 to 1
 */
export function backOffSeconds(attempts: number, random: number, retryAfterSeconds = 0): number {
  const ceiling = Math.min(FIRST * 2 ** Math.min(attempts - 1, 20), LONGEST_WAIT);
  const wait = Math.ceil((ceiling * random) / SECOND);
  return Math.max(1, wait, Math.min(Math.ceil(retryAfterSeconds), MOST_OBEYED_SECONDS));
}

/** Then it is asked again all the same: the other side may be well long before, and a leaver must not be hidden for hours. */
const MOST_OBEYED_SECONDS = (5 * MINUTE) / SECOND;
