import type { Clock } from '../../lambda/domain/ports.ts';
import { MINUTE, SECOND } from '../../lambda/domain/time/time.ts';
import { lengthOf } from '../terminal/times.ts';
import { type Check, checked, green, red, unknown } from './check.ts';

/** Our signatures and those of AWS are refused if a clock is off by five minutes. */
const SKEW = MINUTE;
const ANSWER_WITHIN = 10 * SECOND;
/** The product's own Node.js, with which every npm script runs. */
const NODE_MAJOR = 24;

export const checkNode = (version: string): Promise<Check> =>
  checked('node', () =>
    Number(version.split('.')[0]) >= NODE_MAJOR
      ? green(version)
      : red(`${version}, expected ${NODE_MAJOR}`, { fix: 'use npm run ops, which brings its own Node.js' }),
  );

/** Sends a host a request without a credential, to see that it answers and what time it has (RFC 9110, section 6.6.1). */
export async function checkClock({ check, url }: { check: string; url: string }, { clock }: { clock: Clock }): Promise<Check> {
  return checked(check, async () => {
    const began = clock();
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN), redirect: 'manual' }).catch(() => undefined);
    if (answer === undefined) return red('no answer', { fix: `check that this machine can reach ${new URL(url).origin}` });
    await answer.body?.cancel();
    const theirs = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return unknown('the answer has no time');
    // A date has whole seconds, and is from some moment between request and answer.
    const skew = Math.max(theirs - clock(), began - (theirs + SECOND), 0);
    return skew > SKEW
      ? red(`the clock of this machine is off by ${lengthOf(skew)}`, { fix: 'set the clock of this machine' })
      : green('answers, its clock is within a minute of ours');
  });
}
