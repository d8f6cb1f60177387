import { describe, expect, it } from '@jest/globals';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Access } from '../../lib/access.ts';
import { WebhookApi } from '../../lib/webhook-api.ts';
import { ACCESS, statementsOf, synthesise } from './synthesise.ts';

const boundary = 'arn:aws:iam::123456789012:policy/boundary';
const open = synthesise('production');
const narrow = synthesise('production', {
  access: ACCESS,
  permissionsBoundary: boundary,
  reserveConcurrency: true,
  throttle: { ratePerSecond: 5, burst: 12 },
  workfront: { baseUrl: 'https://acme.my.workfront.com', callsInFlight: 100 },
});

describe('source addresses', () => {
  it('are all accepted if a stage lists none: every delivery must be signed in any case', () => {
    open.hasResourceProperties('AWS::ApiGateway::RestApi', { Policy: Match.absent() });
  });

  it('that a stage names are the only ones that reach the receiver', () => {
    narrow.hasResourceProperties('AWS::ApiGateway::RestApi', {
      Policy: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: 'execute-api:Invoke',
            Resource: 'execute-api:/*',
            Condition: { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '198.51.100.7/32'] } },
          },
        ],
      },
    });
  });

  it('make a new deployment when they change: without one API Gateway would keep the old ones', () => {
    const deploymentOf = (...allowedIps: string[]) => Object.keys(anApi({ allowedIps }).findResources('AWS::ApiGateway::Deployment'));

    expect(deploymentOf('203.0.113.0/24')).toEqual(deploymentOf('203.0.113.0/24'));
    expect(deploymentOf('203.0.113.0/24')).not.toEqual(deploymentOf('203.0.113.0/25'));
  });
});

describe('a web ACL', () => {
  it('is put before the endpoint if a stage names one', () => {
    open.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
    narrow.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      WebACLArn: ACCESS.webAclArn,
      ResourceArn: Match.objectLike({ 'Fn::Join': Match.anyValue() }),
    });
  });
});

describe('mutual TLS', () => {
  it('asks at the domain of the stage for a certificate that the truststore vouches for', () => {
    narrow.hasResourceProperties('AWS::ApiGateway::DomainName', {
      DomainName: 'hooks.acme.test',
      RegionalCertificateArn: ACCESS.mutualTls.certificateArn,
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'TLS_1_2',
      MutualTlsAuthentication: { TruststoreUri: 's3://acme-trust/hr/truststore.pem', TruststoreVersion: 'v7' },
    });
    narrow.hasResourceProperties('AWS::ApiGateway::BasePathMapping', { Stage: Match.anyValue() });
    narrow.hasOutput('WebhooksUrl', { Value: 'https://hooks.acme.test/webhooks' });
  });

  it('leaves no other door open, and no policy that the domain cannot have', () => {
    narrow.hasResourceProperties('AWS::ApiGateway::RestApi', {
      DisableExecuteApiEndpoint: true,
      SecurityPolicy: 'TLS_1_2',
      EndpointAccessMode: Match.absent(),
    });
  });

  it('is not asked for if a stage names no domain', () => {
    open.resourceCountIs('AWS::ApiGateway::DomainName', 0);
    open.hasResourceProperties('AWS::ApiGateway::RestApi', { DisableExecuteApiEndpoint: Match.absent() });
  });
});

describe('a permissions boundary', () => {
  it('bounds every role of a stage that names one, and none of another', () => {
    expect(Object.keys(narrow.findResources('AWS::IAM::Role')).length).toBeGreaterThanOrEqual(4);
    narrow.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: boundary });
    open.allResourcesProperties('AWS::IAM::Role', { PermissionsBoundary: Match.absent() });
  });
});

describe('concurrency', () => {
  const reserved = (template: typeof open, timeout: number) =>
    Object.values(template.findResources('AWS::Lambda::Function', { Properties: { Timeout: timeout } })).map(
      ({ Properties }) => Properties.ReservedConcurrentExecutions,
    );
  const [RECEIVER, WORKER] = [10, 30];

  it('is reserved if a stage asks for it: a flood of deliveries takes no more from other functions, and a flood of theirs takes nothing from ours', () => {
    expect(reserved(narrow, RECEIVER)).toEqual([12]);
    expect(reserved(narrow, WORKER)).toEqual([expect.any(Number)]);
  });

  it('is never less than the batches that the worker gets at once: none is throttled', () => {
    const [mapping] = Object.values(narrow.findResources('AWS::Lambda::EventSourceMapping'));

    expect(reserved(narrow, WORKER)).toEqual([mapping?.Properties.ScalingConfig.MaximumConcurrency]);
  });

  it('is not reserved by default: in a new account none can be', () => {
    expect([...reserved(open, RECEIVER), ...reserved(open, WORKER)]).toEqual([undefined, undefined]);
  });
});

it('none of it grants a function more', () => {
  for (const role of ['ReceiverRole', 'WorkerRole', 'SchedulesRole']) expect(statementsOf(narrow, role)).toEqual(statementsOf(open, role));
});

/** A stack with the endpoint alone. */
function anApi(access: Access): Template {
  const stack = new Stack();
  new WebhookApi(stack, 'Api', {
    receiver: LambdaFunction.fromFunctionArn(stack, 'Receiver', 'arn:aws:lambda:eu-west-1:123456789012:function:receiver'),
    throttle: { ratePerSecond: 5, burst: 12 },
    access,
    logRetention: RetentionDays.ONE_WEEK,
    accessLogClass: 'standard',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return Template.fromStack(stack);
}
