import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
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

const FIVE_MINUTES = { period: Duration.minutes(5) };
/** The longest that CloudWatch looks back is a week: "Metric data points", Amazon CloudWatch alarms. */
const HOUR = { period: Duration.hours(1) };

export function watchedRules(watched: Watched): AlarmRule[] {
  return [...leavers(watched), ...credential(watched), ...machinery(watched), ...deliveries(watched), ...silence(watched)];
}

/** What the worker recorded, or cannot get done. */
function leavers({ metrics: { worker }, announces }: Watched): AlarmRule[] {
  const unannounced: AlarmRule = {
    name: 'unannounced',
    means: 'Leavers are dealt with as the ledger says, but the systems that listen to outcomes have not been told; it is tried again.',
    command: 'report --since 24h',
    metric: worker('Unannounced'),
    within: 3,
    tellsWhenOver: true,
  };
  return [
    {
      name: 'failed',
      means: 'A leaver could not be deactivated and still has access to Workfront.',
      command: 'list --status failed',
      metric: worker('Failed'),
    },
    {
      name: 'held',
      means: 'A leaver still has access: a guard wants a person to look before the user is deactivated.',
      command: 'list --status held',
      metric: worker('NeedsDecision'),
    },
    {
      name: 'brake-latched',
      means: 'More people left at once than the limits allow: every further leaver still has access until the brake is released.',
      command: 'brake status',
      metric: worker('BrakeLatched'),
    },
    {
      name: 'rescinded-too-late',
      means: 'Somebody who stays, as HR says now, was deactivated before and cannot work; only a person may reactivate them.',
      command: 'list --status held --reason rescinded-after-deactivation',
      metric: worker('RescindedTooLate'),
    },
    {
      name: 'overdue',
      means: 'A leaver who should be inactive for more than an hour still has access: the event waits for trouble to pass.',
      command: 'status',
      metric: worker('Overdue', { statistic: 'Maximum' }),
      above: 3600,
      within: 3,
      tellsWhenOver: true,
    },
    {
      name: 'unexpected',
      means: 'A leaver still has access: the worker met something that no rule foresees, and tries again.',
      command: 'doctor',
      metric: worker('Unexpected'),
      within: 3,
      tellsWhenOver: true,
    },
    ...(announces ? [unannounced] : []),
  ];
}

function credential({ metrics: { worker } }: Watched): AlarmRule[] {
  return [
    {
      name: 'credential-trouble',
      means: 'No leaver is deactivated: the Workfront credential is refused, missing or sees no users; events wait.',
      command: 'doctor',
      metric: worker('CredentialTrouble'),
      // over when Workfront let the worker in again, not when nobody asks
      missing: TreatMissingData.IGNORE,
      tellsWhenOver: true,
    },
    {
      name: 'canary-missing',
      means: 'Nobody knows whether the next leaver can be deactivated: for more than a day the credential was not seen to work.',
      command: 'doctor',
      metric: worker('CanaryPassed', HOUR),
      below: 1,
      within: 26,
      missing: TreatMissingData.BREACHING,
      tellsWhenOver: true,
    },
    ...[7, 3, 1].map(
      (days): AlarmRule => ({
        name: `key-expires-in-${days}`,
        means: `In ${days === 1 ? 'a day' : `${days} days`} or less the Workfront API key expires, and then no leaver is deactivated.`,
        command: 'secret rotate workfront',
        metric: worker('WorkfrontKeyDaysLeft', { statistic: 'Minimum', ...HOUR }),
        // the next whole day: seven days are left until less than seven are
        below: days,
        // it is known when the worker reads the secret, and true until then
        missing: TreatMissingData.IGNORE,
        tellsWhenOver: true,
      }),
    ),
  ];
}

/** What no event tells, since it does not get that far. */
function machinery({ receiver, worker, api, leaverQueue: { queue, deadLetterQueue } }: Watched): AlarmRule[] {
  return [
    {
      name: 'dead-letters',
      means: 'A leaver may still have access: a message could not even be recorded and waits for a person.',
      command: 'dlq list',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', ...FIVE_MINUTES }),
      tellsWhenOver: true,
    },
    {
      name: 'queue-stuck',
      means: 'Leavers still have access: for half an hour nobody has taken their messages from the leaver queue.',
      command: 'status',
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', ...FIVE_MINUTES }),
      above: 1800,
      tellsWhenOver: true,
    },
    {
      name: 'worker-errors',
      means: 'Leavers may wait with their access: the worker itself broke off or ran out of time; what it had is tried again.',
      command: 'doctor',
      metric: worker.metricErrors(FIVE_MINUTES),
    },
    {
      name: 'worker-throttled',
      means: 'Leavers wait with their access: AWS lets the worker run less often than its queue asks, by the limits of the account.',
      command: 'status',
      metric: worker.metricThrottles(FIVE_MINUTES),
      above: 10,
    },
    {
      name: 'receiver-errors',
      means: 'HR was told 502 and may not send again: the receiver itself broke off, so a leaver may be unknown to us.',
      command: 'doctor',
      metric: receiver.metricErrors(FIVE_MINUTES),
    },
    {
      name: 'receiver-throttled',
      means: 'HR was told 5xx and may not send again: AWS lets the receiver run less often than is asked, by the limits of the account.',
      command: 'doctor',
      metric: receiver.metricThrottles(FIVE_MINUTES),
    },
    {
      name: 'answers-5xx',
      means: 'HR was told to send again later: what it sent is not with us, and a leaver keeps access until it comes.',
      command: 'doctor',
      metric: api.metricServerError(FIVE_MINUTES),
    },
  ];
}

/** What HR sent and we did not take on. */
function deliveries({ metrics: { receiver } }: Watched): AlarmRule[] {
  return [
    {
      name: 'forged',
      means: 'A delivery could not be verified: with a wrong secret, no leaver of that source is known to us any more.',
      command: 'quarantine list',
      metric: receiver('Rejected', { reason: 'forged' }),
    },
    {
      name: 'unreadable',
      means: 'HR sent something that we do not understand: a leaver in it keeps access until it is mended; the delivery is kept.',
      command: 'quarantine list',
      metric: receiver('Unreadable'),
    },
  ];
}

function silence({ metrics: { receiver }, sources }: Watched): AlarmRule[] {
  return Object.entries(sources).flatMap(([source, { silentAfterDays }]): AlarmRule[] =>
    silentAfterDays === undefined
      ? []
      : [
          {
            name: `silence-${source}`,
            means: `${source} has sent nothing that is its own for ${silentAfterDays} days: leavers may keep access unknown to us.`,
            command: `list --source ${source}`,
            metric: receiver('Accepted', { source, ...HOUR }),
            below: 1,
            within: silentAfterDays * 24,
            missing: TreatMissingData.BREACHING,
            tellsWhenOver: true,
          },
        ],
  );
}
