import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { NodeFunction } from './node-function.ts';
import type { Stage } from './stage.ts';

export interface WorkerNetworkProps extends NonNullable<Stage['network']> {
  worker: NodeFunction;
}

/**
 * Puts the worker into subnets of a VPC, so that Workfront and HR systems see the addresses of the subnets' NAT gateways and no others.
 * Everything that the worker calls goes this way, AWS included, by TLS only.
 */
export class WorkerNetwork extends Construct {
  constructor(scope: Construct, id: string, { worker, vpcId, subnetIds }: WorkerNetworkProps) {
    super(scope, id);
    const { resource } = this.#mayJoin(worker);

    const group = new CfnSecurityGroup(this, 'Group', {
      vpcId,
      groupDescription: 'The worker of the Workfront offboarding: TLS to anywhere, nothing from anywhere',
      // names of hosts are looked up without it: "Control traffic to your AWS resources using security groups", Amazon VPC
      securityGroupEgress: [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: '0.0.0.0/0', description: 'TLS to anywhere' }],
    });
    resource.vpcConfig = { subnetIds, securityGroupIds: [group.attrGroupId] };
  }

  /**
   * Lets Lambda make the network interfaces of the function, and nobody else who has its role: "Giving Lambda functions access to
   * resources in an Amazon VPC", AWS Lambda.
   */
  #mayJoin(worker: NodeFunction): { resource: CfnFunction } {
    const { defaultChild } = worker.function.node;
    if (!(defaultChild instanceof CfnFunction)) throw new Error('the function has no resource; give it a construct that has one');
    const actions = [
      'ec2:CreateNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:DeleteNetworkInterface',
      'ec2:AssignPrivateIpAddresses',
      'ec2:UnassignPrivateIpAddresses',
    ];
    worker.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: ['*'] }));
    // names every function of the account and not this one, because the function is made after its role
    const anyFunction = Stack.of(this).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    worker.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions,
        resources: ['*'],
        conditions: { ArnLike: { 'lambda:SourceFunctionArn': anyFunction } },
      }),
    );
    acknowledge(worker, 'IAM5[Resource::*]', 'Lambda needs these actions on every resource, and the code of the function is denied them');
    return { resource: defaultChild };
  }
}
