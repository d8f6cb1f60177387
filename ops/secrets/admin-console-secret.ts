import { parseConsoleSecret } from '../../lambda/admin-console/secret.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { Usage } from '../terminal/exit-code.ts';
import { readSecretInput } from './secret-input.ts';
import { putSecret } from './secret-store.ts';

/** How the command line names the credential of the Admin Console. */
export const ADMIN_CONSOLE = 'admin-console';

/**
 * Stores the credential with which the worker asks the Adobe Admin Console. There is one: it replaces the former one at once.
 *
 * @throws Usage if the stage has no `adminConsole`; CredentialFailure if the credential has the wrong form
 */
export async function setConsoleSecret(deployment: Deployment): Promise<void> {
  const { ADMIN_CONSOLE: settings, ADMIN_CONSOLE_SECRET_ID: secretId } = await functionSettings(deployment);
  if (settings === undefined) throw new Usage('the stage has no adminConsole; add it to the stage and deploy, see docs/admin-console.md');
  const text = await readSecretInput('the credential for the Admin Console');
  parseConsoleSecret(text);
  await putSecret(deployment, { secretId, text });
}
