import { DAY, HOUR, MINUTE, SECOND } from '../world/scenario.ts';
import type { Story } from './ordinary.ts';
import { anAccount, aPerson, comesBack, days, filled, happens, lastDayOf, leaves, type Plot, records, tells } from './plot.ts';
import { aSystem, clearSystem } from './setting.ts';

/** A release against HR's word; then HR has a later day, and withdraws that too: on the day, or while the stage is paused. */
function releasedAgainstHr(plot: Plot): void {
  const system = aSystem(plot, { carries: ['hr-id', 'address'], canBeAsked: true, times: 'milliseconds' });
  const cast = aPerson(plot, { system, operator: { how: 'releases', looksAfter: HOUR, late: 0 } });
  anAccount(plot, cast);
  const fact = records(plot, cast, { at: plot.at - HOUR, endsAt: plot.at - HOUR });
  records(plot, cast, { at: plot.at - 30 * MINUTE });
  tells(plot, fact, { at: plot.at });
  if (plot.throws.chance(0.5)) happens(plot, { at: plot.at + 30 * MINUTE, do: 'pause', millis: 5 * DAY });
  const last = lastDayOf(plot, plot.at + days(plot, 5, 8));
  records(plot, cast, { at: plot.at + 30 * MINUTE, ...last });
  records(plot, cast, { at: plot.at + days(plot, 2, 4) });
}

/** Released from the brake, refused by Workfront, and replayed long after. */
function brakeReleasedLongAgo(plot: Plot): void {
  plot.rules = { ...plot.rules, brake: { perHour: 1 }, waitLimitHours: 240 };
  const system = clearSystem(plot);
  const leaver = (at: number, operator = {}) => {
    const cast = aPerson(plot, { system, operator });
    const account = anAccount(plot, cast);
    leaves(cast, at);
    tells(plot, records(plot, cast, { at, endsAt: at }), { carries: [cast.address, cast.number], says: 'ends', at: at + SECOND });
    return { cast, account };
  };
  leaver(plot.at);
  const { cast, account } = leaver(plot.at + MINUTE, { how: 'releases', looksAfter: 5 * MINUTE, late: 0 });
  happens(plot, { at: plot.at, do: 'trouble', mode: 'user-refused', millis: 2 * DAY, accounts: [account.id] });
  happens(plot, { at: plot.at + DAY, do: 'release-brake' });
  const later = plot.at + days(plot, 20, 40);
  leaver(later);
  happens(plot, { at: later + 10 * MINUTE, do: 'replay-all', late: 0, person: cast.person.id });
}

/** The write is refused for one account, which a hand then closes: as a duplicate of the leaver's real one, or as the only one. */
function refusedThenClosed(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot), operator: { how: 'rightly', looksAfter: 3 * DAY, late: 0 } });
  const duplicate = anAccount(plot, cast, { fill: ['emailAddr'] });
  const real = anAccount(plot, cast, { fill: [] });
  leaves(cast, plot.at);
  happens(plot, { at: plot.at, do: 'trouble', mode: 'user-refused', millis: DAY, accounts: [duplicate.id] });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address], says: 'ends', at: plot.at + SECOND });
  happens(plot, { at: plot.at + DAY, do: 'close', account: duplicate.id });
  if (plot.throws.chance(0.5)) return;
  happens(plot, { at: plot.at + DAY, do: 'fill', account: real.id, fields: { emailAddr: filled(plot, cast.address) } });
}

/** The write times out, a second account turns up, and an operator closes the first and chooses the second. */
function timedOutThenChosen(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot), operator: { how: 'rightly', looksAfter: 2 * HOUR, late: 0 } });
  const first = anAccount(plot, cast, { fill: ['emailAddr'] });
  const second = anAccount(plot, cast, { fill: [] });
  leaves(cast, plot.at);
  happens(plot, { at: plot.at, do: 'trouble', mode: 'writes-lost', millis: 20 * MINUTE, accounts: [] });
  happens(plot, { at: plot.at + 10 * MINUTE, do: 'fill', account: second.id, fields: { emailAddr: filled(plot, cast.address) } });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries: [cast.address], says: 'ends', at: plot.at + SECOND });
  happens(plot, { at: plot.at + 90 * MINUTE, do: 'close', account: first.id });
}

