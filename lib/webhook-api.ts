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
  ResponseType,
  RestApi,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface WebhookApiProps {
  receiver: IFunction;
  throttle: { ratePerSecond: number; burst: number };
  logRetention: RetentionDays;
  removalPolicy: RemovalPolicy;
}

/** The public endpoint `/webhooks/{source}`. Every method goes to the receiver: refusing one is its work, as is all checking. */
export class WebhookApi extends Construct {
  readonly api: RestApi;
  readonly accessLog: LogGroup;

  constructor(scope: Construct, id: string, { receiver, throttle, logRetention, removalPolicy }: WebhookApiProps) {
    super(scope, id);
    this.accessLog = new LogGroup(this, 'AccessLog', { retention: logRetention, removalPolicy });

    this.api = new RestApi(this, 'Api', {
      restApiName: Stack.of(this).stackName,
      description: 'Where HR systems say that someone has left',
      endpointTypes: [EndpointType.REGIONAL],
      // every body arrives as the bytes that were signed
      binaryMediaTypes: ['*/*'],
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
    refuseOldTls(this.api);
    answerAsProblems(this.api);

    this.api.root
      .addResource('webhooks')
      .addResource('{source}')
      .addMethod('ANY', new LambdaIntegration(receiver, { allowTestInvoke: false }), { authorizationType: AuthorizationType.NONE });
  }

  /** Base URL of the sources: `<url>/<source>`. */
  get webhooksUrl(): string {
    return this.api.urlForPath('/webhooks');
  }
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

/** TLS 1.2 with forward secrecy at least: "Security policies for REST APIs", API Gateway; the construct has no words for it. */
function refuseOldTls(api: RestApi): void {
  const { defaultChild } = api.node;
  if (!(defaultChild instanceof CfnRestApi)) throw new TypeError('wanted the REST API resource itself, came something else');
  defaultChild.securityPolicy = SecurityPolicy.TLS13_1_2_PFS_PQ_2025_09;
  defaultChild.endpointAccessMode = 'STRICT';
}

/** The gateway's own refusals look like the receiver's: application/problem+json (RFC 9457). */
function answerAsProblems(api: RestApi): void {
  const answer = (type: ResponseType, title: string, { statusCode, retryAfter }: { statusCode?: string; retryAfter?: number } = {}) =>
    api.addGatewayResponse(type.responseType, {
      type,
      ...(statusCode !== undefined && { statusCode }),
      responseHeaders: {
        'Content-Type': "'application/problem+json'",
        ...(retryAfter !== undefined && { 'Retry-After': `'${retryAfter}'` }),
      },
      templates: { 'application/json': `{"type":"about:blank","title":${title},"requestId":"$context.requestId"}` },
    });

  // 503, not 429: some HR systems never send again after a 4xx
  answer(ResponseType.THROTTLED, '"Too many deliveries at once, send it again later"', { statusCode: '503', retryAfter: 30 });
  answer(ResponseType.INTEGRATION_TIMEOUT, '"No answer in time, send it again later"', { statusCode: '504', retryAfter: 30 });
  // what API Gateway says of a path that is not there, with 403
  answer(ResponseType.MISSING_AUTHENTICATION_TOKEN, '"No such resource"', { statusCode: '404' });
  answer(ResponseType.DEFAULT_4XX, '$context.error.messageString');
  answer(ResponseType.DEFAULT_5XX, '$context.error.messageString');
}
