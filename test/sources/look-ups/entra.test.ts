import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DAY, toInstant } from '../../../lambda/domain/time/time.ts';
import type { FakeHr } from '../../../local/hr/fake-hr.ts';
import { ANA, asking, NOW, ok, settle, startHr } from '../../support/asking-hr.ts';

let hr: FakeHr;
beforeAll(async () => {
  hr = await startHr();
});
afterAll(() => hr.close());
afterEach(() => settle(hr));

const TOKEN = ok({ token_type: 'Bearer', expires_in: 3599, access_token: 'fake-graph-token' });
const GONE = { status: 404, body: { error: { code: 'Request_ResourceNotFound' } } };
const user = (changes: object) => ok({ id: ANA.id, accountEnabled: true, employeeLeaveDateTime: null, mail: ANA.email, ...changes });
const BLOCKED = { accountEnabled: false };
const leaves = (days: number) => ({ employeeLeaveDateTime: toInstant(NOW + days * DAY) });

const answered = (closed: string | undefined, ...answers: { status: number; body: object }[]) => {
  hr.troubles.push(TOKEN, ...answers);
  const lookUp = { tenantId: '5df911a0-e8e9-412d-8aaf-a46ad193dd96', ...(closed !== undefined && { closed }) };
  return asking(hr, 'entra', { about: { lookUp } }).ask();
};

describe('a user of Entra', () => {
  it.each([
    ['with an open account', user({}), 'employed', undefined],
    ['with an open account, who leaves in a week', user(leaves(7)), 'employed', { at: toInstant(NOW + 7 * DAY) }],
    ['with an open account, who left yesterday', user(leaves(-1)), 'employed', { at: toInstant(NOW - DAY) }],
    ['with a blocked account, who left yesterday', user({ ...BLOCKED, ...leaves(-1) }), 'left', { at: toInstant(NOW - DAY) }],
    ['with a blocked account, who leaves in a week', user({ ...BLOCKED, ...leaves(7) }), 'employed', { at: toInstant(NOW + 7 * DAY) }],
    ['with a blocked account, who leaves at this moment', user({ ...BLOCKED, ...leaves(0) }), 'left', { at: toInstant(NOW) }],
    [
      'with a blocked account, and a date that has begun',
      user({ ...BLOCKED, employeeLeaveDateTime: '2026-11-30' }),
      'left',
      { date: '2026-11-30' },
    ],
    ['with a day to its fractions', user({ employeeLeaveDateTime: '2026-12-31T00:00:00.0000000Z' }), 'employed', { date: '2026-12-31' }],
    ['with a day alone', user({ employeeLeaveDateTime: '2026-12-31T00:00:00Z' }), 'employed', { date: '2026-12-31' }],
    ['with a moment at night', user({ employeeLeaveDateTime: '2026-12-31T23:59:59Z' }), 'employed', { at: '2026-12-31T23:59:59Z' }],
    ['with a blocked account, and nothing more', user(BLOCKED), 'unclear', undefined],
  ])('%s', async (_, answer, standing, lastDay) => {
    expect(await answered(undefined, answer)).toMatchObject({ standing, lastDay });
  });

  it.each([
    [undefined, 'unclear'],
    ['left', 'left'],
    ['employed', 'employed'],
  ])('whose account was closed without a date is what the stage says: %s', async (closed, standing) => {
    expect(await answered(closed, user(BLOCKED))).toMatchObject({ standing });
    expect(await answered(closed, GONE, user({ accountEnabled: undefined }))).toMatchObject({ standing, employee: { email: ANA.email } });
  });

  it('who was deleted is looked for among the deleted items, and is unknown if not there', async () => {
    expect(await answered(undefined, GONE, user({ ...BLOCKED, ...leaves(-3) }))).toMatchObject({ standing: 'left' });
    expect(hr.calls.map(({ path }) => path).slice(1)).toEqual([
      `/v1.0/users/${ANA.id}`,
      `/v1.0/directory/deletedItems/${ANA.id}`,
      '/v1.0/users',
    ]);
    expect(await answered(undefined, GONE, GONE)).toBeUndefined();
  });

  it.each([
    ['the answer is about another user', user({ id: '1' }), 'hr-unexpected-answer'],
    ['the day is no day', user({ employeeLeaveDateTime: 'soon' }), 'hr-unexpected-answer'],
  ])('is not guessed if %s', async (_, answer, code) => {
    await expect(answered(undefined, answer)).rejects.toMatchObject({ code });
  });

  it('is asked for the other accounts with the same address or number, whatever characters these have', async () => {
    await answered(undefined, user({ ...BLOCKED, ...leaves(-1), mail: "ana.o'neil@acme.test", employeeId: '10042' }));

    expect(Object.fromEntries(hr.calls.at(-1)?.query ?? [])).toEqual({
      $filter: "mail eq 'ana.o''neil@acme.test' or employeeId eq '10042'",
      $select: 'id,accountEnabled,mail,employeeId',
    });
  });
});