/** Hooks that say only that something changed, each time in equal words. */
function somethingChanged(plot: Plot): void {
  const system = aSystem(plot, { carries: ['hr-id'], thin: true, canBeAsked: true, ownIds: false, times: 'none', lag: 0 });
  const cast = aPerson(plot, { system });
  anAccount(plot, cast);
  tells(plot, records(plot, cast, { at: plot.at }), { says: 'something', at: plot.at + SECOND });
  const gone = plot.at + days(plot, 1, 6);
  leaves(cast, gone);
  tells(plot, records(plot, cast, { at: gone, endsAt: gone }), { at: gone + SECOND });
}

/** An identity provider, which is no HR system, speaks in between. */
function identityProviderSpeaks(plot: Plot): void {
  const provider = aSystem(plot, { kind: 'identity-provider', carries: ['address'] });
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast);
  const last = lastDayOf(plot, plot.at + days(plot, 20, 80));
  tells(plot, records(plot, cast, { at: plot.at, ...last }), {
    carries: [cast.address, cast.number],
    effective: last.effective,
    says: 'ends',
  });
  const at = plot.at + days(plot, 1, 12);
  if (plot.throws.chance(0.5)) {
    leaves(cast, last.endsAt);
    tells(plot, records(plot, cast, { at, system: provider }));
    return;
  }
  leaves(cast, last.endsAt);
  tells(plot, records(plot, cast, { at, endsAt: at, system: provider }), { says: 'ends' });
}

/** HR uses an id of its own again, with a later time. */
function idUsedAgain(plot: Plot): void {
  plot.rules = { ...plot.rules, rememberDays: 400 };
  const cast = aPerson(plot, { system: aSystem(plot, { ownIds: true, times: 'milliseconds' }) });
  const account = anAccount(plot, cast);
  leaves(cast, plot.at);
  const ownId = `again-${cast.person.id}`;
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { ownId, at: plot.at + SECOND });
  const back = plot.at + days(plot, 20, 60);
  comesBack(cast, back);
  happens(plot, { at: back, do: 'open', account: account.id });
  const again = back + days(plot, 20, 200);
  leaves(cast, again);
  tells(plot, records(plot, cast, { at: again, endsAt: again }), { ownId, at: again + SECOND });
}

/** One delivery that names two last days, without a time. */
function contradictingDelivery(plot: Plot): void {
  const cast = aPerson(plot, { system: aSystem(plot, { times: 'none', ownIds: true }) });
  anAccount(plot, cast);
  const [first, second] = [lastDayOf(plot, plot.at + days(plot, 2, 5)), lastDayOf(plot, plot.at + days(plot, 40, 60))];
  leaves(cast, second.endsAt);
  tells(plot, records(plot, cast, { at: plot.at, ...first }), { effective: first.effective, at: plot.at + SECOND });
  tells(plot, records(plot, cast, { at: plot.at + 1, ...second }), { effective: second.effective, at: plot.at + SECOND });
}

/** The stage searches by the wrong field for a while; then that is corrected, and what found nobody is done again. */
function keysCorrected(plot: Plot): void {
  plot.rules = { ...plot.rules, matchKeys: [{ field: 'ssoUsername', from: 'email' }] };
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast);
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), {
    carries: [cast.address, cast.number],
    says: 'ends',
    at: plot.at + SECOND,
  });
  const matchKeys = [
    { field: 'emailAddr', from: 'email' },
    { field: 'extRefID', from: 'employeeNumber' },
  ] as const;
  happens(plot, { at: plot.at + 5 * DAY, do: 'deploy', rules: { matchKeys: [...matchKeys] }, why: 'the match keys are corrected' });
  happens(plot, { at: plot.at + 5 * DAY + HOUR, do: 'replay-finished', late: MINUTE });
}

