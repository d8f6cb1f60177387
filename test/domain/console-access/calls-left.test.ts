import { describe, expect, it } from '@jest/globals';
import { claimCalls } from '../../../lambda/domain/console-access/calls-left.ts';
import { Blocked } from '../../../lambda/domain/failures.ts';
import { MINUTE, SECOND, toInstant, toMillis } from '../../../lambda/domain/time/time.ts';
import { InMemoryLedger } from '../../support/in-memory-desk.ts';

const NOON = toMillis('2026-11-24T12:00:00.000Z');
const FIRST_LOOK = { reads: 2, actions: 1 };
const SECOND_LOOK = { reads: 2, actions: 0 };

/** A stage whose workers take calls. A claim is made so many milliseconds after noon. @returns for how many seconds it is refused */
function aStage() {
  const ledger = new InMemoryLedger();
  return {
    ledger,
    async claim(wanted: { reads: number; actions: number }, at: number): Promise<number | undefined> {
      try {
        await claimCalls(wanted, { ledger, clock: () => NOON + at });
        return undefined;
      } catch (failure) {
        if (failure instanceof Blocked) return failure.retryAfterSeconds;
        throw failure;
      }
    },
  };
}

const times = (count: number) => Array.from({ length: count }, (_, number) => number);

describe('the calls of a minute', () => {
  it('are ten actions of all workers together, then the next one waits until the first is a minute old', async () => {
    const { claim } = aStage();
    for (const number of times(10)) expect(await claim(FIRST_LOOK, number * SECOND)).toBeUndefined();

    expect(await claim(FIRST_LOOK, 10 * SECOND)).toBe(50);
    expect(await claim(FIRST_LOOK, 20.5 * SECOND)).toBe(40);
    expect(await claim(FIRST_LOOK, MINUTE - 1)).toBe(1);
    expect(await claim(FIRST_LOOK, MINUTE)).toBeUndefined();
    expect(await claim(FIRST_LOOK, MINUTE)).toBe(1);
  });

  it('are 25 reads, although no action is asked for: a turn needs two, and waits until so many are free', async () => {
    const { claim } = aStage();
    for (const number of times(12)) expect(await claim(SECOND_LOOK, number * SECOND)).toBeUndefined();

    expect(await claim(SECOND_LOOK, 12 * SECOND)).toBe(48);
    expect(await claim({ reads: 1, actions: 0 }, 12 * SECOND)).toBeUndefined();
    expect(await claim({ reads: 4, actions: 0 }, 12 * SECOND)).toBe(49);
  });

  it('are counted from the oldest, whichever worker was the first to note its own: clocks differ', async () => {
    const { claim } = aStage();
    for (const number of times(9)) await claim(FIRST_LOOK, 10 * SECOND + number);
    await claim(FIRST_LOOK, 5 * SECOND);

    expect(await claim(FIRST_LOOK, 20 * SECOND)).toBe(45);
  });

  it('are taken by nobody who is refused', async () => {
    const { claim } = aStage();
    for (const _ of times(10)) await claim(FIRST_LOOK, 0);
    for (const number of times(50)) expect(await claim(FIRST_LOOK, number * SECOND)).toBe(60 - number);

    expect(await claim(FIRST_LOOK, MINUTE)).toBeUndefined();
  });

  it('say why one waits, as the operator reads it', async () => {
    const { ledger, claim } = aStage();
    for (const _ of times(10)) await claim(FIRST_LOOK, 0);

    await expect(claimCalls(FIRST_LOOK, { ledger, clock: () => NOON })).rejects.toMatchObject({
      code: 'console-calls-used',
      message: 'the calls that Adobe allows in a minute are used; others go first',
      retryAfterSeconds: 60,
      untilRepaired: false,
    });
  });

  it('are forgotten when they are a minute old: the record does not grow', async () => {
    const { ledger, claim } = aStage();
    for (const number of times(30)) await claim(FIRST_LOOK, (number * MINUTE) / 2);

    await claim(FIRST_LOOK, 15 * MINUTE);

    const [before, now] = [toInstant(NOON + 14.5 * MINUTE), toInstant(NOON + 15 * MINUTE)];
    expect(ledger.records.get('stage/console-calls')?.value).toEqual({ reads: [before, before, now, now], actions: [before, now] });
  });
});
