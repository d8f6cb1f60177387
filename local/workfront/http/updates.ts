import * as z from 'zod';
import { columnOf } from '../query/columns.ts';
import { isSetting, last, type Parameters, readJson } from '../query/parameters.ts';
import { Refusal } from '../query/refusal.ts';
import type { QueryRules, Scope } from '../query/scope.ts';
import type { FakeUser, UserChanges } from '../users/user.ts';
import { type Call, parametersOf } from './call.ts';

/** "API basics": at most 100 objects in one bulk call. */
const MAX_BULK = 100;

const updates = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
type Updates = z.infer<typeof updates>;

/** The changes that a call asks of one user. */
export interface Update {
  id: string;
  updates: Updates;
}

/**
 * Reads the changes that a PUT asks for: fields in the query or in a form, `updates=` in either, or a JSON body; for one user by
 * path or `id=`, for several by a list of `{"ID", ...}`.
 *
 * @throws Refusal if the call mixes these ways, has broken JSON, or asks for more than 100 updates
 */
export function readUpdates(call: Call, { usernameFilterDropped, invalidStatus }: QueryRules): { updates: Update[]; isList: boolean } {
  const parameters = parametersOf(call);
  const json = call.json ?? last(parameters, 'updates');
  const plain = parameters.filter(([name]) => !isSetting(name) && name !== 'ID' && !(usernameFilterDropped && name === 'username'));
  const ids = call.parts[1] === undefined ? idsIn(parameters) : [call.parts[1]];
  const forEach = (expected: Updates) => ({ updates: ids.map((id) => ({ id, updates: expected })), isList: ids.length > 1 });
  const invalid = (message: string) => new Refusal(invalidStatus, 'argument', message);

  if (json === undefined) return forEach(Object.fromEntries(plain));
  if (plain[0] !== undefined) throw invalid(`Cannot mix 'updates' JSON parameter with non-JSON update parameter '${plain[0][0]}'`);

  const expected = readJson(json, { schema: z.union([z.array(updates), updates]), what: 'updates', status: invalidStatus });
  if (!Array.isArray(expected)) return forEach(expected);
  if (expected.length > MAX_BULK) throw invalid(`The requested ${expected.length} updates are more than the maximum of ${MAX_BULK}`);
  return { updates: expected.map(({ ID, ...rest }) => ({ id: String(ID), updates: rest })), isList: true };
}

/** Every `id=` of a call; the parameter may occur more than once, and each may be a list. */
export function idsIn(parameters: Parameters): string[] {
  return parameters
    .filter(([name]) => name === 'id' || name === 'ID')
    .flatMap(([, value]) => value.split(','))
    .filter((id) => id !== '');
}

/**
 * The changes that an update makes to a user; empty if the user already is as asked. `"false"` and `false` are the same.
 *
 * @throws Refusal for a field that is unknown, read-only or not of that kind
 */
export function changesOf(expected: Updates, user: FakeUser, scope: Scope): UserChanges {
  const changes: Record<string, unknown> = {};
  const customFields: Record<string, string> = {};
  for (const [name, value] of Object.entries(expected)) {
    if (name === 'ID' && value === user.ID) continue;
    const column = columnOf(name, scope);
    if (!column.writable) throw new Refusal(scope.rules.invalidStatus, 'argument', `Field ${name} (User) cannot be edited`);
    const next = column.kind === 'boolean' ? booleanOf(name, value, scope.rules) : value === null ? null : String(value);
    if (next === column.valueIn(user)) continue;
    if (name.startsWith('DE:')) customFields[name] = String(next ?? '');
    else changes[name] = next;
  }
  return { ...changes, ...(Object.keys(customFields).length > 0 && { customFields: { ...user.customFields, ...customFields } }) };
}

function booleanOf(name: string, value: Updates[string], { invalidStatus }: QueryRules): boolean {
  const read = { true: true, false: false }[String(value).toLowerCase()];
  if (read === undefined) throw new Refusal(invalidStatus, 'argument', `Invalid value for field ${name} (User)`);
  return read;
}
