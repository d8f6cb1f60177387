import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';

/** An alarm on one metric, as it is in the template. */
const alarm = z.object({
  AlarmName: z.string(),
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
  Statistic: z.enum(['Sum', 'Maximum', 'Minimum', 'SampleCount']),
  Period: z.number(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number(),
  Threshold: z.number(),
  ComparisonOperator: z.enum(['GreaterThanThreshold', 'LessThanThreshold']),
  TreatMissingData: z.enum(['notBreaching', 'breaching', 'ignore']),
});

export type AnAlarm = z.output<typeof alarm>;

/** A value that a function or AWS sent to CloudWatch. */
export interface Sent {
  value: number;
  /** Seconds before now. */
  ago: number;
}

/** The alarms of a template by their names without the stack's; those on a calculation are left out. */
export function simpleAlarms(template: Template): Map<string, AnAlarm> {
  return new Map(
    Object.values(template.findResources('AWS::CloudWatch::Alarm')).flatMap(({ Properties }) => {
      const { data } = alarm.safeParse(Properties);
      return data === undefined ? [] : [[data.AlarmName.replace(/^workfront-offboarding-[a-z]+-/, ''), data] as const];
    }),
  );
}

/**
 * Whether an alarm that was silent rings after these values: M of the last N periods are bad ("Evaluating an alarm", and "Configuring how
 * CloudWatch alarms treat missing data", Amazon CloudWatch User Guide).
 */
export function rings(one: AnAlarm, sent: readonly Sent[]): boolean {
  const periods = Array.from({ length: one.EvaluationPeriods }, (_, index) =>
    sent.filter(({ ago }) => Math.floor(ago / one.Period) === index).map(({ value }) => value),
  );
  const bad = periods.filter((values) => (values.length === 0 ? one.TreatMissingData === 'breaching' : isBad(one, values)));
  return bad.length >= one.DatapointsToAlarm;
}

function isBad({ Statistic, ComparisonOperator, Threshold }: AnAlarm, values: readonly number[]): boolean {
  const of = {
    Sum: () => values.reduce((sum, value) => sum + value, 0),
    Maximum: () => Math.max(...values),
    Minimum: () => Math.min(...values),
    SampleCount: () => values.length,
  }[Statistic]();
  return ComparisonOperator === 'GreaterThanThreshold' ? of > Threshold : of < Threshold;
}
