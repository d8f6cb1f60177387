import { TimeZone } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { LeaverQueue } from './leaver-queue.ts';
import type { ScheduleGroup } from './schedule-group.ts';

export interface DailyCanaryProps {
  schedules: ScheduleGroup;
  leaverQueue: LeaverQueue;
}

/**
 * Once a day the worker looks, with the real credential and reading only, whether Workfront still lets it in: a key that
 * expired is then found within a day, and not by the next leaver.
 */
export class DailyCanary extends Construct {
  constructor(scope: Construct, id: string, { schedules, leaverQueue: { queue, deadLetterQueue } }: DailyCanaryProps) {
    super(scope, id);

    const schedule = new Schedule(this, 'Schedule', {
      description: 'Has the worker look whether the Workfront credential still works',
      // never at the moment of a deployment, when the secret may not be set yet
      schedule: ScheduleExpression.cron({ hour: '5', minute: '0', timeZone: TimeZone.ETC_UTC }),
      scheduleGroup: schedules.group,
      // not the target of the CDK, which would let the role of all schedules ask for the queue's address and attributes
      target: {
        bind: () => ({
          arn: queue.queueArn,
          role: schedules.role,
          input: ScheduleTargetInput.fromObject({ kind: 'canary' }),
          deadLetterConfig: { arn: deadLetterQueue.queueArn },
        }),
      },
    });
    // the group has a name of its own, so the template does not show that the schedule is in it
    schedule.node.addDependency(schedules.group);
  }
}
