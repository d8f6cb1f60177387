import * as z from 'zod';
import { fieldsOf } from '../users/fields.ts';
import type { FakeUser } from '../users/user.ts';
import { APPROVAL, type Column, columnOf, spellInstant } from './columns.ts';
import { type Filter, readFilter } from './filters.ts';
import { compare, type Value } from './modifiers.ts';
import { last, type Parameters, readJson } from './parameters.ts';
import { Refusal } from './refusal.ts';
import type { Scope } from './scope.ts';

/** "API basics", limits: 100 rows without `$$LIMIT`, 2,000 rows at most. */
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 2000;

/** The fields that a search without `fields=` shows. Adobe does not list them; a connector in production reads these. */
const DEFAULT_FIELDS = ['emailAddr', 'licenseType', 'workHoursPerDay'];

export type Row = Record<string, Value | Readonly<Record<string, string>>>;

/**
 * The users that a search finds, page by page. Without a sort no two pages agree on an order, as in the real Workfront.
 *
 * @throws Refusal for an unknown field, and for a limit above 2,000
 */
export function search(parameters: Parameters, scope: Scope): FakeUser[] {
  const filter = readFilter(parameters, scope);
  const sorts = readSorts(parameters, scope);
  const limit = readLimit(parameters, scope);
  const first = Math.max(0, Math.trunc(Number(last(parameters, '$$FIRST') ?? 0)) || 0);

  if (sorts.length > 0) return sorted(matching(filter, scope), sorts).slice(first, first + limit);
  if (scope.rules.unstableOrder) return fromAnywhere(filter, scope, first + limit).slice(first);
  return matching(filter, scope).slice(first, first + limit);
}

/** The number of users that a search would find. @throws Refusal for an unknown field */
export function count(parameters: Parameters, scope: Scope): number {
  const filter = readFilter(parameters, scope);
  let found = 0;
  for (const user of filter.candidates() ?? scope.directory) if (filter.matches(user)) found += 1;
  return found;
}

/**
 * Reads which fields a call asks for: `fields=` with commas, or as a JSON array.
 *
 * @returns a function that shows one user
 * @throws Refusal for an unknown field
 */
export function readFields(parameters: Parameters, scope: Scope): (user: FakeUser) => Row {
  const { utcOffset, customerIdField, isAdminField } = scope.rules;
  const absent = [...(customerIdField === 'absent' ? ['customerID'] : []), ...(isAdminField === 'absent' ? ['isAdmin'] : [])];
  const asked = parameters.filter(([name]) => name === 'fields').flatMap(([, text]) => namesIn(text, scope));
  const names = (asked.length > 0 ? asked : DEFAULT_FIELDS).flatMap((name) => (name === '*' ? fieldsOf(scope.version) : [name]));
  const columns = ['ID', 'name', 'objCode', ...names]
    .filter((name) => name !== 'parameterValues')
    .map((name) => columnOf(name, scope))
    .filter(({ name }) => !absent.includes(name));
  const show = ({ kind, valueIn }: Column, user: FakeUser) => (kind === 'date' ? spellInstant(valueIn(user), utcOffset) : valueIn(user));

  return (user) => {
    const row: Row = {};
    for (const column of columns) row[column.name] = show(column, user);
    const approval = row[APPROVAL];
    if (approval !== undefined) {
      delete row[APPROVAL];
      row.userApproval = approval === null ? null : { ID: String(approval) };
    }
    return names.includes('parameterValues') ? { ...row, parameterValues: user.customFields } : row;
  };
}

function namesIn(text: string, { rules: { invalidStatus: status } }: Scope): string[] {
  const isJson = text.trimStart().startsWith('[');
  const names = isJson ? readJson(text, { schema: z.array(z.string()), what: 'fields', status }) : text.split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

function readLimit(parameters: Parameters, { rules: { limitBelowOne, invalidStatus } }: Scope): number {
  const text = last(parameters, '$$LIMIT');
  const limit = Math.trunc(Number(text ?? DEFAULT_LIMIT));
  if (limit > MAX_LIMIT)
    throw new Refusal(invalidStatus, 'argument', `The requested limit ${limit} is greater than the maximum allowed limit of ${MAX_LIMIT}`);
  if (limit > 0) return limit;
  if (limitBelowOne === 'error') throw new Refusal(invalidStatus, 'argument', `Invalid limit ${text}`);
  return limitBelowOne === 'unlimited' ? Number.POSITIVE_INFINITY : DEFAULT_LIMIT;
}

interface Sort {
  column: Column;
  direction: 1 | -1;
}

/** `name_Sort=asc`, or `name_1_Sort=asc&ID_2_Sort=desc` for several keys. */
function readSorts(parameters: Parameters, scope: Scope): Sort[] {
  return parameters
    .flatMap(([name, direction]) => {
      const [, field, rank = '0'] = /^(.+?)(?:_(\d+))?_Sort$/.exec(name) ?? [];
      return field === undefined ? [] : [{ field, rank: Number(rank), direction }];
    })
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ field, direction }) => ({ column: columnOf(field, scope), direction: direction.toLowerCase() === 'desc' ? -1 : 1 }));
}

function sorted(users: FakeUser[], sorts: readonly Sort[]): FakeUser[] {
  return users.sort((one, other) => {
    for (const { column, direction } of sorts) {
      const order = compare(column.valueIn(one), column.valueIn(other));
      if (order !== 0) return order * direction;
    }
    return 0;
  });
}

function matching(filter: Filter, { directory }: Scope): FakeUser[] {
  return (filter.candidates() ?? directory.all()).filter(filter.matches);
}

let searches = 0;

/** The first `enough` matches, from another starting point each time. */
function fromAnywhere(filter: Filter, { directory }: Scope, enough: number): FakeUser[] {
  const users = filter.candidates() ?? directory.all();
  const start = users.length === 0 ? 0 : (searches++ * 7919) % users.length;
  const found: FakeUser[] = [];
  for (let step = 0; step < users.length && found.length < enough; step++) {
    const user = users[(start + step) % users.length];
    if (user !== undefined && filter.matches(user)) found.push(user);
  }
  return found;
}
