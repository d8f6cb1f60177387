import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { parse, parseJson } from '../../lambda/domain/parse.ts';
import { type Policy, policy } from '../../lambda/domain/policy.ts';
import { json } from '../../lambda/environment.ts';
import type { Found } from './deployment.ts';
import { deployedSettings } from './template.ts';

const outputs = z.object({
  WebhooksUrl: z.string(),
  LedgerTable: z.string(),
  LeaverQueueUrl: z.string(),
  DeadLetterQueueUrl: z.string(),
  QuarantineQueueUrl: z.string(),
  ScheduleGroup: z.string(),
  WorkfrontSecret: z.string(),
  SourceSecrets: z.string(),
  WorkerFunction: z.string(),
});

/**
 * Finds a deployed stage by the outputs of its stack, with the operator's own AWS identity.
 *
 * @throws PermanentFailure `no-stage`
 */
export async function findStage({ stage, region }: { stage: string; region: string | undefined }): Promise<Found> {
  const settings = region === undefined ? {} : { region };
  const cloudFormation = new CloudFormationClient(settings);
  const stack = `workfront-offboarding-${stage}`;
  const found = parse(outputs, await outputsOf(cloudFormation, { stack, region }), `outputs of stack ${stack}`);
  return {
    name: stage,
    region,
    places: {
      webhooksUrl: found.WebhooksUrl,
      ledgerTable: found.LedgerTable,
      leaverQueueUrl: found.LeaverQueueUrl,
      deadLetterQueueUrl: found.DeadLetterQueueUrl,
      quarantineQueueUrl: found.QuarantineQueueUrl,
      scheduleGroup: found.ScheduleGroup,
      workfrontSecret: found.WorkfrontSecret,
      sourceSecrets: parseJson(z.record(z.string(), z.string()), found.SourceSecrets, 'output SourceSecrets'),
      workerFunction: found.WorkerFunction,
    },
    async operator() {
      const { Arn } = await new STSClient(settings).send(new GetCallerIdentityCommand());
      return z.string().parse(Arn);
    },
    policy: () => policyOf(cloudFormation, stack),
  };
}

async function outputsOf(
  client: CloudFormationClient,
  { stack, region }: { stack: string; region: string | undefined },
): Promise<Record<string, unknown>> {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack })).catch((error: unknown) => {
    if (!(error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist'))) throw error;
    const where = region === undefined ? 'the region of your AWS settings' : region;
    throw new PermanentFailure('no-stage', `there is no stack ${stack} in ${where}; check --stage, --region and AWS_PROFILE`);
  });
  return Object.fromEntries((Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

/** Reads the deployed rules of the worker. @returns undefined if the operator may not read them, or if there are none */
async function policyOf(client: CloudFormationClient, stack: string): Promise<Policy | undefined> {
  try {
    const { POLICY: rules } = await deployedSettings(client, stack);
    return rules === undefined ? undefined : parse(json('POLICY', policy), rules, `POLICY of stack ${stack}`);
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('AccessDenied')) return undefined;
    throw error;
  }
}
