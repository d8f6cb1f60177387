import { describe, expect, it } from '@jest/globals';
import { grantsOf, NETWORK, statementsOf, synthesise } from './synthesise.ts';

const open = synthesise('production');
const inside = synthesise('production', { network: NETWORK });
const functionsOf = (template: typeof open) => template.findResources('AWS::Lambda::Function');
const workerOf = (template: typeof open) => Object.entries(functionsOf(template)).find(([id]) => id.startsWith('WorkerFunction'))?.[1];

describe('a stage with a network', () => {
  it('puts the worker into its subnets, with a security group that lets TLS out and nothing in', () => {
    const [[group, { Properties }] = ['', { Properties: {} }], ...more] = Object.entries(inside.findResources('AWS::EC2::SecurityGroup'));

    expect(more).toEqual([]);
    expect(Properties).toEqual({
      VpcId: NETWORK.vpcId,
      GroupDescription: expect.any(String),
      SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0', Description: expect.any(String) }],
    });
    expect(workerOf(inside)?.Properties.VpcConfig).toEqual({
      SubnetIds: NETWORK.subnetIds,
      SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
    });
  });

  it('leaves the receiver where it is: nobody has a list of its addresses', () => {
    const [, receiver] = Object.entries(functionsOf(inside)).find(([id]) => id.startsWith('ReceiverFunction')) ?? [];

    expect(receiver?.Properties.VpcConfig).toBeUndefined();
    expect(grantsOf(inside, 'ReceiverRole')).toEqual(grantsOf(open, 'ReceiverRole'));
  });

  it('lets Lambda make the interfaces before the function is made, and denies that to the code of the function', () => {
    const added = statementsOf(inside, 'WorkerRole').filter(({ Action }) => Action.some((action) => action.startsWith('ec2:')));
    const Action = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ];

    expect(added).toEqual([
      { Effect: 'Allow', Action, Resource: ['"*"'] },
      { Effect: 'Deny', Action, Resource: ['"*"'], Condition: { ArnLike: { 'lambda:SourceFunctionArn': expect.anything() } } },
    ]);
    expect(JSON.stringify(added[1]?.Condition)).toMatch(/:lambda:.*:function:\*/);
    expect(workerOf(inside)?.DependsOn).toEqual(expect.arrayContaining([expect.stringMatching(/^WorkerRoleDefaultPolicy/)]));
  });

  it('changes nothing else of what the worker may do', () => {
    const others = statementsOf(inside, 'WorkerRole').filter(({ Action }) => !Action.some((action) => action.startsWith('ec2:')));

    expect(others).toEqual(statementsOf(open, 'WorkerRole'));
  });
});

it('a stage without one leaves the worker at the addresses of AWS', () => {
  open.resourceCountIs('AWS::EC2::SecurityGroup', 0);
  expect(workerOf(open)?.Properties.VpcConfig).toBeUndefined();
  expect(grantsOf(open, 'WorkerRole').filter((grant) => grant.startsWith('ec2:'))).toEqual([]);
});
