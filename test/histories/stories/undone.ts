import { guid } from '../../support/builders.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../world/scenario.ts';
import type { Story } from './ordinary.ts';
import { anAccount, aPerson, aWhile, type Cast, comes, days, happens, lastDayOf, leaves, type Plot, records, tells } from './plot.ts';
import { aSystem, clearSystem } from './setting.ts';

const PLACEMENT = { accessLevelID: guid(0xa1), homeGroupID: guid(0xa2), homeTeamID: guid(0xa3) };

/** Somebody with more in Workfront than an account, part of which a deactivation takes. */
function somebodyWithAPlace(plot: Plot, cast: Cast) {
  const loses = plot.throws.pick([['accessLevelID'], ['accessLevelID', 'homeTeamID'], []] as const);
  return anAccount(plot, cast, { placement: PLACEMENT, loses });
}

/** What may come between an order to undo and its end. `at` is when it was given. */
const MEANWHILE: readonly ((plot: Plot, cast: Cast, at: number) => void)[] = [
  () => {},
  (plot, _cast, at) => {
    const mode = plot.throws.pick(['answers-lost', 'writes-lost', 'writes-late', 'outage', 'credentials'] as const);
    happens(plot, {
      at: at - SECOND,
      do: 'trouble',
      mode,
      millis: plot.throws.pick([20 * SECOND, 3 * MINUTE, HOUR, 2 * DAY]),
      accounts: [],
    });
  },
  // a second person who heard of it
  (plot, { person }, at) => happens(plot, { at: at + plot.throws.int(5 * SECOND), do: 'undo', person: person.id, how: 'rightly', late: 0 }),
  // HR takes it back itself
  (plot, cast, at) => {
    const recorded = at + plot.throws.int(20 * SECOND) - 10 * SECOND;
    tells(plot, records(plot, cast, { at: recorded }), { carries: [cast.address, cast.number], at: recorded + 100 });
  },
];

/** HR meant somebody else of that name: a person undoes it. */
function hrMeantAnother(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot), operator: { how: 'rightly' } });
  const account = somebodyWithAPlace(plot, cast);
  const carries = [cast.address, cast.number];
  const termination = tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries, says: 'ends', at: plot.at + SECOND });
  const at = plot.at + plot.throws.pick([MINUTE, HOUR, 2 * DAY]);
  happens(plot, { at, do: 'undo', person: cast.person.id, how: 'rightly', late: plot.throws.pick([0, 3 * SECOND]) });
  plot.throws.pick(MEANWHILE)(plot, cast, at);
  const by = plot.throws.next();
  if (by < 0.2) comes(plot, termination, { at: at + aWhile(plot) });
  else if (by < 0.4) happens(plot, { at: at - 20 * SECOND, do: 'place', account: account.id, placement: { homeTeamID: guid(0xb3) } });
  else if (by < 0.55) happens(plot, { at: at + plot.throws.int(2 * SECOND) - SECOND, do: 'open', account: account.id });
}

/** An undo is ordered, and HR says at about that time that they leave after all, at once or on a day. */
function leavesAfterAll(plot: Plot): void {
  const cast = aPerson(plot, { system: aSystem(plot, { times: 'milliseconds' }), operator: { how: 'rightly' } });
  somebodyWithAPlace(plot, cast);
  const carries = [cast.address, cast.number];
  // An order to act at once stands, whatever last day comes later; another last day replaces a last day.
  const isDated = plot.throws.chance(0.4);
  const first = isDated ? lastDayOf(plot, plot.at - 2 * DAY) : undefined;
  const wrong = records(plot, cast, { at: plot.at, endsAt: plot.at, ...first });
  tells(plot, wrong, { carries, says: 'ends', at: plot.at + SECOND });
  const at = plot.at + plot.throws.pick([MINUTE, HOUR, 2 * DAY]);
  happens(plot, { at, do: 'undo', person: cast.person.id, how: 'rightly', late: 0 });
  const isInTrouble = plot.throws.chance(0.5);
  const millis = plot.throws.pick([MINUTE, HOUR]);
  const mode = plot.throws.pick(['outage', 'writes-lost', 'answers-lost'] as const);
  if (isInTrouble) happens(plot, { at: at - SECOND, do: 'trouble', mode, millis, accounts: [] });
  const again = at + (isInTrouble ? plot.throws.int(millis) : plot.throws.pick([plot.throws.int(3 * SECOND), days(plot, 1, 5)]));
  const last = isDated ? lastDayOf(plot, again + days(plot, 3, 9)) : undefined;
  const endsAt = last?.endsAt ?? again;
  leaves(cast, endsAt);
  tells(plot, records(plot, cast, { at: again, endsAt, ...last }), { carries, says: 'ends', at: again + 50 });
}

