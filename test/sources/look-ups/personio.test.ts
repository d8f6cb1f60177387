import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE } from '../../../lambda/domain/time/time.ts';
import type { FakeHr } from '../../../local/hr/fake-hr.ts';
import { ANA, asking, NOW, ok, settle, startHr } from '../../support/asking-hr.ts';

let hr: FakeHr;
beforeAll(async () => {
  hr = await startHr();
});
afterAll(() => hr.close());
afterEach(() => settle(hr));

const token = ok({ access_token: 'papi-fake-token', expires_in: 86_400 });
const person = ok({ id: ANA.id, email: ANA.email });
const page = (employments: readonly object[], next?: string) =>
  ok({ _data: employments, _meta: { links: { next: next === undefined ? null : { href: next } } } });

/** The answer about an employee with these employments. */
async function employedBy(employments: readonly object[], { lookUp = {}, now = NOW }: { lookUp?: object; now?: number } = {}) {
  const { ask, time } = asking(hr, 'personio', { about: { lookUp: { ...lookUp } } });
  time.now = now;
  hr.troubles.push(token, person, page(employments));
  return ask();
}

const calls = (path: string) => hr.calls.filter((call) => call.path === path);
const EMPLOYMENTS = `/v2/persons/${ANA.id}/employments`;
const TOKEN = '/v2/auth/token';

describe('a token of Personio', () => {
  const LIFE = 24 * HOUR - MINUTE;

  it.each([
    ['is cached until a minute before it ends', LIFE - 1, 1],
    ['is then replaced', LIFE, 2],
  ])('%s', async (_, later, tokens) => {
    const { ask, time } = asking(hr, 'personio');
    await ask();
    time.now += later;
    await ask();

    expect(calls(TOKEN)).toHaveLength(tokens);
  });

  it('is replaced at once if it ended early', async () => {
    const { ask } = asking(hr, 'personio');
    await ask();
    hr.troubles.push({ status: 401, body: {} });

    expect(await ask()).toMatchObject({ standing: 'left' });
    expect(calls(TOKEN)).toHaveLength(2);
  });

  it.each([
    ['stays while its credential stays', 'fake-personio-secret', 1],
    ['is replaced with its credential', 'another-secret', 2],
  ])('%s', async (_, clientSecret, tokens) => {
    const secrets = ['fake-personio-secret', clientSecret].map((secret) => JSON.stringify({ clientId: 'papi-fake', clientSecret: secret }));
    const { ask, read, time } = asking(hr, 'personio', { secrets });
    await ask();
    time.now += 5 * MINUTE;
    // The stand-in refuses the new credential: it only has to be tried.
    await ask().catch(() => undefined);

    expect(read.length).toBeGreaterThan(1);
    expect(calls(TOKEN)).toHaveLength(tokens);
  });
});

describe('the pages of Personio’s employments', () => {
  const followed = async (...pages: ReturnType<typeof page>[]) => {
    hr.troubles.push(token, person, ...pages);
    return asking(hr, 'personio').ask();
  };
  const left = { status: 'INACTIVE', employment_start_date: '2020-02-01' };
  const more = (cursor: string, origin = 'https://api.personio.de') => page([left], `${origin}${EMPLOYMENTS}?limit=50&cursor=${cursor}`);

  it('are followed to the last by their cursor, never by their host', async () => {
    const found = await followed(more('b', 'https://evil.test'), more('c', ''), page([{ status: 'ACTIVE' }]));

    expect(found).toMatchObject({ standing: 'employed' });
    expect(calls(EMPLOYMENTS).map(({ query }) => String(query))).toEqual(['limit=50', 'limit=50&cursor=b', 'limit=50&cursor=c']);
    expect(new Set(hr.calls.map(({ host }) => host))).toEqual(new Set(['api.personio.de']));
  });

  it.each([
    ['has no next page', page([left])],
    ['has no links', ok({ _data: [left], _meta: {} })],
    ['has no metadata', ok({ _data: [left] })],
    ['has a next page without a cursor', page([left], EMPLOYMENTS)],
  ])('end with a page that %s', async (_, last) => {
    expect(await followed(last)).toMatchObject({ standing: 'left' });
    expect(calls(EMPLOYMENTS)).toHaveLength(1);
  });

  it.each([
    ['are five at most', [more('b'), more('c'), more('d'), more('e'), more('f')], 'employments: expected at most 5 pages, got more'],
    [
      'are refused if a link cannot be parsed',
      [page([left], 'https://[')],
      'employments: _meta.links.next.href: expected a link, got a string of 9 characters',
    ],
  ])('%s', async (_, pages, says) => {
    await expect(followed(...pages)).rejects.toMatchObject({
      name: 'PermanentFailure',
      code: 'hr-unexpected-answer',
      message: `${says}; check the look-up's credential and its page in docs/sources`,
    });
  });

  it('may be five', async () => {
    expect(await followed(more('b'), more('c'), more('d'), more('e'), page([left]))).toMatchObject({ standing: 'left' });
  });
});

