import { describe, expect, it } from '@jest/globals';
import { accessToContinue, openAccess } from '../../../lambda/domain/console-access/open-access.ts';
import { STAGE_KEYS } from '../../../lambda/domain/stage/shared-record.ts';
import { HOUR, MINUTE, SECOND, toInstant } from '../../../lambda/domain/time/time.ts';
import { aConsole, EVENT } from '../../admin-console/a-console.ts';

type Told = Awaited<ReturnType<typeof aConsole>>;

const many = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
const BUSY = { status: 429, body: { error_code: '429050' } };
const INTERNAL = {
  status: 200,
  body: {
    result: 'error',
    completed: 0,
    notCompleted: 1,
    completedInTestMode: 0,
    errors: [{ index: 0, step: 0, requestID: 'evt-1', message: 'no', user: 'ana@acme.test', errorCode: 'error.internal.group.remove' }],
  },
};

/** Takes so many turns that all wait. @returns for how many seconds each waits */
async function waits({ desk, turn }: Told, count: number): Promise<number[]> {
  const seconds: number[] = [];
  for (let turns = 0; turns < count; turns++) {
    const end = await turn();
    if (end.kind !== 'wait') throw new Error(`turn ${turns + 1} of ${count} did not wait: ${end.kind}`);
    seconds.push(end.seconds);
    desk.now += end.seconds * SECOND;
  }
  return seconds;
}

describe('a Console that is busy', () => {
  it('is asked again later each time, up to a limit, and however often: it is no error inside of Adobe', async () => {
    const story = await aConsole();
    story.fake.troubles.push(...many(15, BUSY));

    expect(await waits(story, 9)).toEqual([1, 2, 4, 8, 16, 32, 45, 45, 45]);
    await waits(story, 6);
    expect(await story.untilOver()).toMatchObject({ status: 'removed' });
  });

  it('is noted with the time of the next try, and a message that is lost is sent again half an hour after it', async () => {
    const { desk, turn, record, fake } = await aConsole();
    const began = desk.now;
    fake.troubles.push({ ...BUSY, headers: { 'retry-after': '300' } });

    expect(await turn()).toEqual({ kind: 'wait', code: 'console-throttled', seconds: 300 });

    const { waiting, updatedAt } = (await record()) ?? {};
    expect(updatedAt).toBe(toInstant(began));
    expect(waiting).toEqual({
      since: toInstant(began),
      attempts: 1,
      until: toInstant(began + 5 * MINUTE),
      code: 'console-throttled',
      saw: expect.any(String),
    });
    expect(await accessToContinue(desk.ledger, began + 35 * MINUTE)).toEqual([]);
    expect(await accessToContinue(desk.ledger, began + 35 * MINUTE + 1)).toEqual([EVENT]);
  });

  it('is given up only when the limit of the stage is exceeded, and the reason says since when it waited', async () => {
    const { desk, turn, fake } = await aConsole({ rules: { waitLimitHours: 1 } });
    const began = desk.now;
    fake.troubles.push(...many(3, BUSY));
    expect(await turn()).toMatchObject({ kind: 'wait' });

    desk.now = began + HOUR;
    expect(await turn()).toMatchObject({ kind: 'wait', code: 'console-throttled' });
    desk.now += 1;
    const end = await turn();

    expect(end).toMatchObject({ kind: 'settled', record: { status: 'failed', code: 'gave-up-console-throttled' } });
    expect(end.kind === 'settled' && end.record.history.at(-1)?.why).toMatch(`waited since ${toInstant(began)}: `);
    expect((await openAccess(desk.ledger)).map(({ status }) => status)).toEqual(['failed']);
  });
});

