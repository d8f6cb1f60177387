import { join } from 'node:path';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type IFunction, LoggingFormat, type RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

const root = join(import.meta.dirname, '..');

/**
 * What the SDK asks for only where credentials are not in the environment (Lambda puts them there), where an operation streams
 * events, and where a request is signed for several regions. Each is behind an `import()`, and esbuild makes all that such a
 * module shares with the rest lazy too: with these inside, a third of the time to load the bundle goes there.
 */
export const NEVER_REACHED = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/nested-clients',
  '@aws-sdk/signature-v4-crt',
  '@aws-sdk/token-providers',
  '@smithy/core/event-streams',
  '@smithy/credential-provider-imds',
];

export interface NodeFunctionProps {
  /** The file in `lambda/` that exports `handler`. */
  entry: string;
  description: string;
  environment: Record<string, string>;
  timeout: Duration;
  memorySize: number;
  logRetention: RetentionDays;
  removalPolicy: RemovalPolicy;
  recursiveLoop?: RecursiveLoop;
  /** As many runs at once, reserved for it and never more; undefined: what the account has. */
  reservedConcurrentExecutions?: number | undefined;
}

/** A function as this house builds it: one small bundle, a role that begins with nothing but its own log group. */
export class NodeFunction extends Construct implements IGrantable {
  readonly function: IFunction;
  readonly logGroup: LogGroup;
  readonly grantPrincipal: IPrincipal;

  constructor(
    scope: Construct,
    id: string,
    { entry, logRetention, removalPolicy, reservedConcurrentExecutions, ...props }: NodeFunctionProps,
  ) {
    super(scope, id);

    this.logGroup = new LogGroup(this, 'Logs', { retention: logRetention, removalPolicy });
    // given, so that the AWS-managed basic execution policy, which may write to any log group, is not attached
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: props.description });
    this.logGroup.grantWrite(role);
    this.grantPrincipal = role;

    this.function = new NodejsFunction(this, 'Function', {
      ...props,
      ...(reservedConcurrentExecutions !== undefined && { reservedConcurrentExecutions }),
      role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      entry: join(root, 'lambda', entry),
      projectRoot: root,
      depsLockFilePath: join(root, 'package-lock.json'),
      awsSdkConnectionReuse: false,
      // CommonJS, also where the SDK says `import('node:http')`: an ES module pays for the lazy getters of node:http.
      // The SDK inside: that of the runtime loads slower.
      bundling: {
        format: OutputFormat.CJS,
        minify: true,
        mainFields: ['module', 'main'],
        externalModules: NEVER_REACHED,
        esbuildArgs: { '--supported:dynamic-import': 'false' },
        sourceMap: false,
      },
    });
  }
}
