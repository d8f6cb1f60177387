import type { ObjectStore } from '../objects/object-store.ts';
import { OBJECT_TYPES, type ObjectType, objectTypeOf } from '../objects/object-types.ts';
import { readObjects } from '../objects/read-objects.ts';
import { last } from '../query/parameters.ts';
import { Refusal } from '../query/refusal.ts';
import type { Scope } from '../query/scope.ts';
import { count, type Row, readFields, search } from '../query/search.ts';
import { fieldOf, fieldsOf } from '../users/fields.ts';
import type { FakeUser } from '../users/user.ts';
import type { Behaviour } from './behaviour.ts';
import { type Call, parametersOf } from './call.ts';
import { idsIn, readUpdates } from './updates.ts';
import { updateUsers, visible } from './writes.ts';

export interface Operation {
  objects: ObjectStore;
  behaviour: Behaviour;
  scope: Scope;
  onChange: (before: FakeUser, after: FakeUser) => void;
  later: (milliseconds: number, then: () => void) => void;
}

/**
 * Does what a call asks of USER.
 *
 * @returns the body that Workfront answers with status 200
 * @throws Refusal if Workfront answers with another status
 */
export function perform(call: Call, operation: Operation): unknown {
  const [type = '', second, ...more] = call.parts;
  if (type === 'metadata') return { data: { objects: objectList() } };
  const other = objectTypeOf(type);
  if (other !== undefined && call.method === 'GET' && more.length === 0) return readOther(other, { call, second }, operation);
  if (type.toLowerCase() !== 'user') throw new Refusal(operation.behaviour.unknownTypeStatus, 'argument', `Unknown object type: ${type}`);

  const isRead = call.method === 'GET' || (call.method === 'POST' && second === 'search');
  if (isRead && more.length > 0) throw unrecognised();
  if (isRead) return readUsers(call, second, operation);
  if (call.method === 'PUT') return writeUsers(call, operation);
  throw new Refusal(400, 'unsupported', `${call.method} is not offered by the fake Workfront`);
}

const objectList = () =>
  Object.fromEntries([{ label: 'User', objCode: 'USER' }, ...OBJECT_TYPES].map(({ label, objCode }) => [label, { objCode, name: label }]));

function readOther(
  type: ObjectType,
  { call, second }: { call: Call; second: string | undefined },
  { objects, behaviour, scope }: Operation,
): unknown {
  const { unknownFields, blindCredential: isBlind } = behaviour;
  return readObjects(type, second, { parameters: parametersOf(call), reach: { objects, scope, unknownFields, isBlind } });
}

function readUsers(call: Call, second: string | undefined, { behaviour, scope }: Operation): unknown {
  const parameters = parametersOf(call);
  switch (second) {
    case 'metadata':
      return { data: { objCode: 'USER', name: 'User', fields: metadataOf(scope.version) } };
    case 'count': {
      const found = { count: count(parameters, scope) };
      return behaviour.countShape === 'bare' ? found : { data: found };
    }
    case 'report':
      throw new Refusal(400, 'unsupported', 'report is not offered by the fake Workfront');
    case 'search': {
      const show = readFields(parameters, scope);
      return { data: listed(search(parameters, scope).map(show), call) };
    }
    case undefined: {
      const show = readFields(parameters, scope);
      const users = idsIn(parameters).flatMap((id) => scope.directory.byId(id) ?? []);
      return { data: listed(users.filter(scope.sees).map(show), call) };
    }
    default: {
      const row = readFields(parameters, scope)(visible(second, scope, behaviour));
      return { object: { data: row }, array: { data: [row] }, bare: row }[behaviour.singleShape];
    }
  }
}

function writeUsers(call: Call, { behaviour, scope, onChange, later }: Operation): unknown {
  const parameters = parametersOf(call);
  const action = call.parts[2] ?? last(parameters, 'action');
  if (call.parts.length > 3) throw unrecognised();
  if (action !== undefined)
    throw new Refusal(behaviour.invalidStatus, 'argument', `APIModel V${scope.version}_0 does not support action ${action} (User)`);

  const shown = behaviour.sparseWriteAnswer ? [['fields', 'ID'] as const] : parameters;
  const show = readFields(shown, scope);
  const { updates, isList } = readUpdates(call, scope.rules);
  if (updates.length === 0) throw new Refusal(behaviour.invalidStatus, 'argument', 'ID is required');
  const rows = updateUsers(updates, { behaviour, scope, onChange, later }).map(show);

  if (last(parameters, 'atomic') === 'true') return { data: { success: true } };
  return { data: isList ? rows : rows[0] };
}

/** Makes a list, or with `map=true` an object by ID. */
function listed(rows: readonly Row[], call: Call): unknown {
  return last(parametersOf(call), 'map') === 'true' ? Object.fromEntries(rows.map((row) => [row.ID, row])) : rows;
}

function metadataOf(version: number): Record<string, { fieldType: string; flags: string[] }> {
  const types = { text: 'string', id: 'string', boolean: 'boolean', date: 'dateTime', number: 'double' };
  return Object.fromEntries(
    fieldsOf(version).flatMap((name) => {
      const known = fieldOf(name, version);
      if (known === undefined) return [];
      return [[name, { fieldType: types[known.field.kind], flags: known.field.writable ? [] : ['READ_ONLY'] }]];
    }),
  );
}

const unrecognised = () => new Refusal(400, 'argument', 'unrecognized URI format: too many parts');
