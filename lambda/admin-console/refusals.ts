import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../domain/failures.ts';

/** What an error code of the User Management API is about ("Error Conditions"). docs/admin-console.md has the table. */
export type Meaning =
  | { kind: 'nobody' }
  /** Only a person can do it, in another place. */
  | { kind: 'elsewhere'; code: string; saw: string }
  | { kind: 'failure'; failure: Error };

const READ_ONLY = 'the group is shared from another console; remove the person there, or in the identity provider, then retry';
const NOT_OWNED = 'the directory of this person belongs to another organisation; its administrators must remove the person, then retry';
const THROUGH_GROUP =
  'the person has it only through a user group; remove the person from that group, or name it in adminConsole.groups, then retry';

/** The codes that a client can do something about, by what it does. */
const MEANINGS: Record<string, () => Meaning> = {
  'error.user.nonexistent': () => ({ kind: 'nobody' }),
  'error.user.not_found': () => ({ kind: 'nobody' }),
  'error.user.not_in_org': () => ({ kind: 'nobody' }),
  'error.usergroup.readonly.remove_user_not_allowed': () => ({ kind: 'elsewhere', code: 'read-only-group', saw: READ_ONLY }),
  'error.domain.trust.nonexistent': () => ({ kind: 'elsewhere', code: 'trusted-directory', saw: NOT_OWNED }),
  'error.api.user.not.parent.org': () => ({ kind: 'elsewhere', code: 'trusted-directory', saw: NOT_OWNED }),
  'error.user.belongs_to_another_org': () => ({ kind: 'elsewhere', code: 'trusted-directory', saw: NOT_OWNED }),
  'error.group.remove_failed': () => ({ kind: 'elsewhere', code: 'through-group', saw: THROUGH_GROUP }),
  'error.group.not_found': () =>
    stage('console-name-unknown', 'a profile or group of the stage does not exist; run doctor, and correct adminConsole'),
  'error.organization.invalid_id': () => stage('console-organization', 'the Console does not know the organization; set the secret again'),
  'error.organization.invalid': () => stage('console-organization', 'the Console does not know the organization; set the secret again'),
  'error.apikey.invalid': () => ({ kind: 'failure', failure: refusedCredential(200) }),
  'error.throttled_by_external_service': () => passing('console-throttled', 'a system behind the Console is busy; wait'),
  'error.organization.migrating': () => passing('console-migrating', 'the organization is being migrated, which may take days; wait'),
};

const stage = (code: string, line: string): Meaning => ({ kind: 'failure', failure: new StageFailure(code, line) });
const passing = (code: string, line: string): Meaning => ({ kind: 'failure', failure: new TransientFailure(code, line) });

/** @param code as Adobe wrote it: shown only if it looks like one of its codes, because it might hold anything */
export function meaningOf(code: string): Meaning {
  const known = Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
  if (known !== undefined) return known();
  if (code.startsWith('error.internal.')) return passing('console-internal', 'the Console has an internal error; wait');
  // A command that is wrong for one person is wrong for all.
  if (code.startsWith('error.command.'))
    return stage('console-command', `the Console does not understand the request (${shown(code)}); report this`);
  const line = `the Console refuses this person (${shown(code)}); remove them there by hand, or fix the cause, then retry`;
  return { kind: 'failure', failure: new PermanentFailure('console-refused', line) };
}

const shown = (code: string): string => (/^[a-z_]+(\.[a-z_]+){0,6}$/.test(code) ? code.slice(0, 80) : 'a code of another form');

/** @param status 401, or 403: without a body it means that the key, the API or the right is missing, or that the organization is migrating */
export function refusedCredential(status: number): CredentialFailure {
  const advice = 'check in the Developer Console that the project has the User Management API, then set the secret again';
  return new CredentialFailure('console-rejected', `the Admin Console refuses the credential with status ${status}; ${advice}`);
}
