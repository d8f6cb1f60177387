import type { Placement } from '../../../lambda/domain/event/ledger-entry.ts';

/** The fields of a Workfront user that come from a person. */
export type Field = 'emailAddr' | 'username' | 'ssoUsername' | 'extRefID' | 'firstName' | 'lastName';

/** A value in a field: which attribute it is, and how Workfront has it written. */
export interface Filled {
  attribute: number;
  text: string;
  /** Whether a search for the attribute's own text finds it: a number without its leading zeros is not found. */
  exact: boolean;
}

export type Fields = Partial<Record<Field, Filled>>;

/** A Workfront account as a history begins with it, or as somebody makes it later. */
export interface AccountPlan {
  id: string;
  /** Who uses it. */
  owner: string | undefined;
  madeAt: number;
  isActive: boolean;
  isAdmin: boolean;
  lastLoginAt: number | undefined;
  fields: Fields;
  /** Where it belongs, and the places that Workfront takes from somebody who is deactivated. */
  placement?: Placement;
  loses?: readonly (keyof Placement)[];
}

/** One account with its past, as the judge needs it. */
export interface Account extends AccountPlan {
  deleted: boolean;
  owners: { person: string | undefined; from: number }[];
  /** Every change of being active, by a write of the product, a hand or an identity sync. */
  activity: { at: number; active: boolean; by: 'product' | 'hand' | 'sync' }[];
  logins: number[];
  /** All that was ever in a field. */
  held: { attribute: number; field: Field; exact: boolean; from: number; to: number }[];
  /** What Workfront took at a write of the product, and nobody has given back or put something else for. */
  taken: Placement;
  /** When anything about it last changed. */
  changedAt: number;
}

const ALWAYS = Number.POSITIVE_INFINITY;

export function openAccount(plan: AccountPlan, now: number): Account {
  return {
    ...plan,
    fields: { ...plan.fields },
    deleted: false,
    owners: [{ person: plan.owner, from: plan.madeAt }],
    activity: [{ at: plan.madeAt, active: plan.isActive, by: 'hand' }],
    logins: plan.lastLoginAt === undefined ? [] : [plan.lastLoginAt],
    held: fieldsOf(plan.fields).map(([field, { attribute, exact }]) => ({ attribute, field, exact, from: plan.madeAt, to: ALWAYS })),
    taken: {},
    changedAt: Math.min(now, plan.madeAt),
  };
}

/** @param fields undefined in a field empties it */
export function changeFields(account: Account, fields: Readonly<Partial<Record<Field, Filled | undefined>>>, now: number): void {
  account.changedAt = now;
  for (const field of FIELDS) {
    if (!(field in fields)) continue;
    for (const one of account.held) if (one.field === field && one.to === ALWAYS) one.to = now;
    const filled = fields[field];
    if (filled === undefined) delete account.fields[field];
    else {
      account.fields[field] = filled;
      account.held.push({ attribute: filled.attribute, field, exact: filled.exact, from: now, to: ALWAYS });
    }
  }
}

export function setActive(account: Account, active: boolean, { at, by }: { at: number; by: Account['activity'][number]['by'] }): void {
  account.changedAt = at;
  account.isActive = active;
  account.activity.push({ at, active, by });
  if (!active && by === 'product') takeAway(account);
  // Whoever opens an account by hand has it as they want it.
  if (active && by !== 'product') account.taken = {};
}

function takeAway(account: Account): void {
  const { placement = {}, loses = [] } = account;
  const isLost = (name: string) => loses.some((one) => one === name);
  account.taken = { ...account.taken, ...Object.fromEntries(Object.entries(placement).filter(([name]) => isLost(name))) };
  account.placement = Object.fromEntries(Object.entries(placement).filter(([name]) => !isLost(name)));
}

/** Puts something into these places: by hand, or as an undo gives it back. */
export function place(account: Account, places: Placement, at: number): void {
  account.changedAt = at;
  account.placement = { ...account.placement, ...places };
  account.taken = Object.fromEntries(Object.entries(account.taken).filter(([name]) => !(name in places)));
}

export function handOver(account: Account, person: string, now: number): void {
  account.changedAt = now;
  account.owner = person;
  account.owners.push({ person, from: now });
}

export function logIn(account: Account, now: number): void {
  account.lastLoginAt = now;
  account.logins.push(now);
}

export const FIELDS: readonly Field[] = ['emailAddr', 'username', 'ssoUsername', 'extRefID', 'firstName', 'lastName'];

export const fieldsOf = (fields: Fields): [Field, Filled][] =>
  FIELDS.flatMap((field): [Field, Filled][] => {
    const filled = fields[field];
    return filled === undefined ? [] : [[field, filled]];
  });