describe('of several employments in Personio', () => {
  const over = (from: string | null, to: string) => ({ status: 'INACTIVE', employment_start_date: from, employment_end_date: to });
  const worked = (from: string, lastWorked: string, contract = '2027-02-28') => ({
    status: 'ACTIVE',
    employment_start_date: from,
    termination: { termination_date: contract, last_working_date: lastWorked },
  });
  const goesOn = (from: string) => ({ status: 'ACTIVE', employment_start_date: from });
  const left = (date: string, startedOn: string) => ({ standing: 'left', lastDay: { date }, startedOn });
  const employed = (date?: string) => ({ standing: 'employed', lastDay: date && { date } });

  it.each([
    ['none at all means that HR has no such employee', [], undefined],
    [
      'the one that began last counts, if all are over',
      [over('2001-01-01', '2001-12-31'), over('2020-02-01', '2026-11-30')],
      left('2026-11-30', '2020-02-01'),
    ],
    ['one that continues counts', [goesOn('2019-01-01'), over('2024-01-01', '2026-10-31')], employed()],
    [
      'one that begins in the future counts',
      [over('2019-01-01', '2026-11-30'), { ...goesOn('2027-01-01'), status: 'ONBOARDING' }],
      employed(),
    ],
    ['one without a start counts least', [over(null, '2026-10-31'), over('2020-02-01', '2026-11-30')], left('2026-11-30', '2020-02-01')],
    [
      'one that continues counts beside a later one whose work is over',
      [goesOn('2019-01-01'), worked('2024-01-01', '2026-11-28')],
      employed(),
    ],
    ['one that continues counts beside a later one that will end', [goesOn('2019-01-01'), worked('2024-01-01', '2026-11-30')], employed()],
    ['the one that ends last counts', [worked('2019-01-01', '2026-12-31'), worked('2024-01-01', '2026-12-15')], employed('2026-12-31')],
    [
      'one whose last day of work is over does not count',
      [worked('2019-01-01', '2026-10-31'), worked('2024-01-01', '2026-11-28')],
      left('2026-11-28', '2024-01-01'),
    ],
  ])('%s', async (_, employments, expected) => {
    for (const order of [employments, employments.toReversed()]) {
      const found = await employedBy(order);
      if (expected === undefined) expect(found).toBeUndefined();
      else expect(found).toMatchObject(expected);
    }
  });
});

describe('Personio’s last day', () => {
  const employment = (lastWorkingDate: string | null, more: object = {}) => ({
    status: 'ACTIVE',
    employment_start_date: '2020-02-01',
    termination: { termination_date: '2027-02-28', last_working_date: lastWorkingDate },
    ...more,
  });

  it.each([
    ['of work, over everywhere', employment('2026-11-29'), {}, 'left', '2026-11-29'],
    ['of work, over in some places', employment('2026-11-30'), {}, 'employed', '2026-11-30'],
    ['of work, in the future', employment('2026-12-31'), {}, 'employed', '2026-12-31'],
    ['of work, if the contract is over', employment('2026-11-30', { status: 'inactive' }), {}, 'left', '2026-11-30'],
    ['of the contract, if the stage says so', employment('2026-11-29'), { lastDayIs: 'end-of-contract' }, 'employed', '2027-02-28'],
    ['of work, before the employment began', employment('2019-01-01'), {}, 'employed', '2019-01-01'],
    ['of work, which was the first', employment('2020-02-01'), {}, 'left', '2020-02-01'],
    ['of work, of an employment without a first day', employment('2026-11-29', { employment_start_date: null }), {}, 'left', '2026-11-29'],
    ['of the contract, if no other is known', employment(null), {}, 'employed', '2027-02-28'],
    [
      'of the employment, if no termination is known',
      employment(null, { termination: null, employment_end_date: '2027-03-31' }),
      {},
      'employed',
      '2027-03-31',
    ],
  ])('is that %s', async (_, one, lookUp, standing, date) => {
    expect(await employedBy([one], { lookUp })).toMatchObject({ standing, lastDay: { date } });
  });

  it('is over 12 hours after it ended in UTC, when it ends in the last zone on earth', async () => {
    const end = Date.parse('2026-12-01T12:00:00Z') - 1;

    expect(await employedBy([employment('2026-11-30')], { now: end })).toMatchObject({ standing: 'employed' });
    expect(await employedBy([employment('2026-11-30')], { now: end + 1 })).toMatchObject({ standing: 'left' });
  });
});
