import { GetMetricStatisticsCommand, paginateDescribeAlarms, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DAY, HOUR, MINUTE, SECOND, toInstant } from '../../lambda/domain/time/time.ts';
import { cloudWatchOf } from './clients.ts';
import type { Deployment } from './deployment.ts';

/** How far back to look for a use. CloudWatch keeps hourly counts for 455 days. */
export const LOOKED_BACK_DAYS = 30;

/** What CloudWatch knows about a stage. Every call throws the error of AWS if the operator may not make it. */
export interface Signals {
  /** The alarms of the stage that are on, each with what it means and which command to run. */
  ringing(): Promise<{ name: string; means: string }[]>;
  /**
   * Sets an alarm of the stage that is off to ALARM, once: CloudWatch tells everybody who hears of the alarms, and sets it back by itself.
   *
   * @returns its name; undefined if every alarm is on
   */
  ringOnce(reason: string): Promise<string | undefined>;
  /** The hour in which the receiver last accepted a delivery that only the former secret of the source proves; undefined if never. */
  oldSecretLastUsed(source: string): Promise<string | undefined>;
  /** In seconds; undefined if CloudWatch has not counted lately. */
  oldestMessageAge(queueUrl: string): Promise<number | undefined>;
}

/** Reads CloudWatch in the region of a stage, with the operator's own identity. */
export function cloudWatch(deployment: Pick<Deployment, 'name' | 'region' | 'clock' | 'places'>): Signals {
  const { name: stage, clock, places } = deployment;
  const client = cloudWatchOf(deployment);

  async function points(
    metric: { Namespace: string; MetricName: string; Dimensions: Record<string, string> },
    back: number,
    period: number,
  ) {
    const { Dimensions, ...named } = metric;
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        ...named,
        Dimensions: Object.entries(Dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(clock() - back),
        EndTime: new Date(clock()),
        Period: period / SECOND,
        Statistics: ['Sum', 'Maximum'],
      }),
    );
    return Datapoints.flatMap(({ Timestamp, ...point }) => (Timestamp === undefined ? [] : [{ ...point, at: Timestamp.getTime() }])).sort(
      (one, other) => one.at - other.at,
    );
  }

  return {
    async ringing() {
      const found: { name: string; means: string }[] = [];
      const prefix = `${places.stack}-`;
      for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { StateValue: 'ALARM', AlarmNamePrefix: prefix })) {
        for (const { AlarmName = '', AlarmDescription = '' } of MetricAlarms) {
          // The prefix `test-` also begins the alarms of a stage `test-2`.
          if (AlarmDescription.includes(`--stage ${stage} `)) found.push({ name: AlarmName.slice(prefix.length), means: AlarmDescription });
        }
      }
      return found;
    },

    async ringOnce(reason) {
      const AlarmNamePrefix = `workfront-offboarding-${stage}-`;
      for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { AlarmNamePrefix })) {
        const quiet = MetricAlarms.find(
          ({ StateValue, AlarmDescription = '' }) => StateValue !== 'ALARM' && AlarmDescription.includes(`--stage ${stage} `),
        );
        if (quiet?.AlarmName === undefined) continue;
        await client.send(new SetAlarmStateCommand({ AlarmName: quiet.AlarmName, StateValue: 'ALARM', StateReason: reason }));
        return quiet.AlarmName;
      }
      return undefined;
    },

    async oldSecretLastUsed(source) {
      const Dimensions = { service: 'receiver', stage, source };
      const metric = { Namespace: 'WorkfrontOffboarding', MetricName: 'OldSecretUsed', Dimensions };
      const last = (await points(metric, LOOKED_BACK_DAYS * DAY, HOUR)).findLast(({ Sum = 0 }) => Sum > 0);
      return last && toInstant(last.at);
    },

    async oldestMessageAge(queueUrl) {
      const Dimensions = { QueueName: queueUrl.split('/').at(-1) ?? '' };
      const metric = { Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage', Dimensions };
      return (await points(metric, 15 * MINUTE, 5 * MINUTE)).at(-1)?.Maximum;
    },
  };
}