describe('an error inside of Adobe', () => {
  const read = { status: 200, body: { result: 'success', user: { email: 'ana@acme.test', type: 'federatedID', groups: ['Workfront'] } } };
  const errors = (count: number) => many(count, [read, read, INTERNAL]).flat();

  it('is waited out ten times', async () => {
    const story = await aConsole();
    story.fake.troubles.push(...errors(10));

    let record = await story.record();
    while ((record?.internalErrors ?? 0) < 10) {
      await waits(story, 1);
      record = await story.record();
    }

    expect(record).toMatchObject({ status: 'waiting', internalErrors: 10 });
    expect(await story.untilOver()).toMatchObject({ status: 'removed' });
  });

  it('is given up at the eleventh, which the reason says', async () => {
    const story = await aConsole();
    story.fake.troubles.push(...errors(11));

    const record = await story.untilOver();

    expect(record).toMatchObject({ status: 'failed', code: 'gave-up-console-internal' });
    expect(record?.history.at(-1)?.why).toBe('11 times: the Console has an internal error; wait');
  });
});

describe('trouble that only a person can end', () => {
  it('is not held against the leaver: other trouble that comes after it is waited out from its own beginning', async () => {
    const { desk, turn, record, untilOver, fake } = await aConsole({ rules: { waitLimitHours: 1 } });
    fake.troubles.push({ status: 403 }, BUSY);

    expect(await turn()).toMatchObject({ kind: 'wait', code: 'console-rejected', trouble: true });
    expect((await record())?.waiting).toMatchObject({ code: 'console-rejected', untilRepaired: true });
    desk.now += 3 * HOUR;
    const since = toInstant(desk.now);

    expect(await turn()).toMatchObject({ kind: 'wait', code: 'console-throttled' });
    expect((await record())?.waiting).toMatchObject({ code: 'console-throttled', since, attempts: 2 });
    expect((await record())?.waiting?.untilRepaired).toBeUndefined();
    expect(await untilOver()).toMatchObject({ status: 'removed' });
  });

  it('counts from its beginning, for people who look how long it lasts', async () => {
    const { desk, turn, record, fake } = await aConsole();
    const since = toInstant(desk.now);
    fake.troubles.push({ status: 403 }, { status: 403 });
    await turn();
    desk.now += 3 * HOUR;

    expect(await turn()).toMatchObject({ kind: 'wait', code: 'console-rejected', trouble: true });

    expect((await record())?.waiting).toMatchObject({ since, attempts: 2, untilRepaired: true });
  });
});

/** The worker puts a leaver back at once, and asks for no more, if everybody meets the same trouble of the Console. */
describe('a wait is said to be trouble of the Console', () => {
  const pause = ({ desk }: Told) =>
    desk.ledger.writeRecord(STAGE_KEYS.pause, {
      value: { paused: { at: toInstant(desk.now), by: 'ops', reason: 'look' } },
      version: 0,
    });
  const usedCalls = ({ desk }: Told) =>
    desk.ledger.writeRecord('stage/console-calls', { value: { reads: [], actions: many(10, toInstant(desk.now)) }, version: 0 });
  const refuse = async ({ turn, fake }: Told) => {
    fake.troubles.push({ status: 403 });
    await turn();
  };
  const breakDown = async (story: Told) => {
    story.fake.troubles.push(...many(5, { status: 503 }));
    for (let turns = 0; turns < 5; turns++) await story.turn();
  };

  it.each<{ what: string; code: string; first: (story: Told) => Promise<unknown>; trouble: boolean }>([
    { what: 'a refused credential', code: 'console-in-trouble', first: refuse, trouble: true },
    { what: 'an outage, which ends by itself', code: 'console-in-trouble', first: breakDown, trouble: false },
    { what: 'a stage that a person has paused', code: 'paused', first: pause, trouble: false },
    { what: 'the calls of a minute, if they are used', code: 'console-calls-used', first: usedCalls, trouble: false },
  ])('or not: $what: $trouble', async ({ code, first, trouble }) => {
    const story = await aConsole();
    await first(story);

    const end = await story.turn();

    expect(end).toEqual({ kind: 'wait', code, seconds: expect.any(Number), ...(trouble && { trouble: true }) });
  });
});
