import { DAY, HOUR, MINUTE, SECOND } from '../world/scenario.ts';
import type { Story } from './ordinary.ts';
import {
  anAccount,
  anAttribute,
  aPerson,
  comes,
  comesBack,
  days,
  filled,
  gives,
  happens,
  lastDayOf,
  leaves,
  type Plot,
  records,
  tells,
} from './plot.ts';
import { aSystem, clearSystem, namelessSystem } from './setting.ts';

/** HR withdraws the termination in the very seconds in which it is done. */
function atTheLastMoment(plot: Plot): void {
  const cast = aPerson(plot, { system: aSystem(plot, { times: 'milliseconds' }) });
  anAccount(plot, cast);
  const last = plot.throws.chance(0.5) ? lastDayOf(plot, plot.at + days(plot, 3, 9)) : undefined;
  const due = last?.endsAt ?? plot.at;
  tells(plot, records(plot, cast, { at: plot.at, endsAt: due, ...last }), {
    at: plot.at + 100,
    ...(last && { effective: last.effective }),
  });
  const at = due + plot.throws.int(4 * SECOND);
  tells(plot, records(plot, cast, { at }), { at: at + 100 });
}

/** Only a look-up shows that HR withdrew it, or has another day. */
function correctedInSilence(plot: Plot): void {
  const system = aSystem(plot, { carries: ['hr-id', 'address', 'number'], canBeAsked: true, times: 'milliseconds' });
  const cast = aPerson(plot, { system });
  anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 10, 40));
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { effective: last.effective });
  const at = plot.at + days(plot, 2, 8);
  if (plot.throws.chance(0.5)) {
    records(plot, cast, { at });
    return;
  }
  const later = lastDayOf(plot, last.endsAt + days(plot, 5, 20));
  leaves(cast, later.endsAt);
  records(plot, cast, { at, ...later });
}

/** The address in the event is a mailbox that a colleague uses too; the leaver has no account. */
function colleagueWithTheAddress(plot: Plot): void {
  const system = clearSystem(plot);
  const [cast, colleague] = [aPerson(plot, { system }), aPerson(plot, { system })];
  gives(cast.address, { to: colleague.person, at: 0, shared: true });
  const account = anAccount(plot, colleague, { fill: ['extRefID', 'firstName', 'lastName'] });
  account.fields.emailAddr = filled(plot, cast.address);
  leaves(cast, plot.at);
  const carries = plot.throws.chance(0.5) ? [cast.address, cast.given, cast.family] : [cast.address, cast.number];
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries, says: 'ends' });
}

/** The leaver's address stands in a colleague's account by mistake; their own account has the number. */
function twoAccounts(plot: Plot): void {
  const system = clearSystem(plot);
  const [cast, colleague] = [aPerson(plot, { system }), aPerson(plot, { system })];
  const wrong = anAccount(plot, colleague, { fill: [] });
  wrong.fields.emailAddr = filled(plot, cast.address);
  anAccount(plot, cast, { fill: ['extRefID'] });
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address, cast.number], says: 'ends' });
}

/** The leaver's own account was closed by hand; their address stands by mistake in a colleague's, which says nothing else of anybody. */
function ownAccountClosed(plot: Plot): void {
  const system = clearSystem(plot);
  const [cast, colleague] = [aPerson(plot, { system }), aPerson(plot, { system })];
  anAccount(plot, cast, { fill: ['extRefID'], isActive: false });
  const wrong = anAccount(plot, colleague, { fill: [] });
  wrong.fields.emailAddr = filled(plot, cast.address);
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address, cast.number], says: 'ends' });
}

/** Two accounts with one address. */
function twins(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast, { fill: ['emailAddr'] });
  anAccount(plot, cast, { fill: ['emailAddr'] });
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address], says: 'ends' });
}

/** A dated termination comes once more when the ledger has forgotten it and the person is back. */
function datedAgain(plot: Plot): void {
  plot.rules = { ...plot.rules, rememberDays: 60 };
  const cast = aPerson(plot, { system: clearSystem(plot) });
  const account = anAccount(plot, cast);
  const carries = [cast.address, cast.number];
  const last = lastDayOf(plot, plot.at + days(plot, 1, 5));
  leaves(cast, last.endsAt);
  const delivery = tells(plot, records(plot, cast, { at: plot.at, ...last }), {
    carries,
    effective: last.effective,
    says: 'ends',
    at: plot.at + SECOND,
  });
  const back = last.endsAt + days(plot, 20, 40);
  comesBack(cast, back);
  happens(plot, { at: back, do: 'open', account: account.id });
  const again = plot.at + days(plot, 120, 140);
  happens(plot, { at: again - DAY, do: 'log-in', account: account.id });
  comes(plot, delivery, { at: again });
}

