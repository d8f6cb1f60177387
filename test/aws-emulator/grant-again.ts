import {
  CloudFormationClient,
  CreateStackCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { ACCOUNT, REGION, STACK } from './emulator.ts';

const oneOrMore = <Schema extends z.core.$ZodType>(schema: Schema) =>
  z.union([schema, z.array(schema)]).transform((given) => (Array.isArray(given) ? given : [given]));
const reference = z.object({ Ref: z.string() });
const attribute = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) });
const policy = z.object({
  Type: z.literal('AWS::IAM::Policy'),
  Properties: z.object({
    Roles: z.array(reference),
    PolicyDocument: z.object({ Statement: z.array(z.object({ Action: oneOrMore(z.string()), Resource: oneOrMore(z.unknown()) })) }),
  }),
});
const template = z.object({ Resources: z.record(z.string(), z.unknown()) });

/** The emulator's name of a resource whose id ends in `name`; `*` for all. */
type Resource = (name: string) => string;
const secret: Resource = (name) => `secretsmanager:${REGION}:${ACCOUNT}:secret:*${name}-*`;
const queue: Resource = (name) => `sqs:${REGION}:${ACCOUNT}:${name}`;
const bus: Resource = (name) => `events:${REGION}:${ACCOUNT}:event-bus/${name}`;
const inDefaultGroup: Resource = (name) => `scheduler:${REGION}:${ACCOUNT}:schedule/default/${name}`;

/** Our actions, and the ones that the emulator needs instead. */
const NOT_UNDERSTOOD: Record<string, { action: string; resource: Resource }> = {
  // It reads `Ref` of a secret as its name; it is the ARN: "AWS::SecretsManager::Secret", return values.
  'secretsmanager:GetSecretValue': { action: 'secretsmanager:GetSecretValue', resource: secret },
  // It asks for an action that IAM does not have: "Actions, resources, and condition keys for Amazon SQS".
  'sqs:SendMessage': { action: 'sqs:SendMessageBatch', resource: queue },
  // It does not know the condition keys events:source and events:detail-type: "… for Amazon EventBridge".
  'events:PutEvents': { action: 'events:PutEvents', resource: bus },
  // It reads every schedule as one of the group `default`.
  'scheduler:CreateSchedule': { action: 'scheduler:CreateSchedule', resource: inDefaultGroup },
  'scheduler:UpdateSchedule': { action: 'scheduler:UpdateSchedule', resource: inDefaultGroup },
  'scheduler:DeleteSchedule': { action: 'scheduler:DeleteSchedule', resource: inDefaultGroup },
};

/**
 * Repeats the grants of the template that the emulator does not understand, in its own words: to the same roles, for the same
 * resources, in a stack beside ours. The emulator checks every other grant as it was deployed.
 */
export async function grantAgain(): Promise<void> {
  const client = new CloudFormationClient();
  const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: STACK }));
  const { StackResourceSummaries = [] } = await client.send(new ListStackResourcesCommand({ StackName: STACK }));
  const names = new Map(StackResourceSummaries.map((one) => [one.LogicalResourceId, one.PhysicalResourceId?.split('/').at(-1) ?? '']));

  const policies = Object.entries(template.parse(JSON.parse(TemplateBody)).Resources).flatMap(([id, resource]) => {
    const { data } = policy.safeParse(resource);
    const Statement = (data?.Properties.PolicyDocument.Statement ?? []).flatMap((given) => inItsWords(given, names));
    if (data === undefined || Statement.length === 0) return [];
    const Roles = data.Properties.Roles.map(({ Ref }) => names.get(Ref));
    const Properties = { PolicyName: 'again', Roles, PolicyDocument: { Version: '2012-10-17', Statement } };
    return [[id, { Type: 'AWS::IAM::Policy', Properties }]];
  });
  const StackName = `${STACK}-again`;
  await client.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify({ Resources: Object.fromEntries(policies) }),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  await waitUntilStackCreateComplete({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { StackName });
}

function inItsWords({ Action, Resource }: { Action: string[]; Resource: unknown[] }, names: Map<string | undefined, string>): object[] {
  return Action.flatMap((ours) => NOT_UNDERSTOOD[ours] ?? []).flatMap(({ action, resource }) =>
    Resource.map((one) => ({ Effect: 'Allow', Action: action, Resource: `arn:aws:${resource(names.get(logicalId(one)) ?? '*')}` })),
  );
}

/** @returns undefined for a resource without a logical id of its own: a bus, the schedules of a group */
function logicalId(resource: unknown): string | undefined {
  return reference.safeParse(resource).data?.Ref ?? attribute.safeParse(resource).data?.['Fn::GetAtt'][0];
}
