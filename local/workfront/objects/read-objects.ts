import { type Column, readValue } from '../query/columns.ts';
import { modifierOf, type Value } from '../query/modifiers.ts';
import { isSetting, last, type Parameters } from '../query/parameters.ts';
import { Refusal } from '../query/refusal.ts';
import type { Scope } from '../query/scope.ts';
import type { FakeObject, ObjectStore } from './object-store.ts';
import type { ObjectType } from './object-types.ts';

/** What a read of objects is answered from. */
export interface ObjectReach {
  objects: ObjectStore;
  scope: Scope;
  /** `<object>.<field>` that this tenant does not have. */
  unknownFields: readonly string[];
  /** A credential without rights sees nothing, with status 200. */
  isBlind: boolean;
}

/**
 * Answers `count`, `search` and `metadata` of an object beside USER. Filters are those of USER, without `filters=`; a search answers in
 * order of entry, or by ID.
 *
 * @throws Refusal for another service, and for an unknown field
 */
export function readObjects(type: ObjectType, service: string | undefined, call: { parameters: Parameters; reach: ObjectReach }): unknown {
  const { parameters, reach } = call;
  const fields = Object.keys(type.fields).filter((field) => !reach.unknownFields.includes(`${type.name}.${field}`));
  if (service === 'metadata') {
    return {
      data: {
        objCode: type.objCode,
        name: type.label,
        fields: Object.fromEntries(fields.map((field) => [field, { fieldType: 'string' }])),
      },
    };
  }
  const found = matching(type, fields, call);
  if (service === 'count') return { data: { count: found.length } };
  if (service !== 'search')
    throw new Refusal(400, 'unsupported', `${service ?? 'a read by ID'} of ${type.label} is not offered by the fake Workfront`);

  const asked = (last(parameters, 'fields') ?? 'ID').split(',').map((field) => columnOf(field, type, { fields, reach }).name);
  const shown = [...new Set(['ID', ...asked])];
  const limit = Number(last(parameters, '$$LIMIT') ?? 100);
  const inOrder = last(parameters, 'ID_Sort') === 'asc' ? found.toSorted((one, other) => (one.ID < other.ID ? -1 : 1)) : found;
  return {
    data: inOrder
      .slice(0, limit)
      .map((object) => ({ ...Object.fromEntries(shown.map((field) => [field, object[field] ?? null])), objCode: type.objCode })),
  };
}

function matching(
  type: ObjectType,
  fields: readonly string[],
  { parameters, reach }: { parameters: Parameters; reach: ObjectReach },
): FakeObject[] {
  const named = parameters.filter(([name]) => !isSetting(name));
  const groups = [...Map.groupBy(named, ([name]) => /^OR:[^:]+:/.exec(name)?.[0] ?? '')].map(([prefix, members]) =>
    conditionsOf(
      members.map(([name, value]) => [name.slice(prefix.length), value] as const),
      type,
      { fields, reach },
    ),
  );
  if (reach.isBlind) return [];
  return reach.objects.of(type.name).filter((object) => groups.length === 0 || groups.some((all) => all.every((passes) => passes(object))));
}

function conditionsOf(
  members: Parameters,
  type: ObjectType,
  { fields, reach }: { fields: readonly string[]; reach: ObjectReach },
): ((object: FakeObject) => boolean)[] {
  const values = (name: string) => members.flatMap(([one, value]) => (one === name ? [value] : []));
  const names = new Set(members.map(([name]) => name).filter((name) => !name.endsWith('_Mod')));
  return [...names].map((name) => {
    const column = columnOf(name, type, { fields, reach });
    const given = values(name);
    const [modName = given.length > 1 ? 'in' : 'eq'] = values(`${name}_Mod`);
    const modifier = modifierOf(modName, reach.scope.rules);
    const { invalidStatus } = reach.scope.rules;
    if (modifier === undefined) throw new Refusal(invalidStatus, 'argument', `Invalid modifier ${modName} for field ${name}`);
    const expected = given.map((text): Value => readValue(text, column, reach.scope));
    return (object) => modifier.passes(object[name] ?? null, expected);
  });
}

function columnOf(
  name: string,
  { label, fields: kinds }: ObjectType,
  { fields, reach }: { fields: readonly string[]; reach: ObjectReach },
): Pick<Column, 'kind'> & { name: string } {
  const { version, rules } = reach.scope;
  if (!fields.includes(name))
    throw new Refusal(rules.invalidStatus, 'argument', `APIModel V${version}_0 does not support field ${name} (${label})`);
  return { name, kind: kinds[name] === 'id' ? 'id' : 'text' };
}
