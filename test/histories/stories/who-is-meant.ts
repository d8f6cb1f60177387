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
function onceMoreBeforeTheRelease(plot: Plot): void {
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

/** The leaver's own account is closed; then their address is put into a colleague's account by mistake, and the identity provider names them by it. */
function toldAgainByAnAddress(plot: Plot): void {
  const [system, provider] = [clearSystem(plot), aSystem(plot, { kind: 'identity-provider', carries: ['address'] })];
  const [cast, colleague] = [aPerson(plot, { system }), aPerson(plot, { system })];
  anAccount(plot, cast, { fill: ['extRefID', 'firstName', 'lastName'] });
  const wrong = anAccount(plot, colleague, { fill: ['extRefID'] });
  leaves(cast, plot.at);
  const carries = [cast.address, cast.number, cast.given, cast.family];
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at, system }), { carries, says: 'ends', at: plot.at + SECOND });
  const at = plot.at + days(plot, 3, 6);
  happens(plot, { at: at - HOUR, do: 'fill', account: wrong.id, fields: { emailAddr: filled(plot, cast.address) } });
  tells(plot, records(plot, cast, { at, endsAt: plot.at, system: provider }), { carries: [cast.address], says: 'ends', at: at + SECOND });
}

/** Gone, back without a word of HR's, and gone again; HR writes the number with zeros this time, and no search finds it. */
function numberWithZeros(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  const account = anAccount(plot, cast);
  leaves(cast, plot.at);
  const carries = [cast.number];
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries, says: 'ends', at: plot.at + SECOND });
  const back = plot.at + days(plot, 8, 30);
  comesBack(cast, back);
  happens(plot, { at: back, do: 'open', account: account.id });
  const again = back + days(plot, 8, 30);
  leaves(cast, again);
  const spelled = (text: string) => `00${text}`;
  tells(plot, records(plot, cast, { at: again, endsAt: again }), { carries, says: 'ends', at: again + SECOND, spelled });
}

/** The last day is brought forward, with the number written in another way; the person comes back, and the first termination comes due. */
function forwardWithZerosAndBack(plot: Plot): void {
  plot.rules = { ...plot.rules, rememberDays: plot.throws.pick([35, 400]) };
  const cast = aPerson(plot, { system: clearSystem(plot), operator: { how: 'rightly', looksAfter: HOUR, late: 0 } });
  const account = anAccount(plot, cast);
  const carries = [cast.number];
  const [first, second] = [lastDayOf(plot, plot.at + days(plot, 120, 150)), lastDayOf(plot, plot.at + days(plot, 40, 60))];
  tells(plot, records(plot, cast, { at: plot.at, ...first }), { carries, effective: first.effective, says: 'ends', at: plot.at + SECOND });
  const at = plot.at + days(plot, 5, 20);
  const spelled = (text: string) => `00${text}`;
  tells(plot, records(plot, cast, { at, ...second }), { carries, effective: second.effective, says: 'ends', at: at + SECOND, spelled });
  leaves(cast, second.endsAt);
  const back = second.endsAt + days(plot, 20, 40);
  comesBack(cast, back);
  happens(plot, { at: back, do: 'open', account: account.id });
  happens(plot, { at: back + DAY, do: 'log-in', account: account.id });
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
  { name: 'once more before the release', weight: 3, tell: onceMoreBeforeTheRelease },
  { name: 'delivered again a year later', weight: 4, tell: againAYearLater },
  { name: 'new mail domain', weight: 3, tell: newDomain },
  { name: 'told again by an address', weight: 2, tell: toldAgainByAnAddress, alone: true },
  { name: 'a number with zeros', weight: 2, tell: numberWithZeros, alone: true },
  { name: 'brought forward with zeros, and back', weight: 2, tell: forwardWithZerosAndBack, alone: true },
  { name: 'second account', weight: 3, tell: secondAccount },
  { name: 'shared mailbox', weight: 4, tell: sharedMailbox },
  { name: 'new hire activated', weight: 3, tell: newHireActivated },
];
