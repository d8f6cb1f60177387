import type { Hold } from '../event/ledger-entry.ts';
import type { Termination } from '../event/termination.ts';
import { matchKeys, resolveLeaver } from '../person/leaver-match.ts';
import { matchKeyRules } from '../policy.ts';
import type { Desk, User } from '../ports.ts';
import { hold } from './conclude.ts';
import { concludeTookEffect, outcomeOfWrite } from './cut-short.ts';
import { replaceEarlier } from './replace-termination.ts';
import type { TurnEnd } from './turn-end.ts';

/**
 * Concludes a write that took effect before it could be recorded; it is asked again before the leaver rests for another reason, since a
 * write without an answer may land in between. If the leaver resolves to another active user by now, a person must say who was meant.
 *
 * @returns undefined if there is no such write
 */
export async function concludeCutShort(entry: Termination, desk: Desk): Promise<TurnEnd | undefined> {
  const { intent, chosenUserId } = entry;
  if (intent === undefined || (await outcomeOfWrite(entry, desk)) !== 'took-effect') return undefined;

  const keys = matchKeys(entry.event.employee, matchKeyRules(entry.source, desk.policy));
  const { users } = await resolveLeaver(keys, desk.directory);
  const others = users.filter(({ id, isActive }) => isActive && id !== intent.userId);
  if (others.length > 0 && chosenUserId === undefined) return hold(entry, anotherMatches(intent.userId, others), { desk });
  await replaceEarlier(entry, intent.userId, { desk });
  return concludeTookEffect(entry, desk);
}

function anotherMatches(userId: string, others: readonly User[]): Hold {
  const saw = `user ${userId} is inactive after a write that was cut short, and now user ${others.map(({ id }) => id).join(', ')} matches`;
  return { guard: 'ambiguous', saw, releasing: 'needs --user GUID: the one deactivated before, or the one to deactivate', of: userId };
}
