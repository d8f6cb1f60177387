import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { parse, parseJson, readJson } from '../../lambda/domain/parse.ts';
import { lookUpConfigs } from '../../lambda/sources/look-ups/registry.ts';
import { sourceConfigs } from '../../lambda/sources/systems/registry.ts';
import type { Deployment } from './deployment.ts';

const text = z.string().min(1);

/** The settings in the functions' environment that ops needs; `lambda/worker-config.ts` has all of them. */
const settings = z.object({
  SOURCES: text.transform((sources) => readJson(sources, 'SOURCES')).pipe(sourceConfigs),
  LOOK_UPS: text
    .default('{}')
    .transform((lookUps) => readJson(lookUps, 'LOOK_UPS'))
    .pipe(lookUpConfigs),
  LOOK_UP_SECRETS: z.string().default(''),
  LOOK_UP_STAND_IN: z.url().optional(),
  WORKFRONT_BASE_URL: z.url(),
  WORKFRONT_API_VERSION: text,
  WORKFRONT_KEY_LIFETIME_DAYS: z.coerce.number().optional(),
});

export type FunctionSettings = z.infer<typeof settings>;

const template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Properties: z
        .object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).optional() })
        .optional()
        .catch(undefined),
    }),
  ),
});

/**
 * Reads the environment of the deployed functions: from the local system, or from the template of the stage.
 *
 * @throws InvalidInput if the deployment is older than these commands; what CloudFormation throws
 */
export async function functionSettings(deployment: Pick<Deployment, 'name' | 'region' | 'places'>): Promise<FunctionSettings> {
  // findLocalSystem has set the environment of this process.
  const environment = isLocal(deployment) ? process.env : await environmentOf(deployment);
  return parse(settings, environment, `settings of ${deployment.name}`);
}

/** Whether it is the local system, which has no AWS functions. */
export const isLocal = ({ places }: Pick<Deployment, 'places'>): boolean => places.workerFunction === undefined;

async function environmentOf({ name, region }: Pick<Deployment, 'name' | 'region'>): Promise<Record<string, unknown>> {
  const client = new CloudFormationClient(region === undefined ? {} : { region });
  const stack = `workfront-offboarding-${name}`;
  const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: stack }));
  const { Resources } = parseJson(template, TemplateBody ?? '', `template of stack ${stack}`);
  return Object.assign({}, ...Object.values(Resources).map(({ Properties }) => Properties?.Environment?.Variables));
}
