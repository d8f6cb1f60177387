import { describe, expect, it } from '@jest/globals';
import { CONSOLE_CIRCUIT } from '../../lambda/domain/console-access/wait-for-console.ts';
import { circuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { HOUR, SECOND } from '../../lambda/domain/time/time.ts';
import { CONSOLE_CLIENT } from '../../local/admin-console/fake-admin-console.ts';
import { ANA, aConsole } from './a-console.ts';

type Fake = Awaited<ReturnType<typeof aConsole>>['fake'];

/** A refusal of the action alone: both reads before it are answered. */
const action = (errorCode: string, message = `User: ${ANA.email}`) => ({
  status: 200,
  body: {
    completed: 0,
    notCompleted: 1,
    completedInTestMode: 0,
    result: 'error',
    errors: [{ index: 0, step: 0, requestID: 'evt-1', message, user: ANA.email, errorCode }],
  },
});
const shown = {
  status: 200,
  body: { result: 'success', user: { email: ANA.email, type: 'federatedID', status: 'active', groups: ['Workfront'] } },
};
const onAction = (answer: Fake['troubles'][number]) => [shown, shown, answer];
const top = (result: string, status = 200) => ({ status, body: { result, message: ANA.email } });

/** Every row of the table in docs/admin-console.md. */
const PASSING = [
  { row: '429', troubles: [{ status: 429, headers: { 'retry-after': '7' }, body: { error_code: '429050' } }], code: 'console-throttled' },
  { row: '502', troubles: [{ status: 502 }], code: 'console-unavailable' },
  { row: '503', troubles: [{ status: 503 }], code: 'console-unavailable' },
  { row: '504', troubles: [{ status: 504 }], code: 'console-unavailable' },
  { row: 'a broken connection', troubles: ['hang-up' as const], code: 'console-unreachable' },
  {
    row: 'error.throttled_by_external_service',
    troubles: onAction(action('error.throttled_by_external_service')),
    code: 'console-throttled',
  },
  { row: 'error.organization.migrating', troubles: onAction(top('error.organization.migrating')), code: 'console-migrating' },
  {
    row: 'error.organization.migrating of one person',
    troubles: onAction(action('error.organization.migrating')),
    code: 'console-migrating',
  },
  { row: 'error.internal.*', troubles: onAction(action('error.internal.group.remove')), code: 'console-internal' },
];

const OF_ALL = [
  { row: '401 twice', troubles: [{ status: 401 }, { status: 401 }], code: 'console-rejected' },
  { row: '403', troubles: [{ status: 403 }], code: 'console-rejected' },
  { row: '400 error.organization.invalid_id', troubles: [top('error.organization.invalid_id', 400)], code: 'console-organization' },
  { row: 'error.apikey.invalid', troubles: onAction(top('error.apikey.invalid')), code: 'console-rejected' },
  { row: 'error.group.not_found', troubles: onAction(action('error.group.not_found')), code: 'console-name-unknown' },
  { row: 'error.command.malformed', troubles: onAction(top('error.command.malformed', 400)), code: 'console-command' },
  { row: 'a redirect', troubles: [{ status: 302, headers: { location: 'https://elsewhere.test/' } }], code: 'console-redirected' },
  { row: '404 that is no missing user', troubles: [{ status: 404, body: '<html>' }], code: 'console-not-found' },
  { row: 'an answer of another form', troubles: [{ status: 200, body: { result: 'success' } }], code: 'console-unexpected' },
];

const ELSEWHERE = [
  { row: 'error.usergroup.readonly.remove_user_not_allowed', code: 'read-only-group', where: /another console.*identity provider/ },
  { row: 'error.domain.trust.nonexistent', code: 'trusted-directory', where: /another organisation/ },
  { row: 'error.api.user.not.parent.org', code: 'trusted-directory', where: /another organisation/ },
  { row: 'error.user.belongs_to_another_org', code: 'trusted-directory', where: /another organisation/ },
  { row: 'error.group.remove_failed', code: 'through-group', where: /from that group/ },
];

describe('what passes by itself', () => {
  it.each(PASSING)('is tried again, and succeeds then: $row', async ({ troubles, code }) => {
    const { turn, untilOver, fake, record } = await aConsole();
    fake.troubles.push(...troubles);

    expect(await turn()).toMatchObject({ kind: 'wait', code });
    expect((await record())?.status).toBe('waiting');
    expect(await untilOver()).toMatchObject({ status: 'removed' });
  });

  it.each([
    { form: 'seconds', retryAfter: (_now: number) => '90' },
    { form: 'a date', retryAfter: (now: number) => new Date(now + 90 * SECOND).toUTCString() },
  ])('is not tried before Retry-After, as $form', async ({ retryAfter }) => {
    const { desk, turn, fake } = await aConsole();
    fake.troubles.push({ status: 429, headers: { 'retry-after': retryAfter(desk.now) } });

    expect(await turn()).toMatchObject({ kind: 'wait', code: 'console-throttled', seconds: 90 });
  });

  it.each([
    { what: 'is Adobe being busy: the circuit stays closed, however often', status: 429, isOpen: false },
    { what: 'is an outage: the fifth failure in a row opens the circuit', status: 503, isOpen: true },
  ])('$what', async ({ status, isOpen }) => {
    const { desk, turn, fake } = await aConsole();
    fake.troubles.push(...Array.from({ length: 5 }, () => ({ status })));

    for (let turns = 0; turns < 5; turns++) await turn();

    expect((await desk.ledger.readRecord(CONSOLE_CIRCUIT, circuitRecord))?.value.open !== undefined).toBe(isOpen);
  });

  it('is given up after some tries if it is inside of Adobe, and can be tried again', async () => {
    const { untilOver, fake } = await aConsole();
    fake.troubles.push(...Array.from({ length: 11 }, () => onAction(action('error.internal.exceptionflys'))).flat());

    expect(await untilOver()).toMatchObject({ status: 'failed', code: 'gave-up-console-internal' });
  });

  it('is no reason to give up after one internal error, however long it waited for its turn before', async () => {
    const { desk, turn, untilOver, fake } = await aConsole();
    const busy = Array.from({ length: 10 }, () => new Date(desk.now + HOUR).toISOString());
    await desk.ledger.writeRecord('stage/console-calls', { value: { reads: [], actions: busy }, version: 0 });
    for (let turns = 0; turns < 12; turns++) expect(await turn()).toMatchObject({ code: 'console-calls-used' });
    await desk.ledger.writeRecord('stage/console-calls', { value: { reads: [], actions: [] }, version: 1 });
    fake.troubles.push(...onAction(action('error.internal.group.remove')));

    expect(await turn()).toMatchObject({ kind: 'wait', code: 'console-internal' });
    expect(await untilOver()).toMatchObject({ status: 'removed' });
  });

  it('is given up after the limit of the stage', async () => {
    const { untilOver } = await aConsole({ switches: { migrating: true }, rules: { waitLimitHours: 1 } });

    const record = await untilOver(500);

    expect(record).toMatchObject({ status: 'failed', code: expect.stringMatching(/^gave-up-console-/) });
  });
});

describe('what Adobe refuses to everybody', () => {
  it.each(OF_ALL)('opens the circuit of the Console, and no other: $row', async ({ troubles, code }) => {
    const { desk, turn, untilOver, fake, record } = await aConsole();
    fake.troubles.push(...troubles);

    expect(await turn()).toMatchObject({ kind: 'wait', code, trouble: true });

    const { value } = (await desk.ledger.readRecord(CONSOLE_CIRCUIT, circuitRecord)) ?? {};
    expect(value?.open).toMatchObject({ saw: code });
    expect(desk.ledger.records.has(STAGE_KEYS.circuit)).toBe(false);
    const calls = fake.calls.length;
    expect(await turn()).toMatchObject({ kind: 'wait', code: 'console-in-trouble', trouble: true });
    expect(fake.calls).toHaveLength(calls);
    expect((await record())?.status).toBe('waiting');
    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect((await desk.ledger.readRecord(CONSOLE_CIRCUIT, circuitRecord))?.value.open).toBeUndefined();
  });

  it.each([
    { what: 'no JSON', secret: 'not JSON', code: 'secret-unusable' },
    {
      what: 'of another client',
      secret: JSON.stringify({ ...CONSOLE_CLIENT, clientSecret: 'another-secret' }),
      code: 'console-token-refused',
    },
  ])('is a secret that is $what, and waits for a person however long', async ({ secret, code }) => {
    const { desk, turn, record } = await aConsole({ secret, rules: { waitLimitHours: 1 } });

    for (let turns = 0; turns < 100; turns++) {
      const end = await turn();
      if (end.kind === 'wait') desk.now += end.seconds * SECOND;
    }

    expect(await record()).toMatchObject({ status: 'waiting', waiting: { untilRepaired: true } });
    expect((await desk.ledger.readRecord(CONSOLE_CIRCUIT, circuitRecord))?.value.open?.saw).toBe(code);
  });

  it('is no single 401: the token is renewed once', async () => {
    const { untilOver, fake } = await aConsole();
    fake.troubles.push({ status: 401 });

    expect(await untilOver()).toMatchObject({ status: 'removed' });
    expect(fake.calls.filter(({ url }) => url.startsWith('/ims/token'))).toHaveLength(2);
  });
});

describe('what a person must do elsewhere', () => {
  it.each(ELSEWHERE)('is held, says where, and is not tried again: $row', async ({ row, code, where }) => {
    const { untilOver, turn, fake } = await aConsole();
    fake.troubles.push(...onAction(action(row)), shown, shown);

    const record = await untilOver();

    expect(record).toMatchObject({ status: 'held', code });
    expect(record?.history.at(-1)?.why).toMatch(where);
    const calls = fake.calls.length;
    expect(await turn()).toMatchObject({ kind: 'nothing-to-do' });
    expect(fake.calls).toHaveLength(calls);
  });
});

describe('nothing is there to remove', () => {
  it.each(['error.user.nonexistent', 'error.user.not_found', 'error.user.not_in_org'])(
    'if the action says so and the next read agrees: %s',
    async (code) => {
      const { untilOver, fake, directory } = await aConsole();
      directory.put({ ...ANA, direct: [] });
      fake.troubles.push(...onAction(action(code)));

      expect(await untilOver()).toMatchObject({ status: 'nothing-to-remove' });
    },
  );

  it('but a membership that is still shown is never taken for gone', async () => {
    const { untilOver, fake } = await aConsole();
    fake.troubles.push(...Array.from({ length: 3 }, () => onAction(action('error.user.not_in_org'))).flat());

    expect(await untilOver()).toMatchObject({ status: 'held', code: 'not-gone' });
  });
});

describe('any other refusal', () => {
  it.each(['error.user.email.invalid', 'ana@acme.test is odd'])('fails this leaver alone: %s', async (code) => {
    const { untilOver, fake } = await aConsole();
    fake.troubles.push(...onAction(action(code)));

    const record = await untilOver();

    expect(record).toMatchObject({ status: 'failed', code: 'console-refused' });
    expect(JSON.stringify(record)).not.toContain('acme.test');
  });
});