/** The only administrator leaves, or whoever the credential is; nobody must be locked out. */
function lastAdministrator(plot: Plot): void {
  plot.rules = { ...plot.rules, holdAdministrators: false };
  const cast = aPerson(plot, { system: clearSystem(plot) });
  for (const account of plot.accounts) account.isAdmin = false;
  const account = anAccount(plot, cast, { isAdmin: true });
  if (plot.throws.chance(0.5)) plot.accounts.unshift(...plot.accounts.splice(plot.accounts.indexOf(account), 1));
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address, cast.number], says: 'ends' });
}

function administrator(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast, { isAdmin: true });
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address, cast.number], says: 'ends' });
}

function protectedUser(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot), operator: { how: plot.throws.pick(['rightly', 'never'] as const) } });
  const account = anAccount(plot, cast);
  plot.rules = { ...plot.rules, protected: [...(plot.rules.protected ?? []), account.id] };
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address, cast.number], says: 'ends' });
}

/** The secret leads to a copy of the customer's Workfront, in another customer. */
function copyOfTheCustomer(plot: Plot): void {
  plot.rules = { ...plot.rules, customerId: 'c'.repeat(32) };
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast);
  leaves(cast, plot.at);
  happens(plot, { at: plot.at - HOUR, do: 'trouble', mode: 'other-customer', millis: 5 * HOUR, accounts: [] });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), {
    carries: [cast.address, cast.number],
    says: 'ends',
    at: plot.at + SECOND,
  });
}

/** A write whose answer is lost; then the secret leads to another customer, and HR withdraws the termination. */
function strangeCustomerAfterTheWrite(plot: Plot): void {
  plot.rules = { ...plot.rules, customerId: 'c'.repeat(32) };
  const cast = aPerson(plot, { system: aSystem(plot, { times: 'milliseconds' }) });
  anAccount(plot, cast);
  const carries = [cast.address, cast.number];
  happens(plot, { at: plot.at, do: 'trouble', mode: 'answers-lost', millis: 30 * SECOND, accounts: [] });
  happens(plot, { at: plot.at + 15 * SECOND, do: 'trouble', mode: 'strange-customer', millis: HOUR, accounts: [] });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries, says: 'ends', at: plot.at + SECOND });
  const at = plot.at + 20 * SECOND + plot.throws.int(10 * MINUTE);
  tells(plot, records(plot, cast, { at }), { carries, at: at + SECOND });
}

/** Dismissed at once; then HR enters the last day of the contract. Trouble keeps the first from acting before the second comes. */
function atOnceThenLastDay(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast);
  leaves(cast, plot.at);
  const carries = [cast.address, cast.number];
  if (plot.throws.chance(0.7)) happens(plot, { at: plot.at - MINUTE, do: 'trouble', mode: 'outage', millis: 3 * HOUR, accounts: [] });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries, says: 'ends', at: plot.at + SECOND });
  const last = lastDayOf(plot, plot.at + days(plot, 20, 60));
  const at = plot.at + HOUR;
  tells(plot, records(plot, cast, { at, ...last }), { carries, says: 'ends', effective: last.effective, at: at + SECOND });
}

/** HR's later word was a mistake, and an operator rejects or cancels it; the earlier one stands. */
function laterWordRejected(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot), operator: { how: 'rejects', looksAfter: HOUR, late: 0 } });
  anAccount(plot, cast, { fill: ['emailAddr', 'extRefID', 'firstName', 'lastName'] });
  const first = lastDayOf(plot, plot.at + days(plot, 40, 60));
  leaves(cast, first.endsAt);
  tells(plot, records(plot, cast, { at: plot.at, ...first }), {
    carries: [cast.address, cast.number],
    says: 'ends',
    effective: first.effective,
  });
  const wrong = anAttribute(plot, { kind: 'family', text: 'Mistaken', owner: cast.person });
  const given = anAttribute(plot, { kind: 'given', text: 'Wrongly', owner: cast.person });
  const second = lastDayOf(plot, plot.at + days(plot, 20, 30));
  const at = plot.at + days(plot, 2, 10);
  tells(plot, records(plot, cast, { at, ...second }), { carries: [cast.address, given, wrong], says: 'ends', effective: second.effective });
}

