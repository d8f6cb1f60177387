import type { Rescission } from '../event/termination.ts';
import { isMistake } from '../failures.ts';
import { matchKeys, resolveLeaver } from '../person/leaver-match.ts';
import { matchKeyRules } from '../policy.ts';
import type { Desk } from '../ports.ts';
import { stopIfInTrouble } from '../stage/gate.ts';
import { isOurCustomer } from '../stage/tenant.ts';

/**
 * The accounts of the employee of a rescission.
 *
 * @returns GUIDs; undefined if Workfront cannot be asked now
 */
export async function accountsOf(entry: Rescission, desk: Desk): Promise<string[] | undefined> {
  try {
    await stopIfInTrouble(desk);
    if (!(await isOurCustomer(desk))) return undefined;
    const keys = matchKeys(entry.event.employee, matchKeyRules(entry.source, desk.policy));
    const { users } = await resolveLeaver(keys, desk.directory);
    return users.map(({ id }) => id);
  } catch (failure) {
    if (isMistake(failure)) throw failure;
    return undefined;
  }
}
