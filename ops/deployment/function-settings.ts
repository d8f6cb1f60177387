import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { adminConsoleSettings } from '../../lambda/admin-console/settings.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { json } from '../../lambda/environment.ts';
import { lookUpConfigs } from '../../lambda/sources/look-ups/registry.ts';
import { sourceConfigs } from '../../lambda/sources/systems/registry.ts';
import type { Deployment } from './deployment.ts';
import { deployedSettings } from './template.ts';

const text = z.string().min(1);

/** The settings of the functions that ops needs; `lambda/worker-config.ts` has all of them. */
const settings = z.object({
  SOURCES: json('SOURCES', sourceConfigs),
  LOOK_UPS: z.prefault(json('LOOK_UPS', lookUpConfigs), {}),
  LOOK_UP_SECRETS: z.string().default(''),
  ADMIN_CONSOLE: z.optional(json('ADMIN_CONSOLE', adminConsoleSettings)),
  ADMIN_CONSOLE_SECRET_ID: z.string().default(''),
  LOOK_UP_STAND_IN: z.url().optional(),
  WORKFRONT_BASE_URL: z.url(),
  WORKFRONT_API_VERSION: text,
  OUTCOME_BUS: z.string().optional(),
  WORKFRONT_KEY_LIFETIME_DAYS: z.coerce.number().optional(),
});

export type FunctionSettings = z.infer<typeof settings>;

/**
 * Reads what the deployed functions were told: from the local system, or from the template of the stage.
 *
 * @throws InvalidInput if the deployment is older than these commands; what CloudFormation throws
 */
export async function functionSettings(deployment: Pick<Deployment, 'name' | 'region' | 'places'>): Promise<FunctionSettings> {
  // findLocalSystem has set the environment of this process.
  const environment = isLocal(deployment) ? process.env : await settingsOf(deployment);
  return parse(settings, environment, `settings of ${deployment.name}`);
}

/** Whether it is the local system, which has no AWS functions. */
export const isLocal = ({ places }: Pick<Deployment, 'places'>): boolean => places.workerFunction === undefined;

function settingsOf({ places, region }: Pick<Deployment, 'places' | 'region'>): Promise<Record<string, unknown>> {
  return deployedSettings(new CloudFormationClient(region === undefined ? {} : { region }), places.stack ?? '');
}
