/** Lambda polls a queue with at least two workers ("Maximum concurrency", AWS Lambda, Amazon SQS event sources). */
const FEWEST_WORKERS = 2;

const MOST_CALLS_PER_WORKER = 5;

/**
 * Shares the Workfront calls of a deployment between workers: few workers with several calls each, so that connections and
 * cached credentials are used again.
 *
 * @param total calls in flight of the whole deployment, 2 or more
 * @returns two whole numbers whose product is never more than `total`
 */
export function shareCallsInFlight(total: number): { workers: number; callsPerWorker: number } {
  const workers = Math.max(FEWEST_WORKERS, Math.ceil(total / MOST_CALLS_PER_WORKER));
  return { workers, callsPerWorker: Math.floor(total / workers) };
}