/** More people leave in an hour than the brake allows. */
function manyAtOnce(plot: Plot): void {
  plot.rules = { ...plot.rules, brake: { perHour: 2 } };
  const system = clearSystem(plot);
  for (let index = 0; index < 4; index++) {
    const cast = aPerson(plot, { system, operator: { how: plot.throws.pick(['rejects', 'never'] as const) } });
    anAccount(plot, cast);
    const at = plot.at + index * 5 * MINUTE;
    leaves(cast, at);
    tells(plot, records(plot, cast, { at, endsAt: at }), { carries: [cast.address, cast.number], says: 'ends', at: at + SECOND });
  }
}

/** Told in the morning, gone at night. */
function leavesTonight(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + plot.throws.int(DAY));
  leaves(cast, last.endsAt);
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { effective: last.effective, at: plot.at + SECOND });
}

/** The rescission overtakes its termination on the way; HR's times tell. */
function outOfOrder(plot: Plot): void {
  const cast = aPerson(plot, { system: aSystem(plot, { times: 'milliseconds' }) });
  anAccount(plot, cast);
  const last = plot.throws.chance(0.5) ? lastDayOf(plot, plot.at + days(plot, 5, 20)) : undefined;
  const withdrawnAt = plot.at + plot.throws.pick([30 * SECOND, HOUR, DAY]);
  const late = withdrawnAt + plot.throws.pick([10 * SECOND, HOUR, 2 * DAY]);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at, ...last }), { at: late, ...(last && { effective: last.effective }) });
  tells(plot, records(plot, cast, { at: withdrawnAt }), { at: withdrawnAt + SECOND });
}

/** HR's id for two different events. */
function idOfTwoPeople(plot: Plot): void {
  const system = aSystem(plot, { ownIds: true });
  for (let index = 0; index < 2; index++) {
    const cast = aPerson(plot, { system });
    anAccount(plot, cast);
    const at = plot.at + index * HOUR;
    leaves(cast, at);
    tells(plot, records(plot, cast, { at, endsAt: at }), {
      carries: [cast.address, cast.number],
      ownId: `batch-${system.id}`,
      at: at + SECOND,
    });
  }
}

/** Gone, back without a word of HR's, and gone again in equal words, long after. */
function equalLongAfter(plot: Plot): void {
  const cast = aPerson(plot, { system: namelessSystem(plot) });
  const account = anAccount(plot, cast);
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { at: plot.at + SECOND });
  const back = plot.at + days(plot, 8, 30);
  comesBack(cast, back);
  happens(plot, { at: back, do: 'open', account: account.id });
  const again = back + days(plot, 8, 30);
  leaves(cast, again);
  tells(plot, records(plot, cast, { at: again, endsAt: again }), { at: again + SECOND });
}

/** Withdrawn by one of the keys that the termination had, or in other letters. */
function byOneOfTheKeys(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 20, 60));
  tells(plot, records(plot, cast, { at: plot.at, ...last }), {
    carries: [cast.address, cast.number],
    effective: last.effective,
    at: plot.at + plot.throws.int(HOUR),
    says: 'ends',
  });
  const how = plot.throws.pick(['number', 'address', 'capitals'] as const);
  tells(plot, records(plot, cast, { at: plot.at + days(plot, 5, 12) }), {
    carries: how === 'number' ? [cast.number] : [cast.address],
    ...(how === 'capitals' && { spelled: (text: string) => text.toUpperCase() }),
  });
}

/** The write takes effect, and its answer is lost; HR may withdraw it meanwhile. */
function answerLost(plot: Plot): void {
  const cast = aPerson(plot, { system: aSystem(plot, { times: 'milliseconds' }) });
  anAccount(plot, cast);
  happens(plot, { at: plot.at, do: 'trouble', mode: 'answers-lost', millis: plot.throws.pick([20 * SECOND, 3 * MINUTE]), accounts: [] });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), {
    carries: [cast.address, cast.number],
    says: 'ends',
    at: plot.at + SECOND,
  });
  if (plot.throws.chance(0.5)) {
    leaves(cast, plot.at);
    return;
  }
  const at = plot.at + 5 * SECOND + plot.throws.int(2 * MINUTE);
  tells(plot, records(plot, cast, { at }), { carries: [cast.address, cast.number], at: at + SECOND });
}