function dryRunEnds(plot: Plot): void {
  plot.rules = { ...plot.rules, dryRun: true };
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast);
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), {
    carries: [cast.address, cast.number],
    says: 'ends',
    at: plot.at + SECOND,
  });
  happens(plot, { at: plot.at + 3 * DAY, do: 'deploy', rules: { dryRun: false }, why: 'the dry run ends' });
  happens(plot, { at: plot.at + 3 * DAY + HOUR, do: 'replay-finished', late: MINUTE });
}

/** The secret leads to a copy of the customer's Workfront for a while, whose answers do not say which customer it is. */
function unnamedCustomer(plot: Plot): void {
  plot.rules = { ...plot.rules, customerId: 'c'.repeat(32) };
  const cast = aPerson(plot, { system: clearSystem(plot) });
  anAccount(plot, cast);
  leaves(cast, plot.at);
  happens(plot, { at: plot.at - HOUR, do: 'trouble', mode: 'unnamed-customer', millis: 5 * HOUR, accounts: [] });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), {
    carries: [cast.address, cast.number],
    says: 'ends',
    at: plot.at + SECOND,
  });
}

/** The credential sees only a part of the users. */
function limitedSight(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot) });
  const account = anAccount(plot, cast);
  leaves(cast, plot.at);
  happens(plot, { at: plot.at - HOUR, do: 'trouble', mode: 'limited-sight', millis: DAY, accounts: [account.id] });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), {
    carries: [cast.address, cast.number],
    says: 'ends',
    at: plot.at + SECOND,
  });
}

/** The credential may not write for some hours, and more people leave than the brake allows. */
function refusedWrites(plot: Plot): void {
  plot.rules = { ...plot.rules, brake: { perHour: 2 } };
  const system = clearSystem(plot);
  happens(plot, { at: plot.at - HOUR, do: 'trouble', mode: 'read-only', millis: 3 * HOUR, accounts: [] });
  for (let index = 0; index < 4; index++) {
    const cast = aPerson(plot, { system });
    anAccount(plot, cast);
    const at = plot.at + index * MINUTE;
    leaves(cast, at);
    tells(plot, records(plot, cast, { at, endsAt: at }), { carries: [cast.address, cast.number], says: 'ends', at: at + SECOND });
  }
}

/** The last two administrators leave at the same moment; the credential's own user is none. */
function twoAdministrators(plot: Plot): void {
  plot.rules = { ...plot.rules, holdAdministrators: false };
  const system = clearSystem(plot);
  for (const account of plot.accounts) account.isAdmin = false;
  for (let index = 0; index < 2; index++) {
    const cast = aPerson(plot, { system });
    anAccount(plot, cast, { isAdmin: true });
    leaves(cast, plot.at);
    tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), {
      carries: [cast.address, cast.number],
      says: 'ends',
      at: plot.at + index * 40,
    });
  }
}

export const AT_WORK: readonly Story[] = [
  { name: 'released against HR', weight: 3, tell: releasedAgainstHr },
  { name: 'brake released long ago', weight: 2, tell: brakeReleasedLongAgo, alone: true },
  { name: 'refused, then closed by hand', weight: 3, tell: refusedThenClosed },
  { name: 'timed out, then another chosen', weight: 3, tell: timedOutThenChosen },
  { name: 'something changed', weight: 3, tell: somethingChanged },
  { name: 'an identity provider speaks', weight: 5, tell: identityProviderSpeaks },
  { name: 'an id used again', weight: 3, tell: idUsedAgain },
  { name: 'a delivery contradicts itself', weight: 3, tell: contradictingDelivery },
  { name: 'match keys corrected', weight: 2, tell: keysCorrected, alone: true },
  { name: 'a dry run ends', weight: 2, tell: dryRunEnds, alone: true },
  { name: 'an unnamed customer', weight: 3, tell: unnamedCustomer },
  { name: 'limited sight', weight: 3, tell: limitedSight },
  { name: 'refused writes', weight: 2, tell: refusedWrites, alone: true },
  { name: 'two administrators', weight: 2, tell: twoAdministrators, alone: true },
];
