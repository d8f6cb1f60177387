import { Duration, Stack } from 'aws-cdk-lib';
import { CfnServiceLevelObjective } from 'aws-cdk-lib/aws-applicationsignals';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { SETTINGS_METADATA } from './node-function.ts';
import type { Stage } from './stage.ts';

export interface ObjectiveProps extends NonNullable<Stage['objective']> {
  /** The milliseconds of each deactivation, from the moment that HR names. */
  delays: (which: { statistic: string; period: Duration }) => Metric;
}

/** The days over which the share is counted: the same as in `report` and `status`. */
const DAYS = 30;

/**
 * A service level objective of CloudWatch: the share of deactivations that Workfront confirmed within a time from the moment that HR
 * names. It counts single leavers, and not minutes: "Service level objectives (SLOs)", Amazon CloudWatch.
 */
export class Objective extends Construct {
  constructor(scope: Construct, id: string, { percent, withinMinutes, delays }: ObjectiveProps) {
    super(scope, id);
    const counted = (id: string, statistic: string) => asQuery(id, delays({ statistic, period: Duration.minutes(1) }));

    const objective = new CfnServiceLevelObjective(this, 'Objective', {
      name: `${Stack.of(this).stackName}-on-time`,
      description: `${percent} % of leavers are inactive within ${withinMinutes} minutes of the moment that HR names`,
      requestBasedSli: {
        requestBasedSliMetric: {
          totalRequestCountMetric: [counted('all', 'SampleCount')],
          // "Trimmed count": the number of values up to this one ("CloudWatch statistics definitions")
          monitoredRequestCountMetric: {
            goodCountMetric: [counted('onTime', `TC(:${Duration.minutes(withinMinutes).toMilliseconds()})`)],
          },
        },
      },
      goal: { attainmentGoal: percent, interval: { rollingInterval: { duration: DAYS, durationUnit: 'DAY' } } },
    });
    objective.addMetadata(SETTINGS_METADATA, { OBJECTIVE: { percent, withinMinutes } });
  }
}

function asQuery(id: string, { namespace, metricName, dimensions, statistic, period }: Metric) {
  return {
    id,
    returnData: true,
    metricStat: {
      metric: {
        namespace,
        metricName,
        dimensions: Object.entries(dimensions ?? {}).map(([name, value]) => ({ name, value: String(value) })),
      },
      stat: statistic,
      period: period.toSeconds(),
    },
  };
}
