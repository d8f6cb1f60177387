import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import type { CredentialOwner, User } from '../../lambda/domain/ports.ts';
import { circuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { DAY } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { periodOf } from '../events/filter.ts';
import { bothTimes } from '../terminal/times.ts';
import { green, type Health, red, unknown } from './check.ts';
import { cureOfCircuit } from './circuit.ts';

/** How far back a write that worked, or was refused, counts. */
export const EVIDENCE = 30 * DAY;

/** Looks for the last write in the ledger, because only a write can prove the right. */
export async function rightToEdit(
  deployment: Deployment,
  { owner, own, policy }: { owner: CredentialOwner; own: User | undefined; policy: Policy | undefined },
): Promise<Health> {
  const open = (await deployment.ledger.readRecord(STAGE_KEYS.circuit, circuitRecord))?.value.open;
  if (open?.endedBy === 'write')
    return red(`refused for every user since ${bothTimes(open.since)} (${open.saw})`, { fix: cureOfCircuit(open) ?? '' });
  const refused = await lastOf(deployment, 'failed', ({ reason }) => reason === 'forbidden');
  const worked = await lastWrite(deployment, owner);
  if (refused !== undefined && (worked === undefined || refused.updatedAt > worked.at))
    return red(`refused at ${bothTimes(refused.updatedAt)} (event ${refused.eventId})`, {
      fix: "give the credential's own user the right to edit all users, then replay the failed events; if the user is the main administrator, no right helps: somebody else must have that role first",
    });
  if (worked !== undefined) {
    const isTest = worked.userId === policy?.rehearsal?.user;
    return green(`last deactivated a user at ${bothTimes(worked.at)}${isTest ? ', in a rehearsal' : ''}`);
  }
  return unknown(
    `only a write can show this, and there was none in 30 days${own?.isAdmin ? '; a system administrator may edit users' : ''}`,
  );
}

/** The last write of this very credential's user, whatever became of the event afterwards. */
async function lastWrite({ ledger, clock }: Deployment, owner: CredentialOwner): Promise<{ at: string; userId: string } | undefined> {
  let last: { at: string; userId: string } | undefined;
  for (const status of ['deactivated', 'returned', 'accepted', 'undone'] as const) {
    for await (const { history, workfrontUserId: userId = '' } of ledger.withStatus(status, periodOf({}, clock(), EVIDENCE))) {
      const step = history.findLast(({ to, why }) => to === 'deactivated' && why.includes(`as user ${owner.userId}`));
      if (step !== undefined && (last === undefined || step.at > last.at)) last = { at: step.at, userId };
    }
  }
  return last;
}

async function lastOf(
  { ledger, clock }: Deployment,
  status: 'failed',
  isMeant: (entry: LedgerEntry) => boolean,
): Promise<LedgerEntry | undefined> {
  let last: LedgerEntry | undefined;
  for await (const entry of ledger.withStatus(status, periodOf({}, clock(), EVIDENCE))) if (isMeant(entry)) last = entry;
  return last;
}
