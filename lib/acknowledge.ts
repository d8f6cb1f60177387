import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why a finding of AwsSolutions (cdk-nag, RULES.md) stands: on the construct that it is about, never on the stack. What is
 * neither mended nor acknowledged stops the synthesis.
 *
 * @param finding such as `SMG4`, or `IAM5[Resource::...]` where the rule tells each of several apart
 */
export function acknowledge(construct: IConstruct, finding: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${finding}`, reason });
}
