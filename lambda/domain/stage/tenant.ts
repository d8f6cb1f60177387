import * as z from 'zod/mini';
import { instant } from '../event/hr-event.ts';
import { Blocked } from '../failures.ts';
import type { CredentialOwner, Desk, User } from '../ports.ts';
import { toInstant } from '../time/time.ts';
import { changeRecord, STAGE_KEYS } from './shared-record.ts';

/** The Workfront customer that the stage was first used with. */
export const tenantRecord = z.object({ customerId: z.string(), pinnedAt: instant });

/** The customer this stage may touch: configured, else the one it was first used with. */
export async function pinnedCustomer(owner: CredentialOwner, { ledger, policy, clock }: Desk): Promise<string | undefined> {
  if (policy.customerId !== undefined) return policy.customerId;

  let pinned = owner.customerId;
  await changeRecord(ledger, { key: STAGE_KEYS.tenant, schema: tenantRecord }, (record) => {
    if (record !== undefined) {
      pinned = record.customerId;
      return undefined;
    }
    return owner.customerId === undefined ? undefined : { customerId: owner.customerId, pinnedAt: toInstant(clock()) };
  });
  return pinned;
}

/** Whether the credential looks into the Workfront that the stage is pinned to: elsewhere, nobody found means nothing. */
export async function isOurCustomer(desk: Desk): Promise<boolean> {
  const owner = await desk.directory.owner();
  return owner.customerId === (await pinnedCustomer(owner, desk));
}

/**
 * What a Workfront whose customer is unknown answers says nothing of the customer that the stage is pinned to.
 *
 * @throws Blocked `customer-unknown` until Workfront says whose it is
 */
export function mustNameCustomer({
  pinnedCustomerId,
  seen,
}: {
  pinnedCustomerId: string | undefined;
  seen: readonly Pick<User | CredentialOwner, 'customerId'>[];
}): void {
  if (pinnedCustomerId === undefined || seen.every(({ customerId }) => customerId !== undefined)) return;
  throw new Blocked(
    'customer-unknown',
    `Workfront does not say which customer it is, and this stage is pinned to ${pinnedCustomerId}; see that the credential may read customerID`,
    { untilRepaired: true },
  );
}
