import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LeaverQueue } from '../leaver-queue.ts';
import type { Stage } from '../stage.ts';
import type { StageMetrics } from './stage-metrics.ts';

export interface AlarmRule {
  /** In kebab-case: part of the alarm's name, its construct id, and its heading in docs/runbook.md. Never change it. */
  name: string;
  /** What the alarm means for the leaver, in one or two sentences. */
  means: string;
  /** The command to run, after `npm run ops -- --stage <stage>`. */
  command: string;
  metric: IMetric;
  /** Raises the alarm below this value; without it, above `above`, which is 0 by default. */
  below?: number;
  above?: number;
  /** Number of periods looked at. One bad period raises the alarm; if missing data counts as bad, all of them must be bad. */
  within?: number;
  /** How missing data counts; not as bad by default. */
  missing?: TreatMissingData;
  /** Sends a mail when the alarm ends. Only for trouble that ends by itself: a recorded event stays until a person settles it. */
  tellsWhenOver?: true;
}

/** What the alarms and the dashboard watch. */
export interface Watched {
  stageName: string;
  metrics: StageMetrics;
  sources: Stage['sources'];
  announces: boolean;
  /** Whether there is a nightly sweep. */
  sweeps: boolean;
  removesInConsole: boolean;
  receiver: IFunction;
  worker: IFunction;
  api: RestApi;
  leaverQueue: LeaverQueue;
}

export const FIVE_MINUTES = { period: Duration.minutes(5) };
export const DAY = { period: Duration.days(1) };
/** Allows an alarm to look back a week, CloudWatch's limit: "Metric data points", Amazon CloudWatch alarms. */
export const HOUR = { period: Duration.hours(1) };
