import * as z from 'zod';
import type { Behaviour } from './behaviour.ts';
import { isIndexed } from './directory.ts';
import { type Modifier, modifierOf, type Value } from './modifiers.ts';
import { isSetting, type Parameter, type Parameters, readJson } from './parameters.ts';
import { Refusal } from './refusal.ts';
import type { FakeUser } from './user.ts';
import { type Column, columnOf, readValue, type Scope } from './values.ts';

export interface Filter {
  matches: (user: FakeUser) => boolean;
  /** Users among which all that match are, where an index knows; undefined means any user may match. */
  candidates: () => FakeUser[] | undefined;
}

interface Condition {
  column: Column;
  modifier: Modifier;
  expected: readonly Value[];
}

/**
 * Reads the filters of a search, as "API basics" describes them: `field=value`, `field_Mod=`, `field_Range=`, `OR:<group>:field=` and
 * `filters=` with all of that as JSON. Conditions of a group hold together, groups are alternatives, and what stands outside every group is
 * one more alternative: it is not carried into them.
 * @throws Refusal for an unknown field or modifier
 */
export function readFilter(parameters: Parameters, behaviour: Behaviour, scope: Scope): Filter {
  const named = [...parameters.filter(([name]) => !isSetting(name) && !isEaten(name, behaviour)), ...fromJson(parameters, scope)];
  const groups = Map.groupBy(named, ([name]) => /^OR:[^:]+:/.exec(name)?.[0] ?? '');
  const alternatives = [...groups]
    .map(([prefix, members]) => members.map(([name, value]): Parameter => [name.slice(prefix.length), value]))
    .map((members) => conditions(members, behaviour, scope))
    .filter((all) => all.length > 0);

  return {
    matches: (user) => alternatives.length === 0 || alternatives.some((all) => all.every((one) => passes(one, user))),
    candidates() {
      const found = alternatives.map((all) => fromIndex(all, scope));
      if (found.length === 0 || found.includes(undefined)) return undefined;
      return [...new Set(found.flatMap((users) => users ?? []))];
    },
  };
}

/** The plain parameter `username` is read as a log-in and never reaches the filter ("API basics": use `filters=` instead). */
function isEaten(name: string, { usernameFilterDropped, dropFilters }: Behaviour): boolean {
  return (usernameFilterDropped && name === 'username') || dropFilters.includes(name.replace(/_(Mod|Range)$/, ''));
}

const jsonFilters = z.record(
  z.string(),
  z.union([z.string(), z.boolean(), z.number(), z.null(), z.array(z.union([z.string(), z.number(), z.boolean()]))]),
);

function fromJson(parameters: Parameters, { invalidStatus }: Scope): Parameters {
  return parameters
    .filter(([name]) => name === 'filters')
    .flatMap(([, text]) => Object.entries(readJson(text, jsonFilters, 'filters', invalidStatus)))
    .flatMap(([name, value]) => [value].flat().map((one): Parameter => [name, one === null ? '' : String(one)]));
}

function conditions(group: Parameters, behaviour: Behaviour, scope: Scope): Condition[] {
  const values = (name: string) => group.filter(([one]) => one === name).map(([, value]) => value);
  const fields = new Set(group.map(([name]) => name).filter((name) => !/_(Mod|Range)$/.test(name)));

  return [...fields].map((name) => {
    const column = columnOf(name, scope);
    const [given, range] = [values(name), values(`${name}_Range`)];
    const usual = range.length > 0 ? 'between' : given.length > 1 ? 'in' : 'eq';
    const modName = values(`${name}_Mod`)[0] ?? usual;
    const modifier = modifierOf(modName, behaviour);
    if (modifier === undefined) throw new Refusal(scope.invalidStatus, 'argument', `Invalid modifier ${modName} for field ${name}`);
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
