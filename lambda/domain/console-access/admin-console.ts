import type { Desk } from '../ports.ts';

/** The product profiles and user groups that give access to Workfront, as the stage names them. Nothing else is ever removed. */
export interface NamedAccess {
  profiles: readonly string[];
  groups: readonly string[];
}

/** Who the Console knows by an address, as a command must name them: another spelling of the address is another person there. */
export interface ConsoleUser {
  name: string;
  isAdobeId: boolean;
}

/** What a person has: assigned to themselves, and also what they have through a user group. */
export interface Memberships {
  user: ConsoleUser;
  direct: readonly string[];
  all: readonly string[];
}

/** Names in one step of a command ("User Management Action Commands", User Management API). */
export const MOST_NAMES = 10;

/** What became of a removal. `accepted` is no proof: only reading again is. `elsewhere`: a person must do it in another place. */
export type Removal = { kind: 'accepted' } | { kind: 'nobody' } | { kind: 'elsewhere'; code: string; saw: string };

/**
 * The Adobe Admin Console. No failure has an address in it.
 * Every call may throw TransientFailure, CredentialFailure, StageFailure or PermanentFailure, and nothing else on purpose.
 */
export interface AdminConsole {
  /** @returns undefined if the Console shows no such user: never there, removed, or disabled */
  memberships(address: string): Promise<Memberships | undefined>;
  /**
   * Removes one person from the profiles and groups of these names, at most {@link MOST_NAMES}.
   *
   * @param testOnly checks everything and changes nothing
   */
  remove(request: { user: ConsoleUser; names: readonly string[]; testOnly: boolean }): Promise<Removal>;
}

/** What the removal of somebody's console access may reach. */
export interface ConsoleDesk extends Desk {
  adminConsole: AdminConsole;
  named: NamedAccess;
}
