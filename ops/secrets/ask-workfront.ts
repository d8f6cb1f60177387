import { CredentialFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import type { CredentialOwner } from '../../lambda/domain/ports.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { tenantRecord } from '../../lambda/domain/stage/tenant.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { openWorkfrontWith } from '../deployment/workfront-access.ts';

/** What Workfront says of a credential that is not stored yet. */
export type WorkfrontAnswer =
  | { kind: 'accepted'; owner: CredentialOwner }
  /** Workfront refuses it, or it belongs to another customer. */
  | { kind: 'refused'; why: string }
  /** Workfront is in trouble. */
  | { kind: 'unknown'; why: string };

/** Asks Workfront, only by reading, whether a credential works, and whether it belongs to the customer of the stage. */
export async function askWorkfront(text: string, deployment: Deployment): Promise<WorkfrontAnswer> {
  const settings = await functionSettings(deployment);
  try {
    const owner = await openWorkfrontWith(text, { settings, clock: deployment.clock }).owner();
    const pinned = await pinnedCustomer(deployment);
    if (owner.customerId === undefined || pinned === undefined || owner.customerId === pinned) return { kind: 'accepted', owner };
    return { kind: 'refused', why: `it belongs to customer ${owner.customerId}, and this stage is pinned to ${pinned}` };
  } catch (failure) {
    if (failure instanceof CredentialFailure) return { kind: 'refused', why: `Workfront refuses it (${failure.code})` };
    if (failure instanceof TransientFailure) return { kind: 'unknown', why: `Workfront could not be asked (${failure.code})` };
    throw failure;
  }
}

async function pinnedCustomer({ ledger, policy }: Deployment): Promise<string | undefined> {
  const rules = await policy();
  return rules?.customerId ?? (await ledger.readRecord(STAGE_KEYS.tenant, tenantRecord))?.value.customerId;
}

export const acceptedText = ({ userId, activeUsers, seesEverybody }: CredentialOwner): string =>
  `Workfront accepts it: user ${userId}, ${seesEverybody ? 'a system administrator' : 'no system administrator'}, sees ${activeUsers} active users.`;
