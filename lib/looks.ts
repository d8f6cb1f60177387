import { Duration, TimeZone } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { LeaverQueue } from './leaver-queue.ts';
import type { ScheduleGroup } from './schedule-group.ts';

interface LookProps {
  schedules: ScheduleGroup;
  leaverQueue: LeaverQueue;
}

/**
 * Makes the worker check once a day, by a read with the real credential, that Workfront still accepts it: an expired key is
 * then found within a day instead of by the next leaver.
 */
export class DailyCanary extends Construct {
  constructor(scope: Construct, id: string, props: LookProps) {
    super(scope, id);

    putOnQueue(this, props, {
      kind: 'canary',
      description: 'Makes the worker check that the Workfront credential still works',
      // runs at a fixed time, not when deployed: the secret may not be set yet then
      schedule: ScheduleExpression.cron({ hour: '5', minute: '0', timeZone: TimeZone.ETC_UTC }),
    });
  }
}

/** Makes the worker look each night whether anybody of the last days came back, and whether HR says the same as Workfront shows. */
export class NightlySweep extends Construct {
  constructor(scope: Construct, id: string, props: LookProps) {
    super(scope, id);

    putOnQueue(this, props, {
      kind: 'sweep',
      description: 'Makes the worker look for people who came back',
      // before the first work of the day, and not at the hour of the daily check
      schedule: ScheduleExpression.cron({ hour: '3', minute: '0', timeZone: TimeZone.ETC_UTC }),
    });
  }
}

/** Makes the worker look every few minutes for leavers who are late by the clock, also while their messages are hidden or lost. */
export class LateLook extends Construct {
  constructor(scope: Construct, id: string, props: LookProps) {
    super(scope, id);

    putOnQueue(this, props, {
      kind: 'late-look',
      description: 'Makes the worker look for leavers who are late',
      schedule: ScheduleExpression.rate(Duration.minutes(5)),
    });
  }
}

function putOnQueue(
  scope: Construct,
  { schedules, leaverQueue: { queue, deadLetterQueue } }: LookProps,
  { kind, ...when }: { kind: string; description: string; schedule: ScheduleExpression },
): void {
  const schedule = new Schedule(scope, 'Schedule', {
    ...when,
    scheduleGroup: schedules.group,
    // avoids the CDK's own target, which would also allow the role of all schedules to read the queue's address and attributes
    target: {
      bind: () => ({
        arn: queue.queueArn,
        role: schedules.role,
        input: ScheduleTargetInput.fromObject({ kind }),
        deadLetterConfig: { arn: deadLetterQueue.queueArn },
      }),
    },
  });
  // makes the order explicit: the schedule refers to the group by name, which CloudFormation does not see as a dependency
  schedule.node.addDependency(schedules.group);
}
