import * as z from 'zod';
import type { Behaviour } from './behaviour.ts';
import { fieldsOf } from './fields.ts';
import { type Filter, readFilter } from './filters.ts';
import { compare, type Value } from './modifiers.ts';
import { last, type Parameters, readJson } from './parameters.ts';
import { Refusal } from './refusal.ts';
import type { FakeUser } from './user.ts';
import { type Column, columnOf, type Scope, spellInstant } from './values.ts';

/** "API basics", limits: 100 rows where `$$LIMIT` is missing, 2,000 at most. */
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 2000;

/** What a search without `fields=` shows. Adobe does not list it; a connector in production reads these. */
const DEFAULT_FIELDS = ['emailAddr', 'licenseType', 'workHoursPerDay'];

export type Row = Record<string, Value | Readonly<Record<string, string>>>;

/**
 * The users that a search finds, page by page. Without a sort no two pages agree on an order, as on the real one.
 * @throws Refusal for an unknown field, and for a limit above 2,000
 */
export function search(parameters: Parameters, behaviour: Behaviour, scope: Scope): FakeUser[] {
  const filter = readFilter(parameters, behaviour, scope);
  const sorts = readSorts(parameters, scope);
  const limit = readLimit(parameters, behaviour, scope);
  const first = Math.max(0, Math.trunc(Number(last(parameters, '$$FIRST') ?? 0)) || 0);

  if (sorts.length > 0) return sorted(matching(filter, scope), sorts).slice(first, first + limit);
  if (behaviour.unstableOrder) return fromAnywhere(filter, scope, first + limit).slice(first);
  return matching(filter, scope).slice(first, first + limit);
}

/** How many users a search would find. */
export function count(parameters: Parameters, behaviour: Behaviour, scope: Scope): number {
  const filter = readFilter(parameters, behaviour, scope);
  let found = 0;
  for (const user of filter.candidates() ?? scope.directory) if (filter.matches(user)) found += 1;
  return found;
}

/** How a call wants users shown: `fields=` as a list parted by commas or as a JSON array. @throws Refusal for an unknown field */
export function readFields(parameters: Parameters, { utcOffset }: Pick<Behaviour, 'utcOffset'>, scope: Scope): (user: FakeUser) => Row {
  const asked = parameters.filter(([name]) => name === 'fields').flatMap(([, text]) => namesIn(text, scope));
  const names = (asked.length > 0 ? asked : DEFAULT_FIELDS).flatMap((name) => (name === '*' ? fieldsOf(scope.version) : [name]));
  const columns = ['ID', 'name', 'objCode', ...names.filter((name) => name !== 'parameterValues')].map((name) => columnOf(name, scope));
  const show = ({ kind, valueIn }: Column, user: FakeUser) => (kind === 'date' ? spellInstant(valueIn(user), utcOffset) : valueIn(user));

  return (user) => {
    const row: Row = {};
    for (const column of columns) row[column.name] = show(column, user);
    return names.includes('parameterValues') ? { ...row, parameterValues: user.customFields } : row;
  };
}

function namesIn(text: string, { invalidStatus }: Scope): string[] {
  const names = text.trimStart().startsWith('[') ? readJson(text, z.array(z.string()), 'fields', invalidStatus) : text.split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

function readLimit(parameters: Parameters, { limitBelowOne }: Behaviour, { invalidStatus }: Scope): number {
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

/** `name_Sort=asc`, or `name_1_Sort=asc&ID_2_Sort=desc` where there are several. */
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

let turn = 0;

/** The first `enough` matches, beginning at another user each time. */
function fromAnywhere(filter: Filter, { directory }: Scope, enough: number): FakeUser[] {
  const users = filter.candidates() ?? directory.all();
  const start = users.length === 0 ? 0 : (turn++ * 7919) % users.length;
  const found: FakeUser[] = [];
  for (let step = 0; step < users.length && found.length < enough; step++) {
    const user = users[(start + step) % users.length];
    if (user !== undefined && filter.matches(user)) found.push(user);
  }
  return found;
}
