import type { EventRef } from '../event/leaver-message.ts';
import { isTermination, type Termination } from '../event/termination.ts';
import { Contended } from '../failures.ts';
import { passCircuit, reportSuccess, stopIfInTrouble, stopIfOpen, stopIfPaused } from '../stage/gate.ts';
import { backOffSeconds } from '../time/back-off.ts';
import { toInstant, toMillis } from '../time/time.ts';
import { type AccessRecord, begunAgain, isFollowedUp, isInWork, isOutdated, newAccess, type StoredAccess } from './access-record.ts';
import { type ConsoleDesk, type Memberships, MOST_NAMES, type NamedAccess, type Removal } from './admin-console.ts';
import { claimCalls } from './calls-left.ts';
import { AGAIN_AFTER, readAccess, writeAccess } from './open-access.ts';
import { type AccessEnd, CONSOLE_CIRCUIT, IN_TROUBLE, recoverAccess, settle, waitFor } from './wait-for-console.ts';
import { whoseAccess } from './whose-access.ts';

/**
 * Takes a leaver's profiles and user groups away in the Admin Console, after the event has its outcome. Every turn does the same: read
 * what is left, end if that is nothing, else remove it and read again later. So a turn may break off anywhere and be repeated.
 *
 * @throws only what is no decision of ours: the ledger cannot be reached, or a mistake in the code
 */
export async function removeAccess(ref: EventRef, desk: ConsoleDesk): Promise<AccessEnd> {
  try {
    const entry = await desk.ledger.readEntry(ref);
    if (entry === undefined || !isTermination(entry)) return nothing('the ledger has no such termination');
    const known = await readAccess(ref, desk.ledger);
    const isNew = known === undefined || isOutdated(known.value, entry);
    if (isNew && !isFollowedUp(entry)) return nothing(`nothing is removed after ${entry.status}`);
    if (!isNew && !isInWork(known.value)) return nothing(`settled before: ${known.value.status}`);
    if (!isNew && isTooEarly(known.value, desk.clock())) return nothing(`${known.value.status}; it is looked at again in a day`);
    // Written before anything is tried, so that a follow-up that breaks off is found.
    const begun = newAccess(entry, desk.clock(), known?.value);
    const stored = isNew ? await writeAccess({ value: begun, version: known?.version ?? 0 }, desk.ledger) : known;
    return await advance(entry, stored, desk).catch(async (failure: unknown) =>
      recoverAccess((await readAccess(ref, desk.ledger)) ?? stored, failure, desk),
    );
  } catch (failure) {
    if (!(failure instanceof Contended)) throw failure;
    return { kind: 'wait', code: 'contended', seconds: backOffSeconds(2, desk.random()) };
  }
}

/** A message that came twice is no second look: a sync has not run since. */
const isTooEarly = ({ lookAgainAt }: AccessRecord, now: number): boolean => lookAgainAt !== undefined && toMillis(lookAgainAt) > now;

const nothing = (why: string): AccessEnd => ({ kind: 'nothing-to-do', why });

/** A directory sync manages what is there again after so many removals. */
const MOST_REMOVALS = 3;
/** Adobe may show a membership for some seconds after it was removed: an assumption, no page says how long. */
const READ_AGAIN_SECONDS = 5;

async function advance(entry: Termination, stored: StoredAccess, desk: ConsoleDesk): Promise<AccessEnd> {
  const { value: record } = stored;
  const isSecondLook = record.status !== 'waiting';
  await stopIfPaused(desk);
  await stopIfInTrouble(desk);
  await stopIfOpen(CONSOLE_CIRCUIT, IN_TROUBLE, desk);
  await claimCalls({ reads: 2, actions: isSecondLook ? 0 : 1 }, desk);
  const whose = await whoseAccess(entry, record, desk);
  if (whose.kind === 'doubt') {
    // What was removed stays removed: whoever is back gets what they need from whoever brought them back.
    if (isSecondLook) return settle(stored, { to: record.status, why: `not looked at again: ${whose.saw}` }, desk);
    return settle(stored, { to: 'held', code: whose.code, why: `${whose.saw}; nothing more is removed` }, desk);
  }
  const health = await passCircuit(CONSOLE_CIRCUIT, IN_TROUBLE, desk);
  const end = await askConsole(whose.address, { stored, isSecondLook }, desk);
  if (health === 'doubtful') await reportSuccess(desk, CONSOLE_CIRCUIT);
  return end;
}

