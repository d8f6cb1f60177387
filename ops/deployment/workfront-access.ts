import { secretReader } from '../../lambda/aws/secrets.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import type { Clock, UserDirectory } from '../../lambda/domain/ports.ts';
import { credentialFromSecret } from '../../lambda/workfront/credentials.ts';
import { workfrontDirectory } from '../../lambda/workfront/directory.ts';
import { tokenGiver } from '../../lambda/workfront/tokens.ts';
import { secretsManagerOf } from './clients.ts';
import type { Deployment } from './deployment.ts';
import type { FunctionSettings } from './function-settings.ts';

/** What ops may ask of Workfront: nothing that changes a user. */
export type ReadOnlyDirectory = Omit<UserDirectory, 'deactivate'>;

/** Beside the calls of the workers: Workfront limits them per customer. */
const CALLS_IN_FLIGHT = 1;

/** Workfront by the worker's own code, with the deployment's credential, which is read by the operator's right. */
export function openWorkfront(
  deployment: Pick<Deployment, 'region' | 'places' | 'clock'>,
  { settings, matchKeys }: { settings: FunctionSettings; matchKeys: Policy['matchKeys'] },
): ReadOnlyDirectory {
  const readSecret = secretReader(secretsManagerOf(deployment));
  return readOnlyDirectory(() => readSecret(deployment.places.workfrontSecret), { settings, matchKeys, clock: deployment.clock });
}

/** @param readSecret gives the text of a Workfront secret */
function readOnlyDirectory(
  readSecret: () => Promise<string>,
  { settings, matchKeys, clock }: { settings: FunctionSettings; matchKeys: Policy['matchKeys']; clock: Clock },
): ReadOnlyDirectory {
  const baseUrl = settings.WORKFRONT_BASE_URL;
  const { owner, search, read, countActiveAdministrators } = workfrontDirectory({
    baseUrl,
    apiVersion: settings.WORKFRONT_API_VERSION,
    credential: credentialFromSecret({ readSecret, giveToken: tokenGiver({ baseUrl, clock }), clock }),
    callsInFlight: CALLS_IN_FLIGHT,
    customFields: matchKeys.map(({ field }) => field).filter((field) => field.startsWith('DE:')),
    extraFields: [],
    clock,
  });
  return { owner, search, read, countActiveAdministrators };
}
