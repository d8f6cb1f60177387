import { describe, expect, it } from '@jest/globals';
import type { User } from '../../../lambda/domain/ports.ts';
import { aDirectory, anArrival, aTermination, guid } from '../../support/builders.ts';
import { aDesk } from '../../support/in-memory-desk.ts';
import { untilSettled } from '../../support/working.ts';

async function ended(user: Partial<User>, { pending }: { pending: boolean | undefined }) {
  const desk = aDesk({ users: aDirectory({ id: guid(1), ...user }) });
  if (pending) desk.directory.pending.add(guid(1));
  if (pending === undefined) Object.assign(desk.directory, { isPendingApproval: undefined });
  await untilSettled(desk, anArrival(aTermination()));
  const { status, reason, history } = desk.ledger.entries.get('acme-hr/evt-1') ?? {};
  return { status, reason, why: history?.at(-1)?.why };
}

describe('an inactive user', () => {
  it('who is pending approval is reported so, because an approval would activate them', async () => {
    expect(await ended({ isActive: false }, { pending: true })).toEqual({
      status: 'already-inactive',
      reason: 'pending-approval',
      why: `user ${guid(1)}, found by emailAddr, is deactivated and pending approval: an approval would activate them`,
    });
  });

  it.each([
    { what: 'is not pending', user: {}, pending: false },
    { what: 'has logged in before', user: { lastLoginAt: '2026-01-01T00:00:00.000Z' }, pending: true },
    { what: 'cannot be asked about', user: {}, pending: undefined },
  ])('who $what is inactive already', async ({ user, pending }) => {
    expect(await ended({ isActive: false, ...user }, { pending })).toEqual({
      status: 'already-inactive',
      reason: undefined,
      why: `user ${guid(1)}, found by emailAddr, is inactive already`,
    });
  });
});
