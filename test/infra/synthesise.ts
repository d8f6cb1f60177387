import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { OffboardingStack } from '../../lib/offboarding-stack.ts';
import { readStage } from '../../lib/read-stage.ts';
import type { StageInput } from '../../lib/stage.ts';
import { exampleStages } from '../support/example-stages.ts';

const { context } = z.object({ context: z.record(z.string(), z.unknown()) }).parse(JSON.parse(readFileSync('cdk.json', 'utf8')));

/** Every limit on who may reach the endpoint. */
export const ACCESS = {
  allowedIps: ['203.0.113.0/24', '198.51.100.7/32'],
  webAclArn: 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/hooks/0a1b2c3d',
  mutualTls: {
    name: 'hooks.acme.test',
    certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d',
    truststore: 's3://acme-trust/hr/truststore.pem',
    truststoreVersion: 'v7',
  },
} satisfies StageInput['access'];

/** Subnets whose addresses stay the same. */
export const NETWORK = {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  subnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
} satisfies StageInput['network'];

/** The stack of an example stage as the app makes it, with all feature flags but without the bundles. */
export function aStack(stageName: 'test' | 'production', changes: Partial<StageInput> = {}): OffboardingStack {
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const stage = readStage(stageName, { ...exampleStages, [stageName]: { ...exampleStages[stageName], ...changes } });
  return new OffboardingStack(app, { stageName, stage });
}

export const synthesise = (...stage: Parameters<typeof aStack>): Template => Template.fromStack(aStack(...stage));

const statement = z.object({
  Effect: z.string(),
  Action: z.union([z.string().transform((action) => [action]), z.array(z.string())]),
  Resource: z.unknown().transform((resource) => (Array.isArray(resource) ? resource : [resource]).map((one) => JSON.stringify(one))),
  Condition: z.optional(z.unknown()),
});
const rolePolicy = z.object({
  Properties: z.object({
    PolicyDocument: z.object({ Statement: z.array(statement) }),
    Roles: z.array(z.object({ Ref: z.string() })),
  }),
});

export type Statement = z.output<typeof statement>;

/** The policy statements of the role whose logical id starts with `role`. Resources are JSON text, to be searched for logical ids. */
export function statementsOf(template: Template, role: string): Statement[] {
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map((resource) => rolePolicy.parse(resource).Properties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith(role)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** Each action with each of its resources, such as `sqs:SendMessage LeaverQueueDeadLetter`: ids without their hash. */
export function grantsOf(template: Template, role: string): string[] {
  return statementsOf(template, role)
    .flatMap(({ Action, Resource }) => Action.flatMap((action) => Resource.map((resource) => `${action} ${nameOf(resource)}`)))
    .sort();
}

/** The logical id in a resource without its hash, followed by what is below it, such as `/index/*`. */
function nameOf(resource: string): string {
  const [, id] = /"(?:Ref|Fn::GetAtt)":\[?"(\w+?)[0-9A-F]{8}"/.exec(resource) ?? [];
  const suffix = /"(\/index\/[\w*-]+|:[^"]*\/\*)"/.exec(resource)?.[1] ?? '';
  return `${id ?? ''}${suffix}`;
}
