import { afterEach, describe, expect, it } from '@jest/globals';
import { aDirectory, closeAll } from './a-directory.ts';

afterEach(closeAll);

describe('the number of active users made on a day', () => {
  it.each([{ data: { count: 12 } }, { count: 12 }])('is counted over the whole day in UTC, answered as %j', async (json) => {
    const { directory, arrived } = await aDirectory(() => ({ json }));

    await expect(directory.countActiveUsersMadeOn('2026-11-30')).resolves.toBe(12);

    expect(arrived.map(({ method, path, query }) => ({ method, path, query }))).toEqual([
      {
        method: 'GET',
        path: '/attask/api/v21.0/user/count',
        query: {
          isActive: 'true',
          entryDate: '2026-11-30T00:00:00.000Z',
          entryDate_Range: '2026-11-30T23:59:59.999Z',
          entryDate_Mod: 'between',
        },
      },
    ]);
  });

  it('may be 0', async () => {
    const { directory } = await aDirectory(() => ({ json: { data: { count: 0 } } }));

    await expect(directory.countActiveUsersMadeOn('2026-11-30')).resolves.toBe(0);
  });

  it.each(['', 'today', '2026-11-30T12:00:00Z', '30.11.2026', '12026-11-30'])('is not asked for %j', async (day) => {
    const { directory, arrived } = await aDirectory(() => ({ json: { count: 1 } }));

    await expect(directory.countActiveUsersMadeOn(day)).rejects.toMatchObject({
      code: 'not-askable',
      message: 'expected a date such as 2026-11-30, got other text; correct the date',
    });
    expect(arrived).toEqual([]);
  });

  it('is refused if the answer is not a count', async () => {
    const { directory } = await aDirectory(() => ({ json: { data: [] } }));

    await expect(directory.countActiveUsersMadeOn('2026-11-30')).rejects.toMatchObject({
      code: 'unexpected-answer',
      message: expect.stringContaining('the count of users made on a day'),
    });
  });
});
