/**
 * How long the other side asks us to wait, in seconds.
 * RFC 9110, section 10.2.3: seconds, or an HTTP date. What is neither counts for nothing.
 *
 * @param now milliseconds since the epoch
 */
export function secondsUntil(retryAfter: string | undefined, now: number): number | undefined {
  if (retryAfter === undefined) return undefined;
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter);
  const at = /^[A-Z].* GMT$/.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000));
}
