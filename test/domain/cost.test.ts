import { describe, expect, it } from '@jest/globals';
import { aDirectory, anArrival, aRescission, aTermination, guid } from '../support/builders.ts';
import { aDesk, type TestDesk } from '../support/in-memory-desk.ts';
import { moveTo, untilSettled } from '../support/working.ts';

/** What Workfront is asked from now on: one name for each call that goes over the wire. The owner is remembered. */
function asked({ directory }: TestDesk): () => string[] {
  const before = directory.calls;
  const names: string[] = [];
  for (const name of ['find', 'findByUsername', 'read', 'activeAdministrators', 'countActiveUsersMadeOn', 'deactivate'] as const) {
    const method = directory[name] as (...args: never[]) => Promise<unknown>;
    Object.assign(directory, {
      [name]: async (...args: never[]) => {
        const calls = directory.calls;
        const answer = await method.apply(directory, args);
        // If nobody active is found, the inactive ones are a question of their own.
        names.push(...Array(Math.max(1, directory.calls - calls)).fill(name));
        return answer;
      },
    });
  }
  if (before !== 0) throw new Error('the desk is new');
  return () => names;
}

const EMPLOYEE = { email: 'ana@acme.test', employeeNumber: '10042', ssoUsername: 'ana', givenName: 'Ana', familyName: 'Silva' };
const ANA = { id: guid(1), firstName: 'Ana', lastName: 'Silva', extRefID: '10042', ssoUsername: 'ana' };
const leaver = anArrival(aTermination({ employee: EMPLOYEE }));
const onDate = anArrival(aTermination({ employee: EMPLOYEE, effective: { at: '2026-12-24T00:00:00Z' } }));
const rescission = anArrival(aRescission({ employee: EMPLOYEE }), { eventId: 'r', receivedAt: '2026-11-24T13:00:00.000Z' });

describe('Workfront is asked', () => {
  it('twice for an ordinary leaver', async () => {
    const desk = aDesk({ users: aDirectory(ANA) });
    const calls = asked(desk);

    await untilSettled(desk, leaver);

    expect(calls()).toEqual(['find', 'deactivate']);
  });

  it('twice for somebody without an account, however many keys there are', async () => {
    const desk = aDesk({ users: aDirectory() });
    const calls = asked(desk);

    await untilSettled(desk, leaver);

    expect(calls()).toEqual(['find', 'find']);
  });

  it('once for somebody who leaves later, and twice on the day', async () => {
    const desk = aDesk({ users: aDirectory(ANA) });
    const calls = asked(desk);

    await untilSettled(desk, onDate);
    expect(calls()).toEqual(['find']);
    await moveTo(desk, '2026-12-24T00:00:00Z');

    expect(calls()).toEqual(['find', 'find', 'deactivate']);
  });

  it('no more by a message that comes again', async () => {
    const desk = aDesk({ users: aDirectory(ANA) });
    const calls = asked(desk);

    await untilSettled(desk, leaver, leaver, leaver);

    expect(calls()).toHaveLength(2);
  });

  it.each([
    { what: 'before the day', message: onDate, most: 1 },
    { what: 'of nobody with an account', message: undefined, users: aDirectory(), most: 2 },
    { what: 'too late', message: leaver, most: 2 },
  ])('at most twice by a rescission $what', async ({ message, users = aDirectory(ANA), most }) => {
    const desk = aDesk({ users });
    const calls = asked(desk);
    if (message !== undefined) await untilSettled(desk, message);
    const before = calls().length;

    await untilSettled(desk, rescission);

    expect(calls().length - before).toBeLessThanOrEqual(most);
  });

  it('not at all by a sign of life', async () => {
    const desk = aDesk({ users: aDirectory(ANA) });
    const calls = asked(desk);

    await untilSettled(desk, anArrival({ type: 'employee.sign_of_life', sign: 'hired', employee: EMPLOYEE }));

    expect(calls()).toEqual([]);
  });
});
