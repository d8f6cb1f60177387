import { MINUTE, SECOND } from './time.ts';

const FIRST = 2 * SECOND;
/** Short enough that work goes on within minutes of the end of any trouble. */
const MOST = 5 * MINUTE;

/**
 * Seconds to wait before the next attempt: exponential, with full jitter ("Exponential Backoff And Jitter", AWS
 * Architecture Blog), and never earlier than the other side asked for.
 *
 * @param attempts attempts so far, from 1
 * @param random from 0 to 1
 */
export function backOffSeconds(attempts: number, random: number, retryAfterSeconds = 0): number {
  const ceiling = Math.min(FIRST * 2 ** Math.min(attempts - 1, 20), MOST);
  const wait = Math.ceil((ceiling * random) / SECOND);
  return Math.max(1, wait, Math.min(Math.ceil(retryAfterSeconds), MAX_VISIBILITY_SECONDS));
}

/** SQS keeps a message invisible for at most 12 hours (SQS Developer Guide, "Amazon SQS visibility timeout"). */
const MAX_VISIBILITY_SECONDS = 11 * 60 * 60;
