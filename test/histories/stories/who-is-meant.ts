import { DAY, HOUR, MINUTE, SECOND } from '../world/scenario.ts';
import type { Story } from './ordinary.ts';
import {
  anAccount,
  anAttribute,
  aPerson,
  comes,
  comesBack,
  days,
  ends,
  fieldsFor,
  filled,
  gives,
  happens,
  lastDayOf,
  leaves,
  type Plot,
  records,
  tells,
} from './plot.ts';
import { aSystem, clearSystem } from './setting.ts';

/** The leaver's address is somebody else's by the time the event comes. */
function addressReused(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  const account = anAccount(plot, cast);
  leaves(cast, plot.at);
  const fact = records(plot, cast, { at: plot.at, endsAt: plot.at });
  const how = plot.throws.pick(['quarantined', 'late', 'trouble'] as const);
  const at = plot.at + (how === 'trouble' ? days(plot, 1, 2) : days(plot, 12, 40));
  const next = aPerson(plot, { system: clearSystem(plot), hiredAt: at });
  gives(cast.address, { to: next.person, at });
  happens(plot, { at, do: 'fill', account: account.id, fields: { emailAddr: undefined } });
  happens(plot, { at, do: 'close', account: account.id });
  anAccount(plot, { ...next, address: cast.address }, { madeAt: at + HOUR });
  const late = at + days(plot, 1, 3);
  if (how === 'trouble') happens(plot, { at: plot.at - HOUR, do: 'trouble', mode: 'credentials', millis: late - plot.at, accounts: [] });
  tells(plot, fact, {
    carries: [cast.address],
    says: 'ends',
    timed: how === 'late' ? true : plot.throws.chance(0.5),
    at: how === 'trouble' ? plot.at + SECOND : late,
    ...(how === 'quarantined' && { receivedAt: plot.at + SECOND }),
  });
}

/** The account is handed over to a colleague during the notice; the number in it stays the leaver's. */
function handedOver(plot: Plot): void {
  const [cast, next] = [aPerson(plot, { system: clearSystem(plot) }), aPerson(plot, { system: clearSystem(plot) })];
  const account = anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 30, 90));
  leaves(cast, last.endsAt);
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { carries: [cast.number], effective: last.effective, says: 'ends' });
  const at = last.endsAt - days(plot, 1, 20);
  happens(plot, {
    at,
    do: 'hand-over',
    account: account.id,
    to: next.person.id,
    fields: fieldsFor(plot, next, ['emailAddr', 'firstName', 'lastName']),
  });
}

/** Two companies with a number 10042 each. */
function equalNumbers(plot: Plot): void {
  const [one, other] = [clearSystem(plot), aSystem(plot, { carries: ['number'] })];
  const stays = aPerson(plot, { system: one });
  anAccount(plot, stays);
  const cast = aPerson(plot, { system: other });
  const number = anAttribute(plot, { kind: 'number', text: plot.texts[stays.number.id] ?? '', issuer: other.id, owner: cast.person });
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at, system: other }), { carries: [number] });
}

/** Between hold and release the address goes to a new hire. */
function movesBeforeTheRelease(plot: Plot): void {
  const operator = { how: 'releases', looksAfter: HOUR, late: 4 * HOUR } as const;
  const cast = aPerson(plot, { system: clearSystem(plot), operator });
  const account = anAccount(plot, cast, { fill: ['emailAddr'] });
  const nick = anAttribute(plot, { kind: 'given', text: 'Beatrix', owner: cast.person });
  const married = anAttribute(plot, { kind: 'family', text: 'Other', owner: cast.person });
  Object.assign(account.fields, { firstName: filled(plot, nick), lastName: filled(plot, married) });
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), {
    carries: [cast.address, cast.given, cast.family],
    says: 'ends',
    at: plot.at + SECOND,
  });
  const at = plot.at + 2 * HOUR;
  const next = aPerson(plot, { system: clearSystem(plot), hiredAt: plot.at - 5 * DAY });
  gives(cast.address, { to: next.person, at });
  happens(plot, { at, do: 'fill', account: account.id, fields: { emailAddr: undefined } });
  anAccount(plot, { ...next, address: cast.address }, { madeAt: at, fill: ['emailAddr', 'firstName', 'lastName'] });
}

/** Employed at two companies: the second says that they stay, and once more after an operator has looked at the first one's termination. */
function saidAgainBeforeTheRelease(plot: Plot): void {
  const [one, other] = [clearSystem(plot), aSystem(plot, { times: 'milliseconds' })];
  const cast = aPerson(plot, { system: one, operator: { how: 'releases', looksAfter: HOUR, late: 4 * HOUR } });
  anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 5, 12));
  tells(plot, records(plot, cast, { at: plot.at, ...last, system: one }), {
    carries: [cast.address, cast.number],
    effective: last.effective,
    says: 'ends',
  });
  for (const at of [plot.at + days(plot, 1, 4), last.endsAt + 3 * HOUR])
    tells(plot, records(plot, cast, { at, system: other }), { carries: [cast.address], at: at + SECOND });
}

