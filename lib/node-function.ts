import { join } from 'node:path';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type IFunction, LoggingFormat, type RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

const root = join(import.meta.dirname, '..');

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
      // CommonJS: an ES module pays for the lazy getters of node:http. Everything inside: the SDK of the runtime loads slower.
      bundling: { format: OutputFormat.CJS, minify: true, mainFields: ['module', 'main'], externalModules: [], sourceMap: false },
    });
  }
}
