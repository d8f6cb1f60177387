import type { LedgerEntry, Sighting } from '../event/ledger-entry.ts';
import type { Termination } from '../event/termination.ts';
import { isMistake } from '../failures.ts';
import { registerAccount } from '../person/known-person.ts';
import { matchKeys, resolveLeaver } from '../person/leaver-match.ts';
import { sightingOf } from '../person/sighting.ts';
import { matchKeyRules, rulesOf } from '../policy.ts';
import type { Desk } from '../ports.ts';
import { stopIfInTrouble } from '../stage/gate.ts';
import { isOurCustomer } from '../stage/tenant.ts';
import { HOUR, SECOND, toInstant, toMillis, within } from '../time/time.ts';
import { askWho } from './ask-hr.ts';
import { conclude, hold, type Rest } from './conclude.ts';
import { concludeTookEffect, settledWrite } from './cut-short.ts';
import type { EffectiveTime } from './effective-time.ts';
import { APPROVAL } from './guards/order.ts';
import type { TurnEnd } from './turn-end.ts';

/** Until a termination was looked up, it comes back so often: what is first looked up a day later proves little. */
const LOOK_AGAIN_AFTER = HOUR;

/** How long scheduling waits for Workfront: a date must be written down although Workfront is slow. */
const SIGHTED_WITHIN = 2 * SECOND;

/**
 * Puts a termination away until its date. It is resolved now: by then the address may belong to somebody else.
 *
 * @param because what HR said, if it has a later day than the event
 * @throws Contended, Blocked while a write that was sent may still take effect, and what the directory throws
 */
export async function scheduleLeaver(
  entry: Termination,
  { due, because = '', ...changes }: { due: EffectiveTime; because?: string } & Pick<Rest, 'putOff'>,
  desk: Desk,
): Promise<TurnEnd> {
  if ((await settledWrite(entry, desk)) === 'took-effect') return concludeTookEffect(entry, desk);

  const sighted = entry.sighted ?? (await sight(entry, desk));
  const times = { effectiveAt: due.at, ...(due.from !== undefined && { effectiveFrom: due.from }), ...(sighted && { sighted }) };
  for (const { userId } of sighted?.users ?? []) await registerAccount(entry, userId, desk);

  const unapproved = awaitsApproval({ ...entry, ...times }, desk);
  if (unapproved !== undefined) return hold(entry, unapproved, { desk, found: { ...times, ...changes } });

  const isKnown = entry.status === 'scheduled' && entry.effectiveAt === due.at && sighted === entry.sighted;
  const range = due.from === undefined ? '' : `; the time zone is unknown, the date may mean any instant from ${due.from}`;
  const rest: Rest = {
    ...times,
    ...changes,
    status: 'scheduled',
    why: `${because}effective at ${due.at}${range}`,
    ...(entry.status === 'processing' && { write: 'not-done' }),
  };
  const end: TurnEnd = isKnown ? { kind: 'settled', entry } : await conclude(entry, rest, desk);

  const soon = desk.clock() + LOOK_AGAIN_AFTER;
  await desk.schedules.set(entry, sighted === undefined && soon < toMillis(due.at) ? toInstant(soon) : due.at);
  return end;
}

/** @returns undefined if HR or Workfront cannot be asked now: trouble delays a sighting, and nothing else */
async function sight(entry: Termination, desk: Desk): Promise<Sighting | undefined> {
  if (!desk.maySight()) return undefined;
  try {
    await stopIfInTrouble(desk);
    if (!(await isOurCustomer(desk))) return undefined;
    const keys = matchKeys(await askWho(entry, desk), matchKeyRules(entry.source, desk.policy));
    const { users } = await within(SIGHTED_WITHIN, resolveLeaver(keys, desk.directory));
    return sightingOf(users, desk);
  } catch (failure) {
    if (isMistake(failure)) throw failure;
    return undefined;
  }
}

/** A person approves before the date, so that the user loses access on time. */
function awaitsApproval(entry: LedgerEntry, { policy }: Desk) {
  if (!policy.approval && !rulesOf(entry.source, policy).approval) return undefined;
  const [user, ...more] = entry.sighted?.users ?? [];
  if (user === undefined || more.length > 0) return undefined;

  const of = `user ${user.userId}`;
  if (entry.released.some((release) => release.guard === APPROVAL && release.of === of)) return undefined;
  const saw = `a person must approve each leaver; ${of} loses access at ${entry.effectiveAt}`;
  return { guard: APPROVAL, saw, releasing: 'approves: the user loses access at the effective time', of };
}
