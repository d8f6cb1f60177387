import { describe, expect, it } from '@jest/globals';
import { handleMessage } from '../../../lambda/domain/deactivate/handle-message.ts';
import type { Employee } from '../../../lambda/domain/event/hr-event.ts';
import type { User } from '../../../lambda/domain/ports.ts';
import { resolveNow } from '../../../ops/events/resolution.ts';
import { aDirectory, anArrival, aTermination, aUser, guid } from '../../support/builders.ts';
import { aDesk, type TestDesk } from '../../support/in-memory-desk.ts';

const ANA: Employee = { email: 'ana@acme.test' };

interface Case {
  what: string;
  users?: User[];
  rules?: Parameters<typeof aDesk>[0]['rules'];
  employee?: Employee;
  become: string;
  guard?: string;
}

const CASES: Case[] = [
  { what: 'one who is known', become: 'deactivated' },
  { what: 'nobody', employee: { email: 'nobody@acme.test' }, become: 'no-account' },
  {
    what: 'nobody in the Workfront of another customer',
    employee: { email: 'nobody@acme.test' },
    rules: { customerId: 'e'.repeat(32) },
    become: 'held',
    guard: 'wrong-tenant',
  },
  { what: 'one who is inactive', users: aDirectory({ isActive: false }), become: 'already-inactive' },
  { what: 'two of the same address', users: aDirectory({ id: guid(1) }, { id: guid(2) }), become: 'held', guard: 'ambiguous' },
  {
    what: 'one whose number is another',
    employee: { ...ANA, employeeNumber: '7' },
    users: aDirectory({ extRefID: '8' }),
    become: 'held',
    guard: 'identity-mismatch',
  },
  {
    what: 'one whose name is another',
    employee: { ...ANA, familyName: 'Silva' },
    users: aDirectory({ lastName: 'Otto' }),
    become: 'held',
    guard: 'identity-mismatch',
  },
  { what: 'the owner of the credential', employee: { email: 'api@acme.test' }, become: 'held', guard: 'own-goal' },
  { what: 'an administrator', users: aDirectory({ isAdmin: true }), become: 'held', guard: 'administrator' },
  { what: 'one who is protected', rules: { protected: ['ANA@acme.test'] }, become: 'held', guard: 'protected' },
  { what: 'one too many', rules: { brake: { perHour: 0 } }, become: 'held', guard: 'brake' },
  { what: 'one in a dry run', rules: { dryRun: true }, become: 'would-deactivate' },
  { what: 'one too many in a dry run', rules: { dryRun: true, brake: { perHour: 0 } }, become: 'would-deactivate' },
  {
    what: 'an inactive one too many',
    users: aDirectory({ isActive: false }),
    rules: { brake: { perHour: 0 } },
    become: 'already-inactive',
  },
];

const resolve = (employee: Employee, { ledger, directory, policy, clock }: TestDesk) =>
  resolveNow(employee, { ledger, directory, policy, now: clock() });

describe('resolve', () => {
  it.each(CASES)(
    'says of $what what the worker then does: $become',
    async ({ users = aDirectory({}), rules = {}, employee = ANA, become, guard }) => {
      const desk = aDesk({ users, rules });

      const resolution = await resolve(employee, desk);

      expect(resolution.would.become).toBe(become);
      expect(resolution.guards.find(({ answer }) => answer === 'hold')?.guard ?? (guard === 'wrong-tenant' ? guard : undefined)).toBe(
        guard,
      );
      expect([...desk.ledger.records.keys(), ...desk.ledger.entries.keys(), ...desk.directory.writes]).toEqual([]);
      await handleMessage(anArrival(aTermination({ employee })), desk, { worker: 'worker-1', leaseUntil: desk.now + 60_000 });
      const [entry] = desk.ledger.entries.values();
      expect(entry).toMatchObject({ status: become, ...(guard !== undefined && { reason: guard }) });
    },
  );

  it('shows in what each hit agrees, and whether more than an address does', async () => {
    const desk = aDesk({ users: [...aDirectory(), aUser({ id: guid(7), extRefID: '10042', ssoUsername: 'ana' })], rules: {} });

    const resolution = await resolve({ ...ANA, employeeNumber: '10042' }, desk);

    expect(resolution).toMatchObject({
      keys: ['emailAddr', 'extRefID'],
      hits: [{ userId: guid(7), isActive: true, agrees: ['emailAddr', 'extRefID'], nameOrNumber: true }],
      userId: guid(7),
    });
  });

  it('says what stops the stage, and what would happen without that', async () => {
    const desk = aDesk({ users: aDirectory({}), rules: {} });
    const paused = { at: '2026-11-24T11:00:00Z', by: 'ana', reason: 'a wrong list' };
    await desk.ledger.writeRecord('stage/pause', { value: { paused }, version: 0 });

    expect(await resolve(ANA, desk)).toMatchObject({
      stopped: [expect.stringContaining('a wrong list')],
      would: { become: 'deactivated' },
    });
  });

  it('asks every guard, also behind the one that holds, and then no brake', async () => {
    const owner = aUser({ id: guid(0xadd), emailAddr: 'ana@acme.test', isAdmin: true });
    const { guards, would } = await resolve(ANA, aDesk({ users: [owner, ...aDirectory().slice(1)], rules: { protected: [guid(0xadd)] } }));

    const answers = Object.fromEntries(guards.map(({ guard, answer }) => [guard, answer]));
    expect(answers).toMatchObject({
      'identity-mismatch': 'pass',
      'own-goal': 'hold',
      protected: 'hold',
      administrator: 'hold',
      brake: 'not asked',
    });
    expect(would).toMatchObject({ become: 'held', why: expect.stringMatching(/^own-goal/) });
  });

  it('asks no guard on the write about a user who is inactive already', async () => {
    const { guards } = await resolve(ANA, aDesk({ users: aDirectory({ isActive: false, isAdmin: true }), rules: {} }));

    const answers = Object.fromEntries(guards.map(({ guard, answer }) => [guard, answer]));
    expect(answers).toMatchObject({ 'identity-mismatch': 'pass', administrator: 'not asked', brake: 'not asked' });
  });

  it('searches by the match keys of a source', async () => {
    const desk = aDesk({
      users: aDirectory({ id: guid(1), emailAddr: undefined, username: 'ana@acme.test' }),
      rules: { sources: { payroll: { matchKeys: [{ field: 'username', from: 'email' }] } } },
    });
    const { ledger, directory, policy, clock } = desk;

    expect(await resolveNow(ANA, { ledger, directory, policy, now: clock(), source: 'payroll' })).toMatchObject({ userId: guid(1) });
    expect(await resolveNow(ANA, { ledger, directory, policy, now: clock() })).toMatchObject({ hits: [] });
  });

  it('needs one of the keys that the stage matches by', async () => {
    await expect(resolve({ sourceId: '7' }, aDesk({ users: aDirectory({}), rules: {} }))).rejects.toThrow(
      /match keys: email, employeeNumber, ssoUsername/,
    );
  });
});
