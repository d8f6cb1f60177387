import { DAY, HOUR, MINUTE, SECOND } from '../world/scenario.ts';
import type { Story } from './ordinary.ts';
import {
  anAccount,
  anAttribute,
  aPerson,
  type Cast,
  comes,
  comesBack,
  days,
  ends,
  filled,
  happens,
  lastDayOf,
  leaves,
  type Plot,
  records,
  tells,
} from './plot.ts';
import { aSystem, clearSystem, namelessSystem } from './setting.ts';

/** HR says by one key that somebody leaves, and by another that they stay, or leave on another day. */
function byAnotherKey(plot: Plot): void {
  const { throws } = plot;
  const how = throws.pick(['number, then address', 'address, then number', 'address changed', 'zero lost', 'source renamed'] as const);
  const system = how === 'source renamed' ? aSystem(plot, { times: 'milliseconds' }) : clearSystem(plot);
  const cast = aPerson(plot, { system });
  const account = anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 12, 80));
  const first = how === 'address, then number' || how === 'address changed' ? [cast.address] : [cast.number];
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { carries: first, effective: last.effective, says: 'ends' });

  const again = plot.at + DAY + throws.int(8 * DAY);
  if (how === 'source renamed') happens(plot, { at: again - HOUR, do: 'rename-source', system: system.id, source: 'renamed-hr' });
  const second = how === 'address changed' ? [newAddress(plot, cast, { at: again - HOUR, account: account.id })] : otherKey(cast, how);
  const later = throws.chance(0.3) ? lastDayOf(plot, last.endsAt + days(plot, 10, 30)) : undefined;
  if (later !== undefined) leaves(cast, later.endsAt);
  tells(plot, records(plot, cast, { at: again, ...later }), {
    carries: second,
    ...(later !== undefined && { effective: later.effective }),
    ...(how === 'zero lost' && { spelled: (text: string) => `00${text}` }),
  });
  if (throws.chance(0.15)) happens(plot, { at: last.endsAt - 2 * DAY, do: 'trouble', mode: 'outage', millis: 3 * DAY, accounts: [] });
}

/** Gone at once by one key, and withdrawn by another before anybody could act: nothing was looked up while there was time. */
function byAnotherKeyAtOnce(plot: Plot): void {
  const cast = aPerson(plot, { system: aSystem(plot, { times: 'milliseconds' }) });
  anAccount(plot, cast);
  const [told, other] = plot.throws.chance(0.5) ? [cast.number, cast.address] : [cast.address, cast.number];
  const isLate = plot.throws.chance(0.5);
  if (!isLate) happens(plot, { at: plot.at - HOUR, do: 'trouble', mode: 'outage', millis: 4 * HOUR, accounts: [] });
  const at = plot.at + (isLate ? 2 * HOUR : SECOND);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [told], says: 'ends', at });
  tells(plot, records(plot, cast, { at: plot.at + HOUR }), { carries: [other], at: plot.at + HOUR + SECOND });
}

const otherKey = ({ address, number }: Cast, how: string) => (how === 'number, then address' ? [address] : [number]);

function newAddress(plot: Plot, cast: Cast, { at, account }: { at: number; account: string }) {
  ends(cast.address, at);
  const address = anAttribute(plot, { kind: 'address', text: `moved-${cast.person.id}@acme.test`, owner: cast.person, from: at });
  happens(plot, { at, do: 'fill', account, fields: { emailAddr: filled(plot, address) } });
  return address;
}

/** What is known of the person expires while the termination waits for its day. */
function afterTheRecordExpired(plot: Plot): void {
  plot.rules = { ...plot.rules, rememberDays: 35 };
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 75, 110));
  const carries = [cast.address, cast.number];
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { carries, effective: last.effective, says: 'ends' });
  tells(plot, records(plot, cast, { at: plot.at + days(plot, 40, 70) }), { carries });
}

