import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LeaverQueue } from './leaver-queue.ts';
import type { Stage } from './stage.ts';
import type { StageMetrics } from './stage-metrics.ts';

export interface AlarmRule {
  /** Kebab-case: part of the alarm's name, its construct id, and its heading in docs/runbook.md. It never changes. */
  name: string;
  /** One sentence: what it means for the leaver. */
  means: string;
  /** Of the ops CLI, after `npm run ops -- --stage <stage>`. */
  command: string;
  metric: Metric;
  /** Alarms below this; else above `above`, which is 0 where nothing is said. */
  below?: number;
  above?: number;
  /** Periods in which once is enough; with data missing as breaching, all of them. */
  within?: number;
  /** Not breaching where nothing is said. */
  missing?: TreatMissingData;
  /** For what passes; what was recorded once stays for a person to settle, whatever the metric says five minutes later. */
  tellsWhenOver?: true;
}

/** What there is to watch. */
export interface Watched {
  stageName: string;
  metrics: StageMetrics;
  sources: Stage['sources'];
  announces: boolean;
  receiver: IFunction;
  worker: IFunction;
  api: RestApi;
  leaverQueue: LeaverQueue;
}

export const FIVE_MINUTES = { period: Duration.minutes(5) };
/** The longest that CloudWatch looks back is a week: "Metric data points", Amazon CloudWatch alarms. */
export const HOUR = { period: Duration.hours(1) };
