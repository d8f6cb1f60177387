import { secretReader } from '../../lambda/aws/secrets.ts';
import type { HrSystems } from '../../lambda/domain/ports.ts';
import { hrSystems } from '../../lambda/sources/look-ups/registry.ts';
import { standIn } from '../../lambda/sources/look-ups/stand-in.ts';
import { secretsManagerOf } from './clients.ts';
import type { Deployment } from './deployment.ts';
import type { FunctionSettings } from './function-settings.ts';

/** Opens the HR systems that can be asked, with the worker's own code and the deployment's credentials, which the operator must be allowed to read. */
export function openHr(deployment: Pick<Deployment, 'region' | 'clock'>, settings: FunctionSettings): HrSystems {
  return hrSystems(settings.LOOK_UPS, {
    secrets: settings.LOOK_UP_SECRETS,
    readSecret: secretReader(secretsManagerOf(deployment)),
    fetch: settings.LOOK_UP_STAND_IN === undefined ? fetch : standIn(fetch, settings.LOOK_UP_STAND_IN),
    clock: deployment.clock,
  });
}
