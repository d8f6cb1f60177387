import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnFunction,
  type IFunction,
  Function as LambdaFunction,
  LoggingFormat,
  type RecursiveLoop,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type FunctionName, functionCode, SETTINGS_FILE } from './bundle.ts';

/** Where the commands find settings: in the metadata of the resource in the template. */
export const SETTINGS_METADATA = 'workfront-offboarding:settings';

export interface NodeFunctionProps {
  /** The file in `lambda/` that exports `handler`, without its ending. */
  name: FunctionName;
  description: string;
  /** What CloudFormation fills in. */
  environment: Record<string, string>;
  /** What is known at synthesis, of any length: docs/decisions/0011-settings-are-a-file-beside-the-code.md. */
  settings: object;
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
    { name, environment, settings, logRetention, removalPolicy, reservedConcurrentExecutions, ...props }: NodeFunctionProps,
  ) {
    super(scope, id);

    this.logGroup = new LogGroup(this, 'Logs', { retention: logRetention, removalPolicy });
    // replaces the default role: its AWS-managed basic execution policy may write to any log group
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: props.description });
    this.logGroup.grantWrite(role);
    this.grantPrincipal = role;

    const deployed = new LambdaFunction(this, 'Function', {
      ...props,
      ...(reservedConcurrentExecutions !== undefined && { reservedConcurrentExecutions }),
      environment: { ...environment, SETTINGS_FILE },
      role,
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: functionCode(name, settings),
    });
    showSettings(deployed, settings);
    this.function = deployed;
  }
}

/** Writes the settings into the template too, for the commands: they may read the template, but not the code. */
function showSettings({ node: { defaultChild } }: LambdaFunction, settings: object): void {
  if (!(defaultChild instanceof CfnFunction))
    throw new TypeError('expected the function to be a CfnFunction; check the version of aws-cdk-lib');
  defaultChild.addMetadata(SETTINGS_METADATA, settings);
}
