import type { Effective, Employee, HrEvent } from '../../../lambda/domain/event/hr-event.ts';
import { guid } from '../../support/builders.ts';
import type { Dice } from '../../support/dice.ts';
import type { AccountPlan, Field, Fields, Filled } from '../world/accounts.ts';
import { type Attribute, type Fact, type Kind, type Label, type Operator, ownsAt, type Person, type System } from '../world/people.ts';
import { type Action, DAY, type Delivery, type Faults, HOUR, MINUTE, NO_FAULTS, type Rules, SECOND, START } from '../world/scenario.ts';

/** A history in the making. */
export interface Plot {
  throws: Dice;
  /** The story being told, and when it begins. */
  story: string;
  ordinary: boolean;
  at: number;
  rules: Rules;
  systems: System[];
  people: Person[];
  attributes: Attribute[];
  texts: string[];
  issuers: (string | undefined)[];
  facts: Fact[];
  accounts: AccountPlan[];
  actions: Action[];
  faults: Faults;
  /** Whether the stage must have the Admin Console. */
  hasConsole: boolean;
}

/** A person with what they are known by. */
export interface Cast {
  person: Person;
  address: Attribute;
  number: Attribute;
  sso: Attribute;
  hrId: Attribute;
  given: Attribute;
  family: Attribute;
}

const NEVER = Number.POSITIVE_INFINITY;
const LONG_AGO = START - 900 * DAY;
const GIVEN = ['Ana', 'Bob', 'Cem', 'Dora', 'Emil', 'Fay', 'Gus', 'Hana', 'Ivo', 'Jana', 'Karl', 'Lea', 'Max', 'Nora', 'Otto', 'Pia'];

export function createPlot(throws: Dice): Plot {
  return {
    throws,
    story: 'none',
    ordinary: false,
    at: START,
    rules: {},
    systems: [],
    people: [],
    attributes: [],
    texts: [],
    issuers: [],
    facts: [],
    accounts: [],
    actions: [],
    faults: NO_FAULTS,
    hasConsole: false,
  };
}

/** A new value of an attribute, owned from `from` until somebody gives it away. */
export function anAttribute(
  plot: Plot,
  { kind, text, issuer, owner, from = LONG_AGO }: { kind: Kind; text: string; issuer?: string | undefined; owner: Person; from?: number },
): Attribute {
  const attribute: Attribute = { id: plot.attributes.length, kind, owners: [{ person: owner.id, from, to: NEVER }] };
  plot.attributes.push(attribute);
  plot.texts.push(text);
  plot.issuers.push(issuer);
  return attribute;
}

/** The attribute is another person's from then on, too or instead. */
export function gives(attribute: Attribute, { to, at, shared = false }: { to: Person; at: number; shared?: boolean }): void {
  if (!shared) for (const owner of attribute.owners) if (owner.to > at) owner.to = at;
  attribute.owners.push({ person: to.id, from: at, to: NEVER });
}

export function ends(attribute: Attribute, at: number): void {
  for (const owner of attribute.owners) if (owner.to > at) owner.to = at;
}

/** @param hiredAt when the employment begins; by default long ago */
export function aPerson(
  plot: Plot,
  { system = mainSystem(plot), hiredAt = LONG_AGO, operator }: { system?: System; hiredAt?: number; operator?: Partial<Operator> } = {},
): Cast {
  const index = plot.people.length;
  const person: Person = {
    id: `p${index}`,
    story: plot.story,
    ordinary: plot.ordinary,
    employments: [{ system: system.id, from: hiredAt, to: NEVER }],
    operator: { ...usualOperator(plot), ...operator },
  };
  plot.people.push(person);
  const given = GIVEN[index % GIVEN.length] ?? 'Zoe';
  const own = (kind: Kind, text: string, issuer?: string) => anAttribute(plot, { kind, text, issuer, owner: person, from: hiredAt });
  return {
    person,
    address: own('address', `${given.toLowerCase()}${index}@acme.test`),
    number: own('number', `${system.id === mainSystem(plot).id ? 'N' : 'M'}100${index}`, system.id),
    sso: own('sso', `sso${index}`),
    hrId: own('hr-id', `id-${system.id}-${index}`, system.id),
    given: own('given', `${given}${index >= GIVEN.length ? 'a' : ''}`),
    family: own('family', `Silva${index}`),
  };
}

function mainSystem({ systems }: Plot): System {
  const [first] = systems;
  if (first === undefined) throw new Error('a plot has a system');
  return first;
}

function usualOperator({ throws, ordinary }: Plot): Operator {
  const looksAfter = throws.pick([5 * MINUTE, HOUR, 5 * HOUR, DAY, 3 * DAY]);
  const late = throws.pick([0, 3 * SECOND, 2 * MINUTE, 2 * HOUR]);
  if (ordinary) return { how: 'rightly', looksAfter, late };
  return { how: throws.pick(['rightly', 'rightly', 'rightly', 'rightly', 'releases', 'rejects', 'never'] as const), looksAfter, late };
}