/** The termination lies in quarantine until what is known of the rescission has expired. */
function quarantined(plot: Plot): void {
  plot.rules = { ...plot.rules, rememberDays: 35 };
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast);
  const carries = [cast.address, cast.number];
  const fact = records(plot, cast, { at: plot.at, endsAt: plot.at });
  tells(plot, fact, { carries, says: 'ends', at: plot.at + days(plot, 25, 34), receivedAt: plot.at + SECOND });
  tells(plot, records(plot, cast, { at: plot.at + HOUR }), { carries });
}

/** Terminated and withdrawn twice within days, both times in equal words. */
function twiceInEqualWords(plot: Plot): void {
  const cast = aPerson(plot, { system: namelessSystem(plot) });
  anAccount(plot, cast);
  const [first, second] = [lastDayOf(plot, plot.at + days(plot, 12, 30)), lastDayOf(plot, plot.at + days(plot, 32, 60))];
  tells(plot, records(plot, cast, { at: plot.at, ...first }), { effective: first.effective, at: plot.at + SECOND });
  tells(plot, records(plot, cast, { at: plot.at + DAY }), { at: plot.at + DAY + SECOND });
  tells(plot, records(plot, cast, { at: plot.at + 2 * DAY, ...second }), { effective: second.effective, at: plot.at + 2 * DAY + SECOND });
  tells(plot, records(plot, cast, { at: plot.at + 3 * DAY }), { at: plot.at + 3 * DAY + SECOND });
}

/** A rescission without a time comes again, after a second termination that it is not about. */
function rescissionComesAgain(plot: Plot): void {
  const cast = aPerson(plot, { system: namelessSystem(plot) });
  anAccount(plot, cast);
  const [first, second] = [lastDayOf(plot, plot.at + days(plot, 12, 30)), lastDayOf(plot, plot.at + days(plot, 32, 60))];
  tells(plot, records(plot, cast, { at: plot.at, ...first }), { effective: first.effective, at: plot.at + SECOND });
  const rescission = tells(plot, records(plot, cast, { at: plot.at + DAY }), { at: plot.at + DAY + SECOND });
  tells(plot, records(plot, cast, { at: plot.at + 2 * DAY, ...second }), { effective: second.effective, at: plot.at + 2 * DAY + SECOND });
  comes(plot, rescission, { at: plot.at + (plot.throws.chance(0.5) ? 3 * DAY : days(plot, 9, 11)) });
  leaves(cast, second.endsAt);
}

/** Deactivated, withdrawn, at work again, and terminated once more in equal words. */
function leavesAgain(plot: Plot): void {
  const cast = aPerson(plot, { system: namelessSystem(plot), operator: { how: 'rightly', looksAfter: HOUR, late: 0 } });
  const account = anAccount(plot, cast);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { at: plot.at + SECOND });
  tells(plot, records(plot, cast, { at: plot.at + 6 * HOUR }), { at: plot.at + 6 * HOUR + SECOND });
  happens(plot, { at: plot.at + 10 * HOUR, do: 'open', account: account.id });
  const again = plot.at + days(plot, 1, 6);
  leaves(cast, again);
  tells(plot, records(plot, cast, { at: again, endsAt: again }), { at: again + SECOND });
}

/** The last day is brought forward and done, the person comes back, and the first, older termination comes due. */
function broughtForwardAndBack(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  const account = anAccount(plot, cast);
  const carries = [cast.address, cast.number];
  const first = lastDayOf(plot, plot.at + days(plot, 120, 150));
  const second = lastDayOf(plot, plot.at + days(plot, 40, 60));
  tells(plot, records(plot, cast, { at: plot.at, ...first }), { carries, effective: first.effective, says: 'ends' });
  const at = plot.at + days(plot, 5, 20);
  tells(plot, records(plot, cast, { at, ...second }), { carries, effective: second.effective, says: 'ends' });
  leaves(cast, second.endsAt);
  const back = second.endsAt + days(plot, 20, 40);
  comesBack(cast, back);
  happens(plot, { at: back, do: 'open', account: account.id });
  happens(plot, { at: back + DAY, do: 'log-in', account: account.id });
}

