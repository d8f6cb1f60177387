import { fieldOf } from '../users/fields.ts';
import { type FakeUser, guidOf } from '../users/user.ts';
import type { Value } from './modifiers.ts';
import { Refusal } from './refusal.ts';
import type { Scope } from './scope.ts';

type Kind = 'text' | 'id' | 'boolean' | 'date' | 'number';

/** A field of USER, or a custom field, that a call may name. */
export interface Column {
  name: string;
  kind: Kind;
  writable: boolean;
  valueIn: (user: FakeUser) => Value;
}

/** The reference to a user's approval, "What's new in API version 15". */
export const APPROVAL = 'userApproval:ID';

/** @throws Refusal `APIModel V21_0 does not support field <name> (User)`, the text that third parties report of v17 */
export function columnOf(name: string, { version, directory, rules }: Pick<Scope, 'version' | 'directory' | 'rules'>): Column {
  if (name === 'objCode') return { name, kind: 'text', writable: false, valueIn: () => 'USER' };
  if (name.startsWith('DE:') && directory.knowsCustomField(name))
    return { name, kind: 'text', writable: true, valueIn: (user) => user.customFields[name] ?? null };

  if (name === APPROVAL) {
    const pending = new Set(rules.pendingApprovalIds);
    return { name, kind: 'id', writable: false, valueIn: ({ ID }) => (pending.has(ID) ? guidOf(`approval of ${ID}`) : null) };
  }
  const known = fieldOf(name, version);
  if (known === undefined)
    throw new Refusal(rules.invalidStatus, 'argument', `APIModel V${version}_0 does not support field ${name} (User)`);
  const { name: field, field: how } = known;
  // Filters go on reading it: only answers differ.
  if (field === 'isAdmin' && rules.isAdminField === 'null') return { name, ...how, valueIn: () => null };
  if (field === 'customerID' && rules.customerIdField !== 'value') return { name, ...how, valueIn: () => null };
  return { name, ...how, valueIn: (user) => (how.kind === 'date' ? instantOf(user[field]) : user[field]) };
}

/** Reads a value as a filter or an update writes it. Text that does not fit the kind stays text, which no value equals. */
export function readValue(text: string, { kind }: Pick<Column, 'kind'>, { caller, now }: Pick<Scope, 'caller' | 'now'>): Value {
  if (text === '$$USER.ID') return caller?.ID ?? null;
  switch (kind) {
    case 'boolean':
      return { true: true, false: false }[text.toLowerCase()] ?? text;
    case 'number':
      return Number.isNaN(Number(text)) ? text : Number(text);
    case 'date':
      return readInstant(text, now) ?? text;
    default:
      return text;
  }
}

/** Writes an instant as Workfront does, with a colon before the milliseconds: `2020-05-18T17:00:00:000-0600`. */
export function spellInstant(instant: Value, utcOffset: string): string | null {
  if (typeof instant !== 'number') return null;
  const [sign, hours, minutes] = [utcOffset.slice(0, 1), Number(utcOffset.slice(1, 3)), Number(utcOffset.slice(3))];
  const local = new Date(instant + (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000).toISOString();
  return `${local.slice(0, 19)}:${local.slice(20, 23)}${utcOffset}`;
}

function instantOf(value: Value): number | null {
  return typeof value === 'string' ? Date.parse(value) : null;
}

const DAYS_IN: Readonly<Record<string, number>> = { d: 1, w: 7 };

function readInstant(text: string, now: number): number | undefined {
  if (text === '$$NOW') return now;
  const today = /^\$\$TODAY(?:([+-]\d+)([dw]))?$/.exec(text);
  if (today !== null) {
    const [, many = '0', unit = 'd'] = today;
    return (Math.floor(now / 86_400_000) + Number(many) * (DAYS_IN[unit] ?? 1)) * 86_400_000;
  }
  const instant = Date.parse(text.replace(/(\d\d:\d\d:\d\d):(\d{3})/, '$1.$2').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(instant) ? undefined : instant;
}