/** Somebody came back, or was let in again by hand, was put out again, and an order to undo is of what was seen before that. */
function undoneTooLate(plot: Plot): void {
  const cast = aPerson(plot, { system: clearSystem(plot), operator: { how: 'rightly', looksAfter: 5 * MINUTE, late: 0 } });
  const account = somebodyWithAPlace(plot, cast);
  const carries = [cast.address, cast.number];
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries, says: 'ends', at: plot.at + SECOND });
  // Trouble lets the undo wait while another operator, who hears of the return, orders to deactivate again.
  const waits = plot.throws.chance(0.4);
  const at = plot.at + (waits ? HOUR + 2 * MINUTE : plot.throws.pick([2 * MINUTE, 2 * HOUR]));
  const millis = plot.throws.pick([MINUTE, 4 * MINUTE]);
  if (waits)
    happens(plot, { at: at - SECOND, do: 'trouble', mode: plot.throws.pick(['outage', 'throttled'] as const), millis, accounts: [] });
  happens(plot, { at: plot.at + MINUTE, do: plot.throws.pick(['open', 'sync-opens'] as const), account: account.id });
  happens(plot, { at, do: 'undo', person: cast.person.id, how: 'whatever', late: waits ? 0 : plot.throws.pick([0, 3 * HOUR, 2 * DAY]) });
  if (plot.throws.chance(0.5)) return;
  const again = at + days(plot, 3, 9);
  tells(plot, records(plot, cast, { at: again, endsAt: again }), { carries, says: 'ends', at: again + SECOND });
}

/** The Console is in trouble after the deactivation, and meanwhile the person is let in again: by HR's word, a hand, or an undo. */
function backBeforeTheConsole(plot: Plot): void {
  plot.hasConsole = true;
  const cast = aPerson(plot, { system: clearSystem(plot), operator: { how: 'rightly' } });
  const account = anAccount(plot, cast);
  const carries = [cast.address, cast.number];
  const mode = plot.throws.pick(['console-outage', 'console-throttled', 'console-credentials'] as const);
  happens(plot, { at: plot.at, do: 'trouble', mode, millis: plot.throws.pick([30 * SECOND, HOUR, DAY]), accounts: [] });
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }), { carries, says: 'ends', at: plot.at + SECOND });
  const at = plot.at + plot.throws.pick([10 * SECOND, 10 * MINUTE, 2 * HOUR]);
  const how = plot.throws.pick(['stays gone', 'word', 'hand', 'undo'] as const);
  if (how === 'stays gone') leaves(cast, plot.at);
  if (how === 'word') tells(plot, records(plot, cast, { at }), { carries, at: at + 100 });
  if (how === 'hand') happens(plot, { at, do: 'open', account: account.id });
  if (how === 'undo') happens(plot, { at, do: 'undo', person: cast.person.id, how: 'rightly', late: 0 });
}

export const UNDONE: readonly Story[] = [
  { name: 'HR meant another', weight: 5, tell: hrMeantAnother },
  { name: 'undone, and leaves after all', weight: 5, tell: leavesAfterAll },
  { name: 'undone for what was seen before', weight: 3, tell: undoneTooLate },
  { name: 'back before the Console', weight: 4, tell: backBeforeTheConsole },
];
