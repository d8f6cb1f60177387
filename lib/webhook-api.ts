import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  AuthorizationType,
  CfnRestApi,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { AnyPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Access } from './access.ts';
import { acknowledge } from './acknowledge.ts';
import { answerAsProblems } from './gateway-answers.ts';
import { MutualTlsDomain } from './mutual-tls-domain.ts';

export interface WebhookApiProps {
  receiver: IFunction;
  throttle: { ratePerSecond: number; burst: number };
  access: Access;
  logRetention: RetentionDays;
  removalPolicy: RemovalPolicy;
}

/** The public endpoint `/webhooks/{source}`. Every method goes to the receiver: refusing one is its work, as is all checking. */
export class WebhookApi extends Construct {
  readonly api: RestApi;
  readonly accessLog: LogGroup;
  /** Base URL of the sources: `<url>/<source>`. */
  readonly webhooksUrl: string;

  constructor(scope: Construct, id: string, { receiver, throttle, access, logRetention, removalPolicy }: WebhookApiProps) {
    super(scope, id);
    const { allowedIps, webAclArn, mutualTls } = access;
    this.accessLog = new LogGroup(this, 'AccessLog', { retention: logRetention, removalPolicy });

    this.api = new RestApi(this, 'Api', {
      restApiName: Stack.of(this).stackName,
      description: 'Where HR systems say that someone has left',
      endpointTypes: [EndpointType.REGIONAL],
      // every body arrives as the bytes that were signed
      binaryMediaTypes: ['*/*'],
      ...(allowedIps !== undefined && { policy: onlyFrom(allowedIps) }),
      // else whoever has no certificate would use the other door
      ...(mutualTls !== undefined && { disableExecuteApiEndpoint: true }),
      // of the account and region, without which a stage with an access log is refused; as wide as AWS makes it, since
      // all REST APIs share it, and kept when this stack goes
      cloudWatchRole: true,
      deployOptions: {
        stageName: 'v1',
        throttlingRateLimit: throttle.ratePerSecond,
        throttlingBurstLimit: throttle.burst,
        accessLogDestination: new LogGroupLogDestination(this.accessLog),
        accessLogFormat,
        // the execution log would hold bodies and headers
        loggingLevel: MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
      },
    });
    acknowledge(this.api, 'APIG2', 'the bytes are verified before anything is made of them: what they say, the receiver validates');
    acknowledge(this.api, 'APIG6', 'the access log says all that is expected; the execution log would hold bodies and headers');
    acknowledge(
      this.api,
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      'docs/decisions/api-gateway-log-role-is-the-accounts.md',
    );
    refuseOldTls(this.api, { behindMutualTls: mutualTls !== undefined });
    answerAsProblems(this.api);

    const method = this.api.root
      .addResource('webhooks')
      .addResource('{source}')
      .addMethod('ANY', new LambdaIntegration(receiver, { allowTestInvoke: false }), { authorizationType: AuthorizationType.NONE });
    acknowledge(method, 'APIG4', 'HR systems sign what they send: the receiver proves each delivery, no authorizer sees its bytes');
    acknowledge(method, 'COG4', 'an HR system is no user with a password');

    if (webAclArn === undefined) acknowledge(this.api, 'APIG3', "a web ACL is the stage's choice: access.webAclArn");
    else new CfnWebACLAssociation(this, 'WebAcl', { resourceArn: this.api.deploymentStage.stageArn, webAclArn });

    if (mutualTls !== undefined) new MutualTlsDomain(this, 'MutualTls', { ...mutualTls, api: this.api });
    this.webhooksUrl = mutualTls === undefined ? this.api.urlForPath('/webhooks') : `https://${mutualTls.name}/webhooks`;
  }
}

/** Deliveries from these ranges, and from nowhere else. */
function onlyFrom(ranges: readonly string[]): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        principals: [new AnyPrincipal()],
        actions: ['execute-api:Invoke'],
        resources: ['execute-api:/*'],
        conditions: { IpAddress: { 'aws:SourceIp': ranges } },
      }),
    ],
  });
}

/** No body, header, query or path: what a sender puts there is not for logs. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTimeEpoch(),
    method: AccessLogField.contextHttpMethod(),
    resource: AccessLogField.contextResourcePath(),
    status: AccessLogField.contextStatus(),
    refusedAs: AccessLogField.contextErrorResponseType(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
    milliseconds: AccessLogField.contextResponseLatency(),
    tlsVersion: '$context.tlsVersion',
  }),
);

/**
 * TLS 1.2 with forward secrecy at least: "Security policies for REST APIs", API Gateway; the construct has no words for it. Behind
 * a domain with mutual TLS the policy must be the domain's, which the newer ones cannot be.
 */
function refuseOldTls(api: RestApi, { behindMutualTls }: { behindMutualTls: boolean }): void {
  const { defaultChild } = api.node;
  if (!(defaultChild instanceof CfnRestApi)) throw new TypeError('expected the REST API resource itself, got something else');
  defaultChild.securityPolicy = behindMutualTls ? SecurityPolicy.TLS_1_2 : SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
  if (!behindMutualTls) defaultChild.endpointAccessMode = 'STRICT';
}