async function askConsole(
  address: string,
  { stored, isSecondLook }: { stored: StoredAccess; isSecondLook: boolean },
  desk: ConsoleDesk,
): Promise<AccessEnd> {
  const { value: record } = stored;
  const { testOnly, refused, oneByOne } = record;
  const has = await desk.adminConsole.memberships(address);
  if (has === undefined) return gone(stored, { isKnown: false, isSecondLook }, desk);
  const left = leftOf(has, desk.named);
  if (left.all.length === 0) return gone(stored, { isKnown: true, isSecondLook }, desk);
  if (record.status === 'removed')
    return settle(stored, { to: 'held', code: 'added-again', why: `has ${list(left.all)} again; ${SYNC}` }, desk);
  if (isSecondLook) {
    const begun = begunAgain(record, { why: `read again after a day: has ${list(left.all)} by now`, now: desk.clock() });
    return lookSoon({ ...stored, value: begun }, desk);
  }
  if (isTriedEnough(record, desk.named)) return settle(stored, { to: 'held', code: 'not-gone', why: notGone(record, left.all) }, desk);
  const open = left.direct.filter((name) => refused[name] === undefined);
  if (open.length === 0) return settle(stored, { to: 'held', ...elsewhere(left, refused) }, desk);

  const names = open.slice(0, oneByOne ? 1 : MOST_NAMES);
  const asked = [...new Set([...record.asked, ...names])];
  const noted = testOnly ? stored : await writeAccess({ ...stored, value: { ...record, asked } }, desk.ledger);
  const removal = await desk.adminConsole.remove({ user: has.user, names, testOnly });
  return afterRemoval(removal, { names, stored: noted }, desk);
}

/** What the stage names and the person still has; groups first, because a profile may come through one of them. */
function leftOf({ direct, all }: Memberships, { groups, profiles }: NamedAccess): { direct: string[]; all: string[] } {
  const among = (names: readonly string[]) => [...groups, ...profiles].filter((name) => names.includes(name));
  return { direct: among(direct), all: among([...direct, ...all]) };
}

/** Each name may be there again a few times. */
function isTriedEnough({ removals, oneByOne }: AccessRecord, { groups, profiles }: NamedAccess): boolean {
  return removals >= MOST_REMOVALS * Math.ceil((groups.length + profiles.length) / (oneByOne ? 1 : MOST_NAMES));
}

function notGone({ asked }: AccessRecord, names: readonly string[]): string {
  if (asked.length > 0) return `still has ${list(names)} after several removals; ${SYNC}`;
  return `still has ${list(names)}, and the Console says that there is no such user; look at the user in the Console, then retry`;
}

async function gone(
  stored: StoredAccess,
  { isKnown, isSecondLook }: { isKnown: boolean; isSecondLook: boolean },
  desk: ConsoleDesk,
): Promise<AccessEnd> {
  const { asked, testOnly } = stored.value;
  const saw = isKnown ? '' : '; the Console shows no such user: never there, removed, or disabled';
  const [to, why, still] =
    asked.length === 0
      ? (['nothing-to-remove', 'has nothing that the stage names', 'still nothing that the stage names'] as const)
      : (['removed', `${list(asked)} removed; gone when read again`, 'still gone'] as const);
  if (isSecondLook) return settle(stored, { to, why: `read again after a day: ${still}${saw}` }, desk);
  const lookAgainAt = testOnly ? undefined : toInstant(desk.clock() + AGAIN_AFTER);
  return settle(stored, { to, why: `${why}${saw}`, ...(lookAgainAt && { lookAgainAt }) }, desk);
}

/** Why what is left can be removed only in another place. */
function elsewhere(left: { all: string[] }, refused: StoredAccess['value']['refused']): { code: string; why: string } {
  const [first] = left.all.flatMap((name) => (refused[name] === undefined ? [] : [{ name, ...refused[name] }]));
  if (first !== undefined) return { code: first.code, why: `still has ${list(left.all)}; ${first.name}: ${first.saw}` };
  const saw = 'through a user group that the stage does not name; remove the person from that group, or name it in adminConsole.groups';
  return { code: 'through-group', why: `has ${list(left.all)} ${saw}` };
}

async function afterRemoval(
  removal: Removal,
  { names, stored }: { names: readonly string[]; stored: StoredAccess },
  desk: ConsoleDesk,
): Promise<AccessEnd> {
  const { value: record, version } = stored;
  switch (removal.kind) {
    case 'accepted': {
      if (record.testOnly) return settle(stored, { to: 'would-remove', why: `dry run: ${list(names)} would be removed` }, desk);
      return lookSoon({ value: { ...record, removals: record.removals + 1 }, version }, desk);
    }
    case 'nobody':
      // It was just shown with a membership: only reading again tells whether there is nothing left.
      return lookSoon(
        { value: { ...record, asked: record.asked.filter((name) => !names.includes(name)), removals: record.removals + 1 }, version },
        desk,
      );
    case 'elsewhere': {
      const { code, saw } = removal;
      const alone = Object.fromEntries(names.map((name) => [name, { code, saw }]));
      const next = names.length > 1 ? { oneByOne: true as const } : { refused: { ...record.refused, ...alone } };
      return lookSoon({ value: { ...record, ...next }, version }, desk);
    }
  }
}

/** Not trouble: the next turn reads what is left. */
async function lookSoon({ value, version }: StoredAccess, desk: ConsoleDesk): Promise<AccessEnd> {
  const { waiting: _waiting, ...fresh } = value;
  const saw = 'the Console is read again in a moment';
  return waitFor({ value: fresh, version }, { code: 'reads-again', saw, retryAfterSeconds: READ_AGAIN_SECONDS }, desk);
}

const SYNC = 'a directory sync may manage it: remove the person from the synced group in the identity provider, then retry';

const list = (names: readonly string[]): string => names.join(', ');
