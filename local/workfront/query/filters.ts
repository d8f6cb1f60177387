import * as z from 'zod';
import { isIndexed } from '../users/directory.ts';
import type { FakeUser } from '../users/user.ts';
import { type Column, columnOf, readValue } from './columns.ts';
import { type Modifier, modifierOf, type Value } from './modifiers.ts';
import { isSetting, type Parameter, type Parameters, readJson } from './parameters.ts';
import { Refusal } from './refusal.ts';
import type { QueryRules, Scope } from './scope.ts';

export interface Filter {
  matches: (user: FakeUser) => boolean;
  /** The users that may match, if an index knows them; undefined: any user may match. */
  candidates: () => FakeUser[] | undefined;
}

interface Condition {
  column: Column;
  modifier: Modifier;
  expected: readonly Value[];
}

/**
 * Reads the filters of a search, as "API basics" describes them: `field=value`, `field_Mod=`, `field_Range=`, `OR:<group>:field=` and
 * `filters=` with the same as JSON. All conditions of a group must hold. Groups are alternatives, and the conditions outside of
 * every group are one more alternative: they do not apply inside the groups.
 *
 * @throws Refusal for an unknown field or modifier
 */
export function readFilter(parameters: Parameters, scope: Scope): Filter {
  const { rules, sees } = scope;
  const named = [...parameters.filter(([name]) => !isSetting(name) && !isEaten(name, rules)), ...fromJson(parameters, rules)];
  const alternatives = groupsOf(named, rules)
    .map((members) => conditions(members, scope))
    .filter((all) => all.length > 0);

  return {
    matches: (user) => sees(user) && (alternatives.length === 0 || alternatives.some((all) => all.every((one) => passes(one, user)))),
    candidates() {
      const found = alternatives.map((all) => fromIndex(all, scope));
      if (found.length === 0 || found.includes(undefined)) return undefined;
      return [...new Set(found.flatMap((users) => users ?? []))];
    },
  };
}

/** The parameters of each alternative, without their `OR:<group>:`. */
function groupsOf(named: Parameters, { orGroups }: QueryRules): Parameters[] {
  const groups = [...Map.groupBy(named, ([name]) => /^OR:[^:]+:/.exec(name)?.[0] ?? '')].map(([prefix, members]) => ({
    prefix,
    members: members.map(([name, value]): Parameter => [name.slice(prefix.length), value]),
  }));
  const kept = {
    right: groups,
    'too-many': groups.filter(({ prefix }) => prefix === ''),
    'too-few': groups.slice(0, 1),
  }[orGroups];
  return kept.map(({ members }) => members);
}

/**
 * Workfront takes the plain parameter `username` for a log-in, so it never reaches the filter ("API basics": use `filters=`). Nobody
 * documents `OR:1:username`, so the fake drops it too.
 */
function isEaten(name: string, { usernameFilterDropped, dropFilters }: QueryRules): boolean {
  const field = name.replace(/^OR:[^:]+:/, '');
  return (usernameFilterDropped && field === 'username') || dropFilters.includes(field.replace(/_(Mod|Range)$/, ''));
}

const jsonFilters = z.record(
  z.string(),
  z.union([z.string(), z.boolean(), z.number(), z.null(), z.array(z.union([z.string(), z.number(), z.boolean()]))]),
);

function fromJson(parameters: Parameters, { invalidStatus }: QueryRules): Parameters {
  return parameters
    .filter(([name]) => name === 'filters')
    .flatMap(([, text]) => Object.entries(readJson(text, { schema: jsonFilters, what: 'filters', status: invalidStatus })))
    .flatMap(([name, value]) => [value].flat().map((one): Parameter => [name, one === null ? '' : String(one)]));
}

function conditions(group: Parameters, scope: Scope): Condition[] {
  const values = (name: string) => group.filter(([one]) => one === name).map(([, value]) => value);
  const fields = new Set(group.map(([name]) => name).filter((name) => !/_(Mod|Range)$/.test(name)));

  return [...fields].map((name) => {
    const column = columnOf(name, scope);
    const [given, range] = [values(name), values(`${name}_Range`)];
    const usual = range.length > 0 ? 'between' : given.length > 1 ? 'in' : 'eq';
    const modName = values(`${name}_Mod`)[0] ?? usual;
    const modifier = modifierOf(modName, scope.rules);
    if (modifier === undefined) throw new Refusal(scope.rules.invalidStatus, 'argument', `Invalid modifier ${modName} for field ${name}`);
    const texts = column.kind === 'id' ? given.flatMap((value) => value.split(',')) : given;
    return { column, modifier, expected: [...texts, ...range].map((text) => readValue(text, column, scope)) };
  });
}

function passes({ column, modifier, expected }: Condition, user: FakeUser): boolean {
  return modifier.passes(column.valueIn(user), expected);
}

function fromIndex(all: readonly Condition[], { directory }: Scope): FakeUser[] | undefined {
  for (const { column, modifier, expected } of all) {
    if (modifier.indexed === undefined) continue;
    const { name } = column;
    if (name === 'ID') return expected.map((id) => directory.byId(String(id))).filter((user) => user !== undefined);
    if (isIndexed(name)) return expected.flatMap((value) => directory.lookup(name, String(value)));
  }
  return undefined;
}
