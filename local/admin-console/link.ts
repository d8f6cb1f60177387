import type { FakeDirectory } from '../workfront/users/directory.ts';
import type { ConsoleDirectory, ConsoleGroups, ConsolePerson } from './console-directory.ts';
import type { FakeAdminConsole } from './fake-admin-console.ts';

/**
 * Links the fake Admin Console to the fake Workfront: who loses the last Workfront profile is deactivated there after a while, and who
 * gains one is activated. Each has a switch.
 */
export function linkToWorkfront({ directory, switches }: Pick<FakeAdminConsole, 'directory' | 'switches'>, workfront: FakeDirectory): void {
  directory.onAccess(({ email, has }) => {
    const after = has ? switches.activatesAfter : switches.deactivatesAfter;
    if (after === null) return;
    const change = () => {
      for (const { ID } of workfront.lookup('emailAddr', email).slice(0, 1)) workfront.update(ID, { isActive: has });
    };
    setTimeout(change, after).unref();
  });
}

/** The groups of a stage: its user groups carry all of its profiles. */
export const groupsNamed = ({ profiles, groups }: { profiles: readonly string[]; groups: readonly string[] }): ConsoleGroups => ({
  profiles: profiles.map((name) => ({ name, productName: 'Adobe Workfront' })),
  userGroups: groups.map((name) => ({ name, profiles })),
});

/** Everybody with an address in the fake Workfront is in the Console: some have the profile themselves, others through the group. */
export function peopleOf(workfront: FakeDirectory, { profiles, userGroups }: ConsoleGroups): ConsoleDirectory['find'] {
  const profile = profiles.slice(0, 1).map(({ name }) => name);
  const group = userGroups.slice(0, 1).map(({ name }) => name);
  return (email): ConsolePerson | undefined => {
    const address = workfront.lookup('emailAddr', email)[0]?.emailAddr;
    if (typeof address !== 'string') return undefined;
    const direct = group.length === 0 || address.length % 2 === 0 ? profile : group;
    return { email: address, type: 'federatedID', status: 'active', direct };
  };
}
