import { CloudFormationClient, DescribeStacksCommand, paginateDescribeStacks, type Stack } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { parse, parseJson } from '../../lambda/domain/parse.ts';
import { type Policy, policy } from '../../lambda/domain/policy.ts';
import { json } from '../../lambda/environment.ts';
import type { Found, Objective } from './deployment.ts';
import { deployedSettings } from './template.ts';

const outputs = z.object({
  WebhooksUrl: z.string(),
  LedgerTable: z.string(),
  LedgerRestoredFrom: z.string().optional(),
  LeaverQueueUrl: z.string(),
  DeadLetterQueueUrl: z.string(),
  QuarantineQueueUrl: z.string(),
  ScheduleGroup: z.string(),
  WorkfrontSecret: z.string(),
  SourceSecrets: z.string(),
  WorkerFunction: z.string(),
  AlarmTopicArn: z.string(),
});

/**
 * Finds a deployed stage by the outputs of its stack, with the operator's own AWS identity.
 *
 * @throws PermanentFailure `no-stage`
 */
export async function findStage({ stage, region }: { stage: string; region: string | undefined }): Promise<Found> {
  const settings = region === undefined ? {} : { region };
  const cloudFormation = new CloudFormationClient(settings);
  const { StackName: stack = '', Outputs } = await stackOf(cloudFormation, { stage, region });
  const found = parse(outputs, outputsIn(Outputs), `outputs of stack ${stack}`);
  return {
    name: stage,
    region,
    places: {
      stack,
      webhooksUrl: found.WebhooksUrl,
      ledgerTable: found.LedgerTable,
      ledgerRestoredFrom: found.LedgerRestoredFrom,
      leaverQueueUrl: found.LeaverQueueUrl,
      deadLetterQueueUrl: found.DeadLetterQueueUrl,
      quarantineQueueUrl: found.QuarantineQueueUrl,
      scheduleGroup: found.ScheduleGroup,
      workfrontSecret: found.WorkfrontSecret,
      sourceSecrets: parseJson(z.record(z.string(), z.string()), found.SourceSecrets, 'output SourceSecrets'),
      workerFunction: found.WorkerFunction,
      alarmTopic: found.AlarmTopicArn,
    },
    async operator() {
      const { Arn } = await new STSClient(settings).send(new GetCallerIdentityCommand());
      return z.string().parse(Arn);
    },
    policy: () => policyOf(cloudFormation, stack),
    objective: () => objectiveOf(cloudFormation, stack),
  };
}

/** The stack of the usual name, else the one stack whose output `Stage` is the stage: it has a prefix, or is of somebody's own app. */
async function stackOf(client: CloudFormationClient, { stage, region }: { stage: string; region: string | undefined }): Promise<Stack> {
  const usual = `workfront-offboarding-${stage}`;
  const [found] = await client.send(new DescribeStacksCommand({ StackName: usual })).then(
    ({ Stacks = [] }) => Stacks,
    (error: unknown) => {
      if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist')) return [];
      throw error;
    },
  );
  if (found !== undefined) return found;

  const others = [];
  for await (const { Stacks: page = [] } of paginateDescribeStacks({ client }, {})) {
    others.push(...page.filter(({ Outputs }) => outputsIn(Outputs).Stage === stage));
  }
  const [other, second] = others;
  const where = region === undefined ? 'the region of your AWS settings' : region;
  if (second !== undefined) {
    const names = others.map(({ StackName }) => StackName).join(', ');
    throw new PermanentFailure('no-stage', `several stacks in ${where} are of the stage ${stage}: ${names}; give each stage one name only`);
  }
  if (other !== undefined) return other;
  throw new PermanentFailure('no-stage', `there is no stack ${usual} in ${where}; check --stage, --region and AWS_PROFILE`);
}

const outputsIn = (list: Stack['Outputs'] = []): Record<string, unknown> =>
  Object.fromEntries(list.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));

/** Reads the deployed rules of the worker. @returns undefined if the operator may not read them, or if there are none */
async function policyOf(client: CloudFormationClient, stack: string): Promise<Policy | undefined> {
  const { POLICY: rules } = await readableSettings(client, stack);
  return rules === undefined ? undefined : parse(json('POLICY', policy), rules, `POLICY of stack ${stack}`);
}

const objective = z.object({ percent: z.number(), withinMinutes: z.number() });

async function objectiveOf(client: CloudFormationClient, stack: string): Promise<Objective | undefined> {
  const { OBJECTIVE } = await readableSettings(client, stack);
  return OBJECTIVE === undefined ? undefined : parse(objective, OBJECTIVE, `OBJECTIVE of stack ${stack}`);
}

/** Nothing, if the operator may not read the template. */
async function readableSettings(client: CloudFormationClient, stack: string): Promise<Record<string, unknown>> {
  try {
    return await deployedSettings(client, stack);
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('AccessDenied')) return {};
    throw error;
  }
}
