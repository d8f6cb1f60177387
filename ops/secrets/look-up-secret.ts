import { checkLookUpSecret } from '../../lambda/sources/look-ups/registry.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { Usage } from '../terminal/exit-code.ts';
import { unknownValue } from '../terminal/read-options.ts';
import { readSecretInput } from './secret-input.ts';
import { putSecret } from './secret-store.ts';

/** How the command line names the credential of a look-up. No source has such a name. */
export const LOOK_UP = 'look-up/';

export const isLookUp = (name: string): boolean => name.startsWith(LOOK_UP);

/**
 * Stores the credential with which the worker asks the HR system of a source. There is one: it replaces the former one at once.
 *
 * @returns the name of the source
 * @throws Usage if the source has no look-up; InvalidInput if the credential has the wrong form
 */
export async function setLookUpSecret(name: string, deployment: Deployment): Promise<string> {
  const { LOOK_UPS: lookUps, LOOK_UP_SECRETS: secrets } = await functionSettings(deployment);
  const source = name.slice(LOOK_UP.length);
  const config = Object.hasOwn(lookUps, source) ? lookUps[source] : undefined;
  const known = Object.keys(lookUps).map((one) => `${LOOK_UP}${one}`);
  if (config === undefined) throw new Usage(unknownValue('the secret', { value: name, known }));

  const text = await readSecretInput(`the credential for the HR system of ${source}`);
  checkLookUpSecret(config, text);
  await putSecret(deployment, { secretId: `${secrets}${source}`, text });
  return source;
}