/** What leads from Workfront to a person: by default the address and the number, mostly the names. */
export function anAccount(
  plot: Plot,
  cast: Cast,
  {
    fill = plot.throws.chance(0.7) ? ['emailAddr', 'extRefID', 'firstName', 'lastName'] : ['emailAddr', 'extRefID'],
    ...changes
  }: Partial<Omit<AccountPlan, 'id' | 'fields'>> & { fill?: readonly Field[] } = {},
): AccountPlan {
  const account = newAccount(plot, { owner: cast.person.id, fields: fieldsFor(plot, cast, fill), ...changes });
  if (account.madeAt <= START) plot.accounts.push(account);
  else happens(plot, { at: account.madeAt, do: 'make-account', account });
  return account;
}

function newAccount(plot: Plot, changes: Partial<AccountPlan> & { fields: Fields; owner: string | undefined }): AccountPlan {
  const index = plot.accounts.length + plot.actions.filter((action) => action.do === 'make-account').length;
  return {
    id: guid(0x100 + index),
    madeAt: LONG_AGO + index * DAY,
    isActive: true,
    isAdmin: false,
    lastLoginAt: plot.throws.chance(0.5) ? START - plot.throws.int(20) * DAY : undefined,
    ...changes,
  };
}

export function fieldsFor(plot: Plot, cast: Cast, fill: readonly Field[]): Fields {
  const from: Readonly<Record<Field, Attribute>> = {
    emailAddr: cast.address,
    username: cast.address,
    ssoUsername: cast.sso,
    extRefID: cast.number,
    firstName: cast.given,
    lastName: cast.family,
  };
  const fields: Fields = {};
  for (const field of fill) fields[field] = filled(plot, from[field]);
  return fields;
}

export const filled = ({ texts }: Plot, { id }: Attribute): Filled => ({ attribute: id, text: texts[id] ?? '', exact: true });

type Unplaced<A> = A extends { story: string } ? Omit<A, 'story'> : never;

export function happens(plot: Plot, action: Unplaced<Action>): void {
  plot.actions.push({ ...action, story: plot.story });
}

/** What an HR system records. The person's true employment is another matter: see `leaves` and `comesBack`. */
export function records(
  plot: Plot,
  cast: Cast,
  { at, endsAt, lastDay, system = systemOf(plot, cast) }: { at: number; endsAt?: number; lastDay?: string; system?: System },
): Fact {
  const fact: Fact = {
    id: `f${plot.facts.length}`,
    person: cast.person.id,
    system: system.id,
    recordedAt: at,
    says: endsAt === undefined ? 'stays' : 'ends',
    endsAt: endsAt ?? NEVER,
    lastDay,
  };
  plot.facts.push(fact);
  return fact;
}

function systemOf(plot: Plot, { person }: Cast): System {
  const id = person.employments.at(-1)?.system;
  return plot.systems.find((system) => system.id === id) ?? mainSystem(plot);
}

/** The person really stops to work. */
export function leaves({ person }: Cast, at: number): void {
  for (const employment of person.employments) if (employment.to > at) employment.to = Math.max(at, employment.from);
}

export function comesBack({ person }: Cast, at: number, system = person.employments.at(-1)?.system ?? ''): void {
  person.employments.push({ system, from: at, to: NEVER });
}

/** A last day as HR writes it, and from when access may end. */
export function lastDayOf(plot: Plot, at: number): { lastDay: string; endsAt: number; effective: Effective } {
  const lastDay = new Date(at).toISOString().slice(0, 10);
  return { lastDay, endsAt: endOf(plot, lastDay), effective: { date: lastDay } };
}

/** Zones without daylight-saving time; a date without a zone lasts longest at UTC-12. */
export const ZONES: Readonly<Record<string, number>> = { UTC: 0, 'Asia/Tokyo': 9, 'America/Phoenix': -7 };
export const OFFSETS: Readonly<Record<string, number>> = { PT0S: 0, PT2H: 2 * HOUR, '-PT1H': -HOUR };

function endOf({ rules: { dateMeans, defaultTimeZone } }: Plot, lastDay: string): number {
  const hours = defaultTimeZone === undefined ? -12 : (ZONES[defaultTimeZone] ?? 0);
  const midnight = Date.parse(`${lastDay}T00:00:00Z`) - hours * HOUR;
  return midnight + (dateMeans?.moment === 'start-of-day' ? 0 : DAY) + (OFFSETS[dateMeans?.offset ?? 'PT0S'] ?? 0);
}

export interface Telling {
  /** When it arrives; by default moments after it was recorded. */
  at?: number;
  /** Attributes instead of those that the system carries. */
  carries?: readonly Attribute[];
  effective?: Effective;
  ownId?: string;
  timed?: boolean;
  copies?: number;
  receivedAt?: number;
  rescinds?: string;
  /** HR says that the person stays by a sign of life: they are hired, or transferred. */
  sign?: 'hired' | 'transferred';
  system?: System;
  says?: Label['says'];
  spelled?: (text: string, kind: Kind) => string;
}