/** The write takes effect, its answer is lost, and the leaver's address stands in another account of theirs by the time it is looked for. */
function answerLostThenAnother(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast, { fill: ['emailAddr'] });
  const second = anAccount(plot, cast, { fill: [] });
  leaves(cast, plot.at);
  happens(plot, { at: plot.at, do: 'trouble', mode: 'answers-lost', millis: 20 * SECOND, accounts: [] });
  happens(plot, { at: plot.at + 20 * SECOND, do: 'trouble', mode: 'outage', millis: HOUR, accounts: [] });
  happens(plot, { at: plot.at + 30 * MINUTE, do: 'fill', account: second.id, fields: { emailAddr: filled(plot, cast.address) } });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address], says: 'ends', at: plot.at + SECOND });
}

/** The stage wants a person to approve each leaver. */
function eachIsApproved(plot: Plot): void {
  plot.rules = { ...plot.rules, approval: true };
  const system = clearSystem(plot);
  for (let index = 0; index < 2; index++) {
    const cast = aPerson(plot, { system, operator: { how: plot.throws.pick(['releases', 'rejects', 'never'] as const) } });
    anAccount(plot, cast);
    const last = plot.throws.chance(0.5) ? lastDayOf(plot, plot.at + days(plot, 3, 20)) : undefined;
    const endsAt = last?.endsAt ?? plot.at;
    leaves(cast, endsAt);
    tells(plot, records(plot, cast, { at: plot.at, endsAt, ...last }), {
      carries: [cast.address, cast.number],
      says: 'ends',
      ...(last && { effective: last.effective }),
    });
  }
}

/** The person's names in Workfront are others than in HR, and nothing else: an operator knows them. */
function knownByAnotherName(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  const account = anAccount(plot, cast, { fill: ['emailAddr'] });
  account.fields.firstName = filled(plot, anAttribute(plot, { kind: 'given', text: 'Nick', owner: cast.person }));
  account.fields.lastName = filled(plot, anAttribute(plot, { kind: 'family', text: 'Artist', owner: cast.person }));
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address, cast.given, cast.family], says: 'ends' });
}

/** Meetings that the core has rules for. */
export const HANDLED: readonly Story[] = [
  { name: 'withdrawn at the last moment', weight: 8, tell: atTheLastMoment },
  { name: 'corrected in silence', weight: 3, tell: correctedInSilence },
  { name: 'a colleague has the address', weight: 3, tell: colleagueWithTheAddress },
  { name: "two accounts, one a colleague's", weight: 3, tell: twoAccounts },
  { name: 'the own account is closed', weight: 2, tell: ownAccountClosed },
  { name: 'two accounts with one address', weight: 2, tell: twins },
  { name: 'a dated event comes again', weight: 3, tell: datedAgain },
  { name: 'the last administrator leaves', weight: 2, tell: lastAdministrator, alone: true },
  { name: 'an administrator leaves', weight: 2, tell: administrator },
  { name: 'a protected user leaves', weight: 2, tell: protectedUser },
  { name: 'a copy of the customer', weight: 2, tell: copyOfTheCustomer },
  { name: 'a strange customer after the write', weight: 3, tell: strangeCustomerAfterTheWrite },
  { name: 'dismissed at once, then a last day', weight: 2, tell: atOnceThenLastDay },
  { name: 'the later word is rejected', weight: 2, tell: laterWordRejected },
  { name: 'many leave at once', weight: 2, tell: manyAtOnce, alone: true },
  { name: 'leaves tonight', weight: 3, tell: leavesTonight },
  { name: 'out of order', weight: 3, tell: outOfOrder },
  { name: 'one id for two people', weight: 2, tell: idOfTwoPeople },
  { name: 'equal words long after', weight: 2, tell: equalLongAfter },
  { name: 'withdrawn by one of the keys', weight: 3, tell: byOneOfTheKeys },
  { name: 'the answer is lost', weight: 4, tell: answerLost },
  { name: 'the answer is lost, then another account', weight: 2, tell: answerLostThenAnother },
  { name: 'each leaver is approved', weight: 2, tell: eachIsApproved, alone: true },
  { name: 'known by another name', weight: 2, tell: knownByAnotherName },
];
