import { Blocked } from '../failures.ts';
import type { CredentialOwner, Desk } from '../ports.ts';
import { stopIfInTrouble, stopIfPaused } from '../stage/gate.ts';
import { isOurCustomer } from '../stage/tenant.ts';

/**
 * Who only looks waits while the stage is paused or the circuit is open, and takes no probe from a leaver.
 *
 * @throws Blocked
 */
export async function stopIfClosed(desk: Desk): Promise<void> {
  await stopIfPaused(desk);
  await stopIfInTrouble(desk);
}

/** @throws Blocked `wrong-customer` while the credential looks into another Workfront, where "no such user" means nothing */
export async function mustBeOurs(desk: Desk): Promise<CredentialOwner> {
  if (await isOurCustomer(desk)) return desk.directory.owner();
  const saw = 'the credential is of another Workfront customer than the stage is pinned to, or does not say of which; set the right one';
  throw new Blocked('wrong-customer', saw);
}
