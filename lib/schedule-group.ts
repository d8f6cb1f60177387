import { type RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { LeaverQueue } from './leaver-queue.ts';

export interface ScheduleGroupProps {
  leaverQueue: LeaverQueue;
  removalPolicy: RemovalPolicy;
}

/** The one-time schedules of leavers with a future effective time, and the role that puts their messages on the leaver queue. */
export class ScheduleGroup extends Construct {
  readonly group: scheduler.ScheduleGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string, { leaverQueue, removalPolicy }: ScheduleGroupProps) {
    super(scope, id);

    this.group = new scheduler.ScheduleGroup(this, 'Group', { removalPolicy });
    this.role = new Role(this, 'Role', {
      description: 'Puts the message of a due leaver on the leaver queue',
      // allows only schedules of this group: "Confused deputy prevention", Amazon EventBridge Scheduler
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': this.group.scheduleGroupArn } },
      }),
    });
    leaverQueue.grantSend(this.role, leaverQueue.queue, leaverQueue.deadLetterQueue);
  }

  /** Allows creating and deleting schedules in this group, with this role only. */
  grantManage(grantee: IGrantable & IConstruct): void {
    this.group.grants.writeSchedules(grantee);
    this.group.grants.deleteSchedules(grantee);
    const { region, account } = Stack.of(this);
    const where = `${asNagWrites(region, 'Region')}:${asNagWrites(account, 'AccountId')}`;
    acknowledge(
      grantee,
      `IAM5[Resource::arn:<AWS::Partition>:scheduler:${where}:schedule/${this.group.scheduleGroupName}/*]`,
      'schedules are named after events, and one after the daily look: the worker may manage any in this group, and in no other',
    );
    // avoids `grantPassRole`, which would allow passing the role to any service
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
  }
}

const asNagWrites = (value: string, pseudoParameter: string): string => (Token.isUnresolved(value) ? `<AWS::${pseudoParameter}>` : value);
