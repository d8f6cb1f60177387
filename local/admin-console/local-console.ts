import { join } from 'node:path';
import type { AdminConsoleSettings } from '../../lambda/admin-console/settings.ts';
import type { FakeDirectory } from '../workfront/users/directory.ts';
import { consoleDirectory } from './console-directory.ts';
import { CONSOLE_CLIENT, startFakeAdminConsole } from './fake-admin-console.ts';
import { groupsNamed, linkToWorkfront, peopleOf } from './link.ts';

const SECRET = 'offboarding/local/admin-console';

/** The credential that the fake accepts, as the local system stores it. */
export const NEW_CONSOLE_SECRET = { [SECRET]: JSON.stringify(CONSOLE_CLIENT) };

/** Starts the Admin Console of the local system, and gives the environment that leads the worker there. */
export async function startLocalConsole(
  settings: AdminConsoleSettings | undefined,
  { workfront, dataDir }: { workfront: FakeDirectory; dataDir: string },
): Promise<{ url: string; environment: Record<string, string>; close(): Promise<void> } | undefined> {
  if (settings === undefined) return undefined;
  const groups = groupsNamed(settings);
  const directory = consoleDirectory({ groups, people: peopleOf(workfront, groups), file: join(dataDir, 'admin-console.json') });
  const { baseUrl, tokenUrl, switches, close } = await startFakeAdminConsole({ directory });
  linkToWorkfront({ directory, switches }, workfront);
  const environment = { ADMIN_CONSOLE: JSON.stringify({ ...settings, baseUrl, tokenUrl }), ADMIN_CONSOLE_SECRET_ID: SECRET };
  return { url: new URL(baseUrl).origin, environment, close };
}
