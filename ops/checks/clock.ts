import type { Clock } from '../../lambda/domain/ports.ts';
import { MINUTE, SECOND } from '../../lambda/domain/time/time.ts';
import { lengthOf } from '../terminal/times.ts';
import { type Check, checked, green, red, unknown } from './check.ts';

/** Signatures of ours and of AWS are refused from five minutes on. */
const SKEW = MINUTE;
const ANSWER_WITHIN = 10 * SECOND;
/** The product's own Node, which every npm script here brings along. */
const NODE_MAJOR = 24;

export const checkNode = (version: string): Promise<Check> =>
  checked('node', () =>
    Number(version.split('.')[0]) >= NODE_MAJOR
      ? green(version)
      : red(`${version}, expected ${NODE_MAJOR}`, 'run it by npm run ops, which brings its own'),
  );

/** Asks a host something that needs no credential, only to hear that it is there and what time it has (RFC 9110, section 6.6.1). */
export async function checkClock(check: string, url: string, { clock }: { clock: Clock }): Promise<Check> {
  return checked(check, async () => {
    const began = clock();
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN), redirect: 'manual' }).catch(() => undefined);
    if (answer === undefined) return red('no answer', `look whether this machine reaches ${new URL(url).origin}`);
    await answer.body?.cancel();
    const theirs = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return unknown('it names no time');
    // a date has whole seconds, and is that of some moment between question and answer
    const skew = Math.max(theirs - clock(), began - (theirs + SECOND), 0);
    return skew > SKEW ? red(`our clock is off by ${lengthOf(skew)}`, 'set the clock of this machine') : green('within a minute of ours');
  });
}
