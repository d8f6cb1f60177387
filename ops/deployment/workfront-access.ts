import { secretReader } from '../../lambda/aws/secrets.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import type { Clock, UserDirectory } from '../../lambda/domain/ports.ts';
import { credentialFromSecret } from '../../lambda/workfront/credentials.ts';
import { comparedFields, workfrontDirectory } from '../../lambda/workfront/directory.ts';
import { tokenGiver } from '../../lambda/workfront/tokens.ts';
import { secretsManagerOf } from './clients.ts';
import type { Deployment } from './deployment.ts';
import type { FunctionSettings } from './function-settings.ts';

/** The calls to Workfront that ops may make: none changes a user. */
export type ReadOnlyDirectory = Omit<UserDirectory, 'deactivate' | 'reactivate'>;

/** What users own, too. */
type Reading = ReadOnlyDirectory & Pick<ReturnType<typeof workfrontDirectory>, 'countHoldings' | 'listHoldings'>;

/** One, because the workers' calls count as well: Workfront limits calls per customer. */
const CALLS_IN_FLIGHT = 1;

/** Opens Workfront with the worker's own code and the deployment's credential, which the operator must be allowed to read. */
export function openWorkfront(
  deployment: Pick<Deployment, 'region' | 'places' | 'clock'>,
  { settings, matchKeys }: { settings: FunctionSettings; matchKeys: Policy['matchKeys'] },
): Reading {
  const readSecret = secretReader(secretsManagerOf(deployment));
  return readOnlyDirectory(() => readSecret(deployment.places.workfrontSecret), { settings, matchKeys, clock: deployment.clock });
}

/** As {@link openWorkfront}, with a credential that is not stored yet. @param text of a Workfront secret */
export const openWorkfrontWith = (
  text: string,
  { settings, clock }: { settings: FunctionSettings; clock: Clock },
): Pick<ReadOnlyDirectory, 'owner'> => readOnlyDirectory(async () => text, { settings, matchKeys: [], clock });

/** @param readSecret gives the text of a Workfront secret */
function readOnlyDirectory(
  readSecret: () => Promise<string>,
  { settings, matchKeys, clock }: { settings: FunctionSettings; matchKeys: Policy['matchKeys']; clock: Clock },
): Reading {
  const baseUrl = settings.WORKFRONT_BASE_URL;
  const {
    deactivate: _,
    reactivate: __,
    ...reading
  } = workfrontDirectory({
    baseUrl,
    apiVersion: settings.WORKFRONT_API_VERSION,
    credential: credentialFromSecret({ readSecret, giveToken: tokenGiver({ baseUrl, clock }), clock }),
    callsInFlight: CALLS_IN_FLIGHT,
    ...comparedFields(matchKeys),
    clock,
  });
  return reading;
}
