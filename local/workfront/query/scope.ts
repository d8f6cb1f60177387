import type { FakeDirectory } from '../users/directory.ts';
import type { FakeUser } from '../users/user.ts';

/** The switches that decide how a query is read and answered. docs/fake-workfront.md explains each of them. */
export interface QueryRules {
  usernameFilterDropped: boolean;
  dropFilters: readonly string[];
  eqIgnoresCase: boolean;
  startsWithIgnoresCase: boolean;
  orGroups: 'right' | 'too-many' | 'too-few';
  unstableOrder: boolean;
  limitBelowOne: 'default' | 'unlimited' | 'error';
  customerIdField: 'value' | 'null' | 'absent';
  isAdminField: 'value' | 'null' | 'absent';
  pendingApprovalIds: readonly string[];
  utcOffset: string;
  /** The HTTP status that refuses an unknown field, modifier or limit. */
  invalidStatus: number;
}

/** Everything that a query is read against: API version, customer, caller, rules and time. */
export interface Scope {
  version: number;
  directory: FakeDirectory;
  /** The user that the call acts as. */
  caller: FakeUser | undefined;
  /** Whether the caller's rights let it see a user. */
  sees: (user: FakeUser) => boolean;
  rules: QueryRules;
  /** Milliseconds since the epoch. */
  now: number;
}
