import { describe, expect, it } from '@jest/globals';
import { within } from '../../../lambda/domain/time/time.ts';

describe('what is waited for only so long', () => {
  it('is there, if it comes in time', async () => {
    expect(await within(60_000, Promise.resolve('an answer'))).toBe('an answer');
  });

  it('leaves no timer behind, which would keep a process that has its answer from ending', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((what) => what === 'Timeout').length;
    await within(60_000, Promise.resolve());
    const before = timers();

    await within(60_000, Promise.resolve('an answer'));

    expect(timers()).toBe(before);
  });

  it('says itself why it failed', async () => {
    await expect(within(60_000, Promise.reject(new Error('refused')))).rejects.toThrow('refused');
  });

  it('counts as trouble that passes, if it does not come', async () => {
    await expect(within(1, new Promise(() => {}))).rejects.toMatchObject({
      code: 'timed-out',
      message: 'there was no answer in time; it is tried again',
    });
  });
});