/** A time of HR's own against none: the rescission says 12:00, the termination that it withdraws came at 12:00:05 and says nothing. */
function timesOfTwoKinds(plot: Plot): void {
  const cast = aPerson(plot, { system: aSystem(plot, { times: 'sometimes' }) });
  anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 12, 40));
  const fact = records(plot, cast, { at: plot.at - MINUTE, ...last });
  tells(plot, fact, { effective: last.effective, timed: false, at: plot.at + 5 * SECOND });
  tells(plot, records(plot, cast, { at: plot.at }), { timed: true, at: plot.at + 10 * MINUTE });
}

/** Times of a whole minute or day: a rescission, and a new termination of the same minute. */
function inOneMinute(plot: Plot): void {
  const cast = aPerson(plot, { system: aSystem(plot, { times: plot.throws.pick(['minutes', 'days'] as const) }) });
  anAccount(plot, cast);
  const minute = Math.floor(plot.at / MINUTE) * MINUTE;
  const [first, second] = [lastDayOf(plot, minute + days(plot, 20, 30)), lastDayOf(plot, minute + days(plot, 12, 18))];
  tells(plot, records(plot, cast, { at: minute - DAY, ...first }), { effective: first.effective });
  tells(plot, records(plot, cast, { at: minute + 10 * SECOND }), { at: minute + 12 * SECOND });
  tells(plot, records(plot, cast, { at: minute + 30 * SECOND, ...second }), { effective: second.effective, at: minute + 32 * SECOND });
  leaves(cast, second.endsAt);
}

/** A termination without a time that comes, for the first time or once more, after it was withdrawn. */
function terminationComesLate(plot: Plot): void {
  const cast = aPerson(plot, { system: namelessSystem(plot) });
  anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 12, 40));
  const withdrawnAt = plot.at + plot.throws.pick([20 * SECOND, HOUR, DAY]);
  const late = withdrawnAt + MINUTE + days(plot, 0, 6);
  const isFirst = plot.throws.chance(0.5);
  const termination = tells(plot, records(plot, cast, { at: plot.at, ...last }), {
    effective: last.effective,
    at: isFirst ? late : plot.at + SECOND,
  });
  tells(plot, records(plot, cast, { at: withdrawnAt }), { at: withdrawnAt + SECOND });
  if (!isFirst) comes(plot, termination, { at: late });
}

/** A stage is paused just when a worker is about to write, and HR withdraws the termination. */
function pausedAtTheWrite(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot), operator: { how: 'never' } });
  anAccount(plot, cast);
  const carries = [cast.address];
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries, says: 'ends', at: plot.at + SECOND });
  happens(plot, { at: plot.at + SECOND + plot.throws.int(4 * SECOND), do: 'pause', millis: 14 * DAY });
  tells(plot, records(plot, cast, { at: plot.at + HOUR }), { carries, at: plot.at + HOUR + SECOND });
}

export const WITHDRAWN: readonly Story[] = [
  { name: 'withdrawn by another key', weight: 8, tell: byAnotherKey },
  { name: 'withdrawn by another key at once', weight: 3, tell: byAnotherKeyAtOnce },
  { name: 'withdrawn after the record expired', weight: 3, tell: afterTheRecordExpired },
  { name: 'quarantined until the rescission expired', weight: 2, tell: quarantined },
  { name: 'withdrawn twice in equal words', weight: 3, tell: twiceInEqualWords },
  { name: 'a rescission comes again', weight: 3, tell: rescissionComesAgain },
  { name: 'a termination comes late', weight: 3, tell: terminationComesLate },
  { name: 'leaves again in equal words', weight: 3, tell: leavesAgain },
  { name: 'brought forward and back', weight: 3, tell: broughtForwardAndBack },
  { name: 'times of two kinds', weight: 3, tell: timesOfTwoKinds },
  { name: 'in one minute', weight: 3, tell: inOneMinute },
  { name: 'paused at the write', weight: 3, tell: pausedAtTheWrite },
];