/** Gone, back, at work; and the first delivery is sent once more when the ledger has forgotten it. */
function againAYearLater(plot: Plot): void {
  const remember = plot.throws.pick([60, 400]);
  plot.rules = { ...plot.rules, rememberDays: remember };
  const cast = aPerson(plot, { system: clearSystem(plot) });
  const account = anAccount(plot, cast);
  const carries = [cast.address, cast.number];
  leaves(cast, plot.at);
  const delivery = tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries, says: 'ends', at: plot.at + SECOND });
  const back = plot.at + days(plot, 20, 50);
  comesBack(cast, back);
  if (plot.throws.chance(0.4)) tells(plot, records(plot, cast, { at: back }), { carries });
  happens(plot, { at: back, do: 'open', account: account.id });
  const again = plot.at + days(plot, remember + 52, remember + 80);
  happens(plot, { at: again - DAY, do: 'log-in', account: account.id });
  comes(plot, delivery, { at: again });
}

/** The company gets a new mail domain during a notice. */
function newDomain(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  const account = anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 30, 90));
  leaves(cast, last.endsAt);
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { carries: [cast.address], effective: last.effective, says: 'ends' });
  const at = last.endsAt - days(plot, 2, 20);
  ends(cast.address, at);
  const address = anAttribute(plot, { kind: 'address', text: `${cast.person.id}@new.test`, owner: cast.person, from: at });
  happens(plot, { at, do: 'fill', account: account.id, fields: { emailAddr: filled(plot, address) } });
}

/** Two accounts: one has address and number, the other the number alone. */
function secondAccount(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast, { fill: ['emailAddr', 'extRefID'] });
  anAccount(plot, cast, { fill: ['extRefID'] });
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address, cast.number], says: 'ends' });
}

/** Two contractors share a mailbox; each leaves on a day of their own. */
function sharedMailbox(plot: Plot): void {
  const system = clearSystem(plot);
  const [one, other] = [aPerson(plot, { system }), aPerson(plot, { system })];
  gives(one.address, { to: other.person, at: 0, shared: true });
  anAccount(plot, one, { fill: ['emailAddr'] });
  const [first, second] = [lastDayOf(plot, plot.at + days(plot, 12, 20)), lastDayOf(plot, plot.at + days(plot, 40, 60))];
  leaves(one, first.endsAt);
  leaves(other, second.endsAt);
  const named = plot.throws.chance(0.5);
  tells(plot, records(plot, one, { at: plot.at, ...first }), {
    carries: named ? [one.address, one.given, one.family] : [one.address, one.number],
    effective: first.effective,
    says: 'ends',
  });
  tells(plot, records(plot, other, { at: plot.at + days(plot, 1, 5), ...second }), {
    carries: named ? [one.address, other.given, other.family] : [one.address, other.number],
    effective: second.effective,
    says: 'ends',
  });
}

/** The former owner's termination waits for a person, and a new hire with the same address is activated. */
function newHireActivated(plot: Plot): void {
  const system = clearSystem(plot);
  const cast = aPerson(plot, { system, operator: { how: 'never' } });
  const account = anAccount(plot, cast, { isAdmin: true });
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), {
    carries: [cast.address, cast.number],
    says: 'ends',
    at: plot.at + SECOND,
  });
  const at = plot.at + days(plot, 1, 9);
  const next = aPerson(plot, { system, hiredAt: at });
  gives(cast.address, { to: next.person, at });
  happens(plot, { at: at + HOUR, do: 'fill', account: account.id, fields: { emailAddr: undefined } });
  tells(plot, records(plot, next, { at }), { carries: [cast.address, next.number], at: at + MINUTE });
}

export const WHO_IS_MEANT: readonly Story[] = [
  { name: 'address used again, event late', weight: 5, tell: addressReused },
  { name: 'account handed over', weight: 3, tell: handedOver },
  { name: 'equal numbers', weight: 3, tell: equalNumbers },
  { name: 'address moves before the release', weight: 3, tell: movesBeforeTheRelease },
  { name: 'said again before the release', weight: 3, tell: saidAgainBeforeTheRelease },
  { name: 'delivered again a year later', weight: 4, tell: againAYearLater },
  { name: 'new mail domain', weight: 3, tell: newDomain },
  { name: 'second account', weight: 3, tell: secondAccount },
  { name: 'shared mailbox', weight: 4, tell: sharedMailbox },
  { name: 'new hire activated', weight: 3, tell: newHireActivated },
];
