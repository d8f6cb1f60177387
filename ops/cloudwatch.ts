import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { parse } from '../lambda/domain/parse.ts';
import type { Clock } from '../lambda/domain/ports.ts';
import { DAY, HOUR, MINUTE, SECOND, toInstant } from '../lambda/domain/time.ts';
import { signedCall } from './signed-call.ts';

const alarms = z.object({
  MetricAlarms: z.array(z.object({ AlarmName: z.string(), AlarmDescription: z.string().default('') })).default([]),
  NextToken: z.string().nullish(),
});
const statistics = z.object({
  Datapoints: z.array(z.object({ Timestamp: z.number(), Sum: z.number().optional(), Maximum: z.number().optional() })).default([]),
});

/** How far back a use is looked for; CloudWatch keeps hours for 455 days. */
export const LOOKED_BACK_DAYS = 30;

/** What CloudWatch knows of a stage. Every call throws PermanentFailure with AWS's code where the operator may not. */
export interface Signals {
  /** The stage's alarms that ring, each with what it means and which command to run. */
  ringing(): Promise<{ name: string; means: string }[]>;
  /** When the receiver last accepted a delivery that only an older secret of the source proves; to the hour, undefined for never. */
  oldSecretLastUsed(source: string): Promise<string | undefined>;
  /** Seconds; undefined where CloudWatch has not counted lately. */
  oldestMessageAge(queueUrl: string): Promise<number | undefined>;
}

/** @param sqs whose region and identity are used: those of the operator */
export function cloudWatch(stage: string, { sqs, clock }: { sqs: SQSClient; clock: Clock }): Signals {
  async function ask(operation: string, input: object): Promise<unknown> {
    const region = await sqs.config.region();
    const host = `monitoring.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
    return signedCall({
      // as the SDKs have it: "Service-specific endpoints", AWS SDKs and Tools Reference Guide
      url: process.env.AWS_ENDPOINT_URL_CLOUDWATCH ?? process.env.AWS_ENDPOINT_URL ?? `https://${host}/`,
      service: 'monitoring',
      region,
      target: `GraniteServiceVersion20100801.${operation}`,
      input,
      identity: await sqs.config.credentials(),
      now: clock(),
    });
  }

  async function points(
    metric: { Namespace: string; MetricName: string; Dimensions: Record<string, string> },
    back: number,
    period: number,
  ) {
    const { Dimensions, ...named } = metric;
    const answer = await ask('GetMetricStatistics', {
      ...named,
      Dimensions: Object.entries(Dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: (clock() - back) / SECOND,
      EndTime: clock() / SECOND,
      Period: period / SECOND,
      Statistics: ['Sum', 'Maximum'],
    });
    return parse(statistics, answer, `metric ${metric.MetricName}`).Datapoints.sort((one, other) => one.Timestamp - other.Timestamp);
  }

  return {
    async ringing() {
      const found: { name: string; means: string }[] = [];
      const prefix = `workfront-offboarding-${stage}-`;
      let NextToken: string | null | undefined;
      do {
        const input = { StateValue: 'ALARM', AlarmNamePrefix: prefix, ...(NextToken && { NextToken }) };
        const page = parse(alarms, await ask('DescribeAlarms', input), 'alarms');
        for (const { AlarmName, AlarmDescription } of page.MetricAlarms) {
          // `test-` also begins the alarms of a stage `test-2`
          if (AlarmDescription.includes(`--stage ${stage} `)) found.push({ name: AlarmName.slice(prefix.length), means: AlarmDescription });
        }
        NextToken = page.NextToken;
      } while (NextToken);
      return found;
    },

    async oldSecretLastUsed(source) {
      const Dimensions = { service: 'receiver', stage, source };
      const metric = { Namespace: 'WorkfrontOffboarding', MetricName: 'OldSecretUsed', Dimensions };
      const last = (await points(metric, LOOKED_BACK_DAYS * DAY, HOUR)).findLast(({ Sum = 0 }) => Sum > 0);
      return last && toInstant(last.Timestamp * SECOND);
    },

    async oldestMessageAge(queueUrl) {
      const Dimensions = { QueueName: queueUrl.split('/').at(-1) ?? '' };
      const metric = { Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage', Dimensions };
      return (await points(metric, 15 * MINUTE, 5 * MINUTE)).at(-1)?.Maximum;
    },
  };
}
