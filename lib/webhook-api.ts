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
import { LogGroup, LogGroupClass, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { Access } from './access.ts';
import { acknowledge } from './acknowledge.ts';
import { answerAsProblems } from './gateway-answers.ts';
import { MutualTlsDomain } from './mutual-tls-domain.ts';
import type { Stage } from './stage.ts';

export interface WebhookApiProps {
  receiver: IFunction;
  throttle: { ratePerSecond: number; burst: number };
  access: Access;
  logRetention: RetentionDays;
  accessLogClass: Stage['accessLogClass'];
  removalPolicy: RemovalPolicy;
}

/** The public endpoint `/webhooks/{source}`. Every method goes to the receiver, which does all the checking. */
export class WebhookApi extends Construct {
  readonly api: RestApi;
  readonly accessLog: LogGroup;
  /** The base URL of webhooks: a source delivers to `<url>/<source>`. */
  readonly webhooksUrl: string;

  constructor(scope: Construct, id: string, { receiver, throttle, access, logRetention, accessLogClass, removalPolicy }: WebhookApiProps) {
    super(scope, id);
    const { allowedIps, webAclArn, mutualTls } = access;
    const log = { retention: logRetention, removalPolicy };
    // an id for each class, since the class of a log group cannot change: the other group keeps what it has
    this.accessLog =
      accessLogClass === 'standard'
        ? new LogGroup(this, 'AccessLog', log)
        : new LogGroup(this, 'InfrequentAccessLog', { ...log, logGroupClass: LogGroupClass.INFREQUENT_ACCESS });

    this.api = new RestApi(this, 'Api', {
      restApiName: Stack.of(this).stackName,
      description: 'Where HR systems say that someone has left',
      endpointTypes: [EndpointType.REGIONAL],
      // passes every body on as the bytes that were signed
      binaryMediaTypes: ['*/*'],
      ...(allowedIps !== undefined && { policy: onlyFrom(allowedIps) }),
      // closes the default address, where no certificate is asked for
      ...(mutualTls !== undefined && { disableExecuteApiEndpoint: true }),
      // sets the role of the account and region that a stage with an access log needs; all REST APIs share it, so it has
      // AWS's own broad policy and is kept when this stack is deleted
      cloudWatchRole: true,
      deployOptions: {
        stageName: 'v1',
        throttlingRateLimit: throttle.ratePerSecond,
        throttlingBurstLimit: throttle.burst,
        accessLogDestination: new LogGroupLogDestination(this.accessLog),
        accessLogFormat,
        // keeps bodies and headers out of the logs
        loggingLevel: MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
      },
    });
    acknowledge(this.api, 'APIG2', 'the receiver verifies the raw bytes before it parses them, and validates the content itself');
    acknowledge(this.api, 'APIG6', 'the access log has everything needed; the execution log would hold bodies and headers');
    acknowledge(
      this.api,
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      'docs/decisions/0001-api-gateway-log-role-belongs-to-the-account.md',
    );
    refuseOldTls(this.api, { behindMutualTls: mutualTls !== undefined });
    answerAsProblems(this.api);

    const method = this.api.root
      .addResource('webhooks')
      .addResource('{source}')
      .addMethod('ANY', new LambdaIntegration(receiver, { allowTestInvoke: false }), { authorizationType: AuthorizationType.NONE });
    acknowledge(
      method,
      'APIG4',
      'HR systems sign their deliveries: the receiver verifies each one, and an authorizer would not see its bytes',
    );
    acknowledge(method, 'COG4', 'an HR system is not a user with a password');

    if (webAclArn === undefined) acknowledge(this.api, 'APIG3', "a web ACL is the stage's choice: access.webAclArn");
    else new CfnWebACLAssociation(this, 'WebAcl', { resourceArn: this.api.deploymentStage.stageArn, webAclArn });

    if (mutualTls !== undefined) new MutualTlsDomain(this, 'MutualTls', { ...mutualTls, api: this.api });
    this.webhooksUrl = mutualTls === undefined ? this.api.urlForPath('/webhooks') : `https://${mutualTls.name}/webhooks`;
  }
}

/** Allows deliveries from these ranges only. */
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

/** Leaves out body, header, query and path: they may hold personal data. */
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
 * Requires TLS 1.2 with forward secrecy: "Security policies for REST APIs", API Gateway. The construct has no property for it.
 * Behind a domain with mutual TLS the policy must equal the domain's, which cannot be one of the newer policies.
 */
function refuseOldTls(api: RestApi, { behindMutualTls }: { behindMutualTls: boolean }): void {
  const { defaultChild } = api.node;
  if (!(defaultChild instanceof CfnRestApi))
    throw new TypeError('expected the REST API to be a CfnRestApi; check the version of aws-cdk-lib');
  defaultChild.securityPolicy = behindMutualTls ? SecurityPolicy.TLS_1_2 : SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
  if (!behindMutualTls) defaultChild.endpointAccessMode = 'STRICT';
}
