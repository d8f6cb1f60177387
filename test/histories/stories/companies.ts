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

/** A contractor becomes an employee with another number, and nobody tells; Workfront still has the old one. */
function contractorBecomesEmployee(plot: Plot): void {
  const system = clearSystem(plot);
  const cast = aPerson(plot, { system });
  anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 10, 40));
  leaves(cast, last.endsAt);
  comesBack(cast, last.endsAt);
  ends(cast.number, last.endsAt);
  anAttribute(plot, { kind: 'number', text: `E4${plot.attributes.length}`, issuer: system.id, owner: cast.person, from: last.endsAt });
  tells(plot, records(plot, cast, { at: plot.at, ...last }), {
    carries: [cast.number, cast.address],
    effective: last.effective,
    says: 'ends',
  });
}

/** From one company to another of the group, whose HR system says so before the last day at the first. */
function transferred(plot: Plot): void {
  const [from, to] = [clearSystem(plot), aSystem(plot)];
  const cast = aPerson(plot, { system: from });
  anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 20, 60));
  leaves(cast, last.endsAt);
  comesBack(cast, last.endsAt, to.id);
  tells(plot, records(plot, cast, { at: plot.at, ...last, system: from }), {
    carries: [cast.number, cast.address],
    effective: last.effective,
    says: 'ends',
  });
  const number = anAttribute(plot, { kind: 'number', text: `T7${plot.attributes.length}`, issuer: to.id, owner: cast.person });
  tells(plot, records(plot, cast, { at: plot.at + days(plot, 2, 15), system: to }), { carries: [cast.address, number], says: 'stays' });
}

/** Another company of the group hires the person during the notice, who goes on there without a day between. */
function hiredByAnother(plot: Plot): void {
  const [from, to] = [clearSystem(plot), aSystem(plot)];
  const cast = aPerson(plot, { system: from });
  anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 20, 60));
  leaves(cast, last.endsAt);
  comesBack(cast, last.endsAt, to.id);
  tells(plot, records(plot, cast, { at: plot.at, ...last, system: from }), {
    carries: [cast.number, cast.address],
    effective: last.effective,
    says: 'ends',
    at: plot.at + SECOND,
  });
  const sign = plot.throws.pick(['hired', 'transferred'] as const);
  tells(plot, records(plot, cast, { at: plot.at + days(plot, 2, 15), system: to }), { carries: [cast.address], sign });
}

/** The account is deleted during the notice and made again, with the same address. */
function madeAnew(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  const account = anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 30, 90));
  leaves(cast, last.endsAt);
  tells(plot, records(plot, cast, { at: plot.at, ...last }), {
    carries: [cast.address, cast.number],
    effective: last.effective,
    says: 'ends',
  });
  const at = plot.at + days(plot, 5, 25);
  happens(plot, { at, do: 'delete', account: account.id });
  anAccount(plot, cast, { madeAt: at + HOUR });
}

/** Every user of the tenant is made on one day, during the notice. */
function goLive(plot: Plot): void {
  const system = clearSystem(plot);
  const cast = aPerson(plot, { system });
  const last = lastDayOf(plot, plot.at + days(plot, 40, 90));
  leaves(cast, last.endsAt);
  tells(plot, records(plot, cast, { at: plot.at, ...last }), {
    carries: [cast.address, cast.number],
    effective: last.effective,
    says: 'ends',
  });
  const at = plot.at + days(plot, 5, 30);
  anAccount(plot, cast, { madeAt: at });
  for (let index = 0; index < 12; index++) anAccount(plot, aPerson(plot, { system }), { madeAt: at + index * MINUTE });
}

/** An identity sync opens the account again, a moment, hours or weeks after it was closed, and perhaps once more. */
function syncOpens(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  const account = anAccount(plot, cast);
  leaves(cast, plot.at);
  const delivery = tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), {
    carries: [cast.address, cast.number],
    says: 'ends',
    at: plot.at + SECOND,
  });
  const opens = plot.at + plot.throws.pick([MINUTE, 5 * HOUR, 5 * HOUR, 2 * DAY, 6 * DAY, 20 * DAY]);
  happens(plot, { at: opens, do: 'sync-opens', account: account.id });
  if (plot.throws.chance(0.3)) happens(plot, { at: opens + 9 * DAY, do: 'sync-opens', account: account.id });
  comes(plot, delivery, { at: plot.at + 2 * DAY });
}

/** HR withdraws the termination after it was done; an administrator opens the account by hand, before or after that. */
function openedRightly(plot: Plot): void {
  const system = clearSystem(plot);
  const cast = aPerson(plot, { system });
  const account = anAccount(plot, cast);
  const carries = [cast.address, cast.number];
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries, says: 'ends', at: plot.at + SECOND });
  const withdrawn = plot.at + plot.throws.pick([30 * MINUTE, 5 * HOUR, 3 * DAY]);
  comesBack(cast, withdrawn);
  tells(plot, records(plot, cast, { at: withdrawn }), { carries, at: withdrawn + SECOND });
  const opens = withdrawn + plot.throws.pick([-20 * MINUTE, MINUTE, 2 * HOUR]);
  happens(plot, { at: opens, do: 'open', account: account.id });
}