/** HR tells the product a fact, in the way of its system. */
export function tells(plot: Plot, fact: Fact, telling: Telling = {}): Delivery {
  const { throws } = plot;
  const system = telling.system ?? plot.systems.find(({ id }) => id === fact.system) ?? mainSystem(plot);
  const says = telling.says ?? (system.thin ? 'something' : fact.says === 'ends' ? 'ends' : 'stays');
  const attributes = telling.carries ?? carriedBy(plot, system, fact);
  const timed = telling.timed ?? isTimed(plot, system);
  const employee = employeeOf(plot, attributes, telling.spelled ?? ((text) => text));
  const occurred = timed ? { occurredAt: stamp(system, fact.recordedAt) } : {};
  const delivery: Delivery = {
    system: system.id,
    ownId: telling.ownId ?? (system.ownIds ? `e-${fact.id}-${says}` : undefined),
    event: eventOf(fact, { says, employee, occurred, telling }),
    label: {
      person: fact.person,
      fact,
      attributes: attributes.map(({ id }) => id),
      says,
      timed,
      askable: says !== 'stays' && system.canBeAsked && attributes.some(({ kind }) => kind === 'hr-id'),
    },
  };
  const at = telling.at ?? fact.recordedAt + delayOf(throws);
  comes(plot, delivery, { at, copies: telling.copies ?? (throws.chance(0.06) ? 2 : 1), receivedAt: telling.receivedAt });
  return delivery;
}

/** The same delivery, once more. */
export function comes(
  plot: Plot,
  delivery: Delivery,
  { at, copies = 1, receivedAt }: { at: number; copies?: number; receivedAt?: number | undefined },
): void {
  happens(plot, { at, do: 'deliver', delivery, copies, ...(receivedAt !== undefined && { receivedAt }) });
}

function eventOf(
  fact: Fact,
  { says, employee, occurred, telling }: { says: Label['says']; employee: Employee; occurred: { occurredAt?: string }; telling: Telling },
): HrEvent {
  if (says === 'stays') {
    if (telling.sign !== undefined) return { type: 'employee.sign_of_life', sign: telling.sign, ...occurred, employee };
    const named = telling.rescinds === undefined ? {} : { rescinds: telling.rescinds };
    return { type: 'employee.termination_rescinded', ...occurred, employee, ...named };
  }
  if (says === 'something')
    return { type: 'employee.terminated', ...occurred, employee, effective: { immediate: true }, unconfirmed: true };
  const effective = telling.effective ?? (fact.lastDay === undefined ? { immediate: true as const } : { date: fact.lastDay });
  return { type: 'employee.terminated', ...occurred, employee, effective };
}

/** The person's attributes at that time, of the kinds that the system carries. */
function carriedBy(plot: Plot, system: System, { person, recordedAt }: Pick<Fact, 'person' | 'recordedAt'>): Attribute[] {
  return plot.attributes.filter(
    (attribute) =>
      system.carries.includes(attribute.kind) &&
      ownsAt(attribute, person, recordedAt) &&
      (plot.issuers[attribute.id] === undefined || plot.issuers[attribute.id] === system.id),
  );
}

function employeeOf({ texts }: Plot, attributes: readonly Attribute[], spelled: (text: string, kind: Kind) => string): Employee {
  const employee: Employee = {};
  for (const { id, kind } of attributes) {
    const text = spelled(texts[id] ?? '', kind);
    if (kind === 'address') employee.email = text;
    if (kind === 'number') employee.employeeNumber = text;
    if (kind === 'sso') employee.ssoUsername = text;
    if (kind === 'hr-id') employee.sourceId = text;
    if (kind === 'given') employee.givenName = text;
    if (kind === 'family') employee.familyName = text;
  }
  return employee;
}

function isTimed({ throws }: Plot, { times }: System): boolean {
  return times === 'sometimes' ? throws.chance(0.5) : times !== 'none';
}

function stamp({ times }: System, at: number): string {
  const unit = times === 'minutes' ? MINUTE : times === 'days' ? DAY : 1;
  return new Date(Math.floor(at / unit) * unit).toISOString();
}

/** Webhooks come within seconds; some only after HR's nightly run, few after days. */
function delayOf(throws: Dice): number {
  const kind = throws.next();
  if (kind < 0.75) return throws.int(20 * SECOND);
  if (kind < 0.93) return throws.int(10 * MINUTE);
  if (kind < 0.99) return throws.int(10 * HOUR);
  return throws.int(4 * DAY);
}

/** A while, mostly of minutes to days, sometimes so short that steps meet. */
export function aWhile({ throws }: Plot): number {
  const kind = throws.next();
  if (kind < 0.1) return 1 + throws.int(5 * SECOND);
  if (kind < 0.3) return throws.int(10 * MINUTE);
  if (kind < 0.6) return throws.int(10 * HOUR);
  return throws.int(9 * DAY);
}

export const days = ({ throws }: Plot, from: number, to: number): number => (from + throws.int(to - from)) * DAY + throws.int(DAY);
