import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Records why a finding of AwsSolutions (cdk-nag, RULES.md) is accepted: on the construct it concerns, never on the stack. A
 * finding that is neither fixed nor acknowledged stops the synthesis.
 *
 * @param finding such as `SMG4`, or `IAM5[Resource::...]` if one rule has several findings on the construct
 */
export function acknowledge(construct: IConstruct, finding: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions-${finding}`, reason });
}
