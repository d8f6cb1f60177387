import { describe, expect, it } from '@jest/globals';
import { Stack, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod';
import { checkedApp } from '../../lib/checked-app.ts';
import { ACCESS, aStack, NETWORK } from './synthesise.ts';

const acknowledged = z.record(z.string(), z.unknown());
const findingsOf = (stack: Stack) =>
  new AwsSolutionsChecks().validateScope(stack).violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources]);

describe('AwsSolutions (cdk-nag)', () => {
  it.each([
    ['test', {}],
    ['production', { account: '123456789012', region: 'eu-west-1', access: ACCESS, reserveConcurrency: true, network: NETWORK }],
  ] as const)('finds nothing unexplained in %s with %j', (name, changes) => {
    expect(findingsOf(aStack(name, changes))).toEqual([]);
  });

  it('has no acknowledgement for a whole stack: each reason is on the construct that has the finding', () => {
    const stack = aStack('production');
    const onTheWhole = [stack, stack.node.root].flatMap(({ node }) =>
      node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY),
    );
    const everywhere = stack.node.findAll().flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.keys(acknowledged.parse(data)))
        .filter((id) => id.includes('AwsSolutions')),
    );

    expect(onTheWhole).toEqual([]);
    expect(new Set(everywhere.map((id) => /AwsSolutions-(\w+)/.exec(id)?.[1]))).toEqual(
      new Set(['APIG2', 'APIG3', 'APIG4', 'APIG6', 'COG4', 'IAM4', 'IAM5', 'SMG4', 'SQS3']),
    );
  });

  it('stops the synthesis on what nobody explained', () => {
    const app = checkedApp();
    new Queue(new Stack(app, 'Careless'), 'Queue');

    expect(() => app.synth()).toThrow(/AwsSolutions-SQS3/);
  });
});
