import { join } from 'node:path';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type IFunction, LoggingFormat, type RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

const root = join(import.meta.dirname, '..');

/**
 * Modules that the SDK imports only if credentials are not in the environment (Lambda puts them there), if an operation streams
 * events, or if a request is signed for several regions. Each is behind an `import()`, and esbuild also makes everything lazy
 * that such a module shares with the rest: inside the bundle they would cost a third of its load time.
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
  /** Concurrent runs reserved for this function, also its upper limit; undefined: no reservation. */
  reservedConcurrentExecutions?: number | undefined;
}

/** A function built from one small bundle, with a role that at first may only write to its own log group. */
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
    // replaces the default role: its AWS-managed basic execution policy may write to any log group
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
      // uses CommonJS, also for the SDK's `import('node:http')`: an ES module pays for the lazy getters of node:http
      // and bundles the SDK, because the runtime's own copy loads slower
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