/** What was cancelled after the table's last backup is open again once that is restored; HR sends again what it forgot. */
function restoredTable(plot: Plot): void {
  const system = clearSystem(plot);
  const cast = aPerson(plot, { system });
  anAccount(plot, cast);
  const carries = [cast.address, cast.number];
  const last = lastDayOf(plot, plot.at + days(plot, 20, 60));
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { carries, effective: last.effective, says: 'ends', at: plot.at + SECOND });
  happens(plot, { at: plot.at + DAY, do: 'snapshot' });
  const rescission = tells(plot, records(plot, cast, { at: plot.at + 2 * DAY }), { carries, at: plot.at + 2 * DAY + SECOND });
  happens(plot, { at: plot.at + 3 * DAY, do: 'restore' });
  comes(plot, rescission, { at: plot.at + 5 * DAY });
}

/** The rescission lies with the dead letters for weeks, while the termination comes due. */
function deadLetter(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast);
  const carries = [cast.address, cast.number];
  const last = lastDayOf(plot, plot.at + days(plot, 5, 30));
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { carries, effective: last.effective, says: 'ends' });
  const at = plot.at + days(plot, 1, 4);
  tells(plot, records(plot, cast, { at }), { carries, at: at + days(plot, 5, 20), receivedAt: at + SECOND });
}

/** Nobody had the address; months later a colleague gets it, and an operator replays all that found nobody. */
function oldEventsReplayed(plot: Plot): void {
  const system = clearSystem(plot);
  const [cast, colleague] = [aPerson(plot, { system }), aPerson(plot, { system })];
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address], says: 'ends', at: plot.at + SECOND });
  const account = anAccount(plot, colleague);
  const at = plot.at + days(plot, 30, 90);
  gives(cast.address, { to: colleague.person, at });
  happens(plot, { at, do: 'fill', account: account.id, fields: { emailAddr: filled(plot, cast.address) } });
  happens(plot, { at: at + DAY, do: 'replay-finished', late: MINUTE, person: cast.person.id });
}

/** The write times out and takes effect minutes later; HR withdraws the termination in between. */
function landsLate(plot: Plot): void {
  const cast = aPerson(plot, { system: aSystem(plot, { times: 'milliseconds' }) });
  anAccount(plot, cast);
  const carries = [cast.address, cast.number];
  happens(plot, { at: plot.at, do: 'trouble', mode: 'writes-late', millis: 30 * SECOND, accounts: [] });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries, says: 'ends', at: plot.at + SECOND });
  const at = plot.at + 5 * SECOND + plot.throws.int(20 * SECOND);
  tells(plot, records(plot, cast, { at }), { carries, at: at + SECOND });
}

/** An account is used by somebody else, who keeps the former owner's address as a second one for a while. */
function handedOverInTheNight(plot: Plot): void {
  const system = clearSystem(plot);
  const [cast, next] = [aPerson(plot, { system }), aPerson(plot, { system })];
  const account = anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 30, 60));
  leaves(cast, last.endsAt);
  tells(plot, records(plot, cast, { at: plot.at, ...last }), {
    carries: [cast.address, cast.number],
    effective: last.effective,
    says: 'ends',
  });
  const at = last.endsAt - days(plot, 0, 10);
  happens(plot, {
    at,
    do: 'hand-over',
    account: account.id,
    to: next.person.id,
    fields: fieldsFor(plot, next, ['extRefID', 'firstName', 'lastName']),
  });
}

/** Both sources told of one person; the second withdraws what the first said. */
function withdrawnByTheOtherSource(plot: Plot): void {
  const [one, other] = [clearSystem(plot), aSystem(plot, { kind: 'identity-provider', carries: ['address', 'sso'] })];
  const cast = aPerson(plot, { system: one });
  anAccount(plot, cast);
  leaves(cast, plot.at);
  const operator = plot.throws.chance(0.5);
  if (operator) happens(plot, { at: plot.at, do: 'pause', millis: 2 * HOUR });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at, system: one }), {
    carries: [cast.address, cast.number],
    says: 'ends',
    at: plot.at + SECOND,
  });
  tells(plot, records(plot, cast, { at: plot.at + MINUTE, system: other }), { says: 'stays', at: plot.at + MINUTE });
}

/** What happens to whole companies, their tables and their administrators. */
export const COMPANIES: readonly Story[] = [
  { name: 'a contractor becomes an employee', weight: 0.2, tell: contractorBecomesEmployee },
  { name: 'transferred to another source', weight: 3, tell: transferred },
  { name: 'hired by another company', weight: 3, tell: hiredByAnother },
  { name: 'the account is made again', weight: 2, tell: madeAnew },
  { name: 'everybody is made on one day', weight: 1, tell: goLive },
  { name: 'a sync opens the account', weight: 2, tell: syncOpens },
  { name: 'opened rightly after the deactivation', weight: 2, tell: openedRightly },
  { name: 'the table is restored', weight: 2, tell: restoredTable, alone: true },
  { name: 'the rescission is a dead letter', weight: 2, tell: deadLetter },
  { name: 'old events replayed', weight: 2, tell: oldEventsReplayed },
  { name: 'the write lands late', weight: 3, tell: landsLate },
  { name: 'handed over, the address kept', weight: 2, tell: handedOverInTheNight },
  { name: 'withdrawn by an identity provider', weight: 2, tell: withdrawnByTheOtherSource },
];
