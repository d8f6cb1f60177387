import { type CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { parseJson } from '../../lambda/domain/parse.ts';

const record = z.record(z.string(), z.unknown());

const template = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Metadata: z.object({ 'workfront-offboarding:settings': record.optional() }).optional().catch(undefined),
      Properties: z
        .object({ Environment: z.object({ Variables: record }).optional() })
        .optional()
        .catch(undefined),
    }),
  ),
});

/**
 * Reads what the functions of a stack were deployed with: their environment, and the settings that are in a file beside their code,
 * which their resources have as metadata. A stack of version 0.1 has everything in the environment.
 *
 * @throws InvalidInput if the template cannot be parsed; what CloudFormation throws
 */
export async function deployedSettings(client: CloudFormationClient, stack: string): Promise<Record<string, unknown>> {
  const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: stack }));
  const { Resources } = parseJson(template, TemplateBody ?? '', `template of stack ${stack}`);
  return Object.assign(
    {},
    ...Object.values(Resources).flatMap(({ Metadata, Properties }) => [
      Metadata?.['workfront-offboarding:settings'],
      Properties?.Environment?.Variables,
    ]),
  );
}
