import type { AccountPlan } from '../world/accounts.ts';
import { DAY, HOUR } from '../world/scenario.ts';
import {
  anAccount,
  anAttribute,
  aPerson,
  aWhile,
  type Cast,
  comesBack,
  days,
  ends,
  filled,
  gives,
  happens,
  lastDayOf,
  leaves,
  type Plot,
  records,
  tells,
} from './plot.ts';

/** One kind of life, told with details of its own each time. */
export interface Story {
  name: string;
  /** How often, beside the others. */
  weight: number;
  tell(plot: Plot): void;
  /** The story changes the rules for everybody: no other is told beside it. */
  alone?: true;
}

/** Share of leavers who have a Workfront account at all: the product serves companies in which few do. */
const HAS_ACCOUNT = 0.35;

function somebody(plot: Plot): { cast: Cast; account: AccountPlan | undefined } {
  const cast = aPerson(plot);
  if (!plot.throws.chance(HAS_ACCOUNT)) return { cast, account: undefined };
  const account = anAccount(plot, cast);
  writeOtherwise(plot, cast, account);
  return { cast, account };
}

/** Nicknames, zeros, order and letters: Workfront has some people written otherwise than HR does. */
function writeOtherwise(plot: Plot, { person, number, family }: Cast, { fields }: AccountPlan): void {
  const kind = plot.throws.next();
  if (kind < 0.03 && fields.firstName) fields.firstName = filled(plot, anAttribute(plot, { kind: 'given', text: 'Nick', owner: person }));
  else if (kind < 0.05) fields.extRefID = { ...filled(plot, number), text: `00${plot.texts[number.id]}`, exact: false };
  else if (kind < 0.06 && fields.lastName)
    fields.lastName = { ...filled(plot, family), text: `van ${plot.texts[family.id]}`, exact: false };
}

/** Notice of two weeks to three months, dated. */
function leavesWithNotice(plot: Plot): void {
  const { cast } = somebody(plot);
  const last = lastDayOf(plot, plot.at + days(plot, 14, 92));
  leaves(cast, last.endsAt);
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { effective: last.effective });
}

function leavesAtOnce(plot: Plot): void {
  const { cast } = somebody(plot);
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }));
}

/** HR enters it some days after the last day. */
function enteredLate(plot: Plot): void {
  const { cast } = somebody(plot);
  const last = lastDayOf(plot, plot.at - days(plot, 1, 12));
  leaves(cast, last.endsAt);
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { effective: last.effective });
}

/** What is to be moved or withdrawn has come by then; `out of order` is a story of its own. */
const soon = ({ throws }: Plot): number => throws.int(HOUR);

function withdrawn(plot: Plot): void {
  const { cast } = somebody(plot);
  const last = lastDayOf(plot, plot.at + days(plot, 20, 92));
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { effective: last.effective, at: plot.at + soon(plot) });
  tells(plot, records(plot, cast, { at: plot.at + days(plot, 1, 15) }));
}

function moved(plot: Plot, by: number): void {
  const { cast } = somebody(plot);
  const first = lastDayOf(plot, plot.at + days(plot, 40, 60));
  tells(plot, records(plot, cast, { at: plot.at, ...first }), { effective: first.effective, at: plot.at + soon(plot) });
  const second = lastDayOf(plot, first.endsAt + by * DAY);
  tells(plot, records(plot, cast, { at: plot.at + days(plot, 2, 12), ...second }), { effective: second.effective });
  leaves(cast, second.endsAt);
}

/** A new family name and address during the notice, in HR and in Workfront. */
function marries(plot: Plot): void {
  const { cast, account } = somebody(plot);
  const last = lastDayOf(plot, plot.at + days(plot, 40, 90));
  leaves(cast, last.endsAt);
  tells(plot, records(plot, cast, { at: plot.at, ...last }), { effective: last.effective });
  const at = plot.at + days(plot, 5, 30);
  ends(cast.family, at);
  ends(cast.address, at);
  const family = anAttribute(plot, { kind: 'family', text: `Costa${cast.person.id}`, owner: cast.person, from: at });
  const address = anAttribute(plot, { kind: 'address', text: `new-${cast.person.id}@acme.test`, owner: cast.person, from: at });
  if (account)
    happens(plot, { at, do: 'fill', account: account.id, fields: { lastName: filled(plot, family), emailAddr: filled(plot, address) } });
}

/** Gone, and back months later: with a new account, or the old one opened again. */
function rehired(plot: Plot): void {
  const { cast, account } = somebody(plot);
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }));
  const back = plot.at + days(plot, 30, 200);
  comesBack(cast, back);
  tells(plot, records(plot, cast, { at: back }));
  if (account) happens(plot, { at: back + HOUR, do: 'open', account: account.id });
  if (account) happens(plot, { at: back + 2 * DAY, do: 'log-in', account: account.id });
}

/** The leaver's address goes to somebody who is hired long after. */
function addressUsedAgain(plot: Plot): void {
  const { cast, account } = somebody(plot);
  leaves(cast, plot.at);
  tells(plot, records(plot, cast, { at: plot.at, endsAt: plot.at }));
  const at = plot.at + days(plot, 60, 200);
  const next = aPerson(plot, { hiredAt: at });
  gives(cast.address, { to: next.person, at });
  if (account) happens(plot, { at, do: 'fill', account: account.id, fields: { emailAddr: undefined } });
  anAccount(plot, { ...next, address: cast.address }, { madeAt: at + HOUR });
}

function nothingHappens(plot: Plot): void {
  const account = anAccount(plot, aPerson(plot));
  happens(plot, { at: plot.at + aWhile(plot), do: 'log-in', account: account.id });
}

/** Ordinary lives, as often as they are in a company: see docs/histories.md for where the shares come from. */
export const ORDINARY: readonly Story[] = [
  { name: 'leaves with notice', weight: 55, tell: leavesWithNotice },
  { name: 'leaves at once', weight: 18, tell: leavesAtOnce },
  { name: 'entered late', weight: 8, tell: enteredLate },
  { name: 'notice withdrawn', weight: 1, tell: withdrawn },
  { name: 'last day postponed', weight: 2, tell: (plot) => moved(plot, 20) },
  { name: 'last day brought forward', weight: 1, tell: (plot) => moved(plot, -20) },
  { name: 'marries during the notice', weight: 0.5, tell: marries },
  { name: 'rehired', weight: 1, tell: rehired },
  { name: 'address used again', weight: 1, tell: addressUsedAgain },
  { name: 'nothing happens', weight: 10, tell: nothingHappens },
];
