import { Duration, Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  GraphWidgetView,
  type IMetric,
  type IWidget,
  SearchExpression,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Watched } from './alarm-rules.ts';

export interface StageDashboardProps extends Watched {
  alarms: readonly Alarm[];
}

const WHOLE = 24;
const THIRD = WHOLE / 3;

/** Shows whether everybody is deactivated who should be. From the top: what needs a person, outcomes, reasons, delays, trouble. */
export class StageDashboard extends Construct {
  readonly dashboardName: string;

  constructor(scope: Construct, id: string, props: StageDashboardProps) {
    super(scope, id);
    this.dashboardName = Stack.of(this).stackName;

    new Dashboard(this, 'Dashboard', {
      dashboardName: this.dashboardName,
      defaultInterval: Duration.days(7),
      widgets: [
        needsPerson(props),
        outcomes(props),
        reasons(props),
        delays(props),
        deliveries(props),
        [...workfront(props), ...adminConsole(props)],
        machinery(props),
      ],
    });
  }
}

function needsPerson({ stageName, alarms }: StageDashboardProps): IWidget[] {
  const markdown = [
    `# Workfront offboarding, ${stageName}`,
    'Is everybody deactivated who should be? If nothing below is in alarm, yes: every accepted event is done or due later.',
    `If not, run \`npm run ops -- --stage ${stageName} status\`, then look up the name of the alarm in docs/runbook.md.`,
  ].join('\n\n');
  return [
    new TextWidget({ markdown, width: THIRD, height: 5 }),
    new AlarmStatusWidget({ title: 'Needs a person', alarms: [...alarms], width: WHOLE - THIRD, height: 5 }),
  ];
}

function outcomes({ metrics: { worker } }: StageDashboardProps): IWidget[] {
  const settled = [
    worker('Deactivated', { label: 'deactivated' }),
    worker('AlreadyInactive', { label: 'already inactive' }),
    worker('NoAccount', { label: 'no account' }),
    worker('WouldDeactivate', { label: 'would deactivate (dry run)' }),
    worker('Scheduled', { label: 'scheduled' }),
    worker('Cancelled', { label: 'cancelled' }),
    worker('Rescinded', { label: 'rescinded' }),
    worker('Held', { label: 'held' }),
    worker('Failed', { label: 'failed' }),
    worker('Returned', { label: 'active again' }),
  ];
  return [
    new SingleValueWidget({ title: 'Outcomes', metrics: settled, setPeriodToTimeRange: true, width: WHOLE, height: 4 }),
    new GraphWidget({ title: 'Outcomes, over time', left: settled, stacked: true, width: WHOLE, height: 6 }),
  ];
}

function reasons({ metrics: { worker, byReason } }: StageDashboardProps): IWidget[] {
  return [
    bars('Held, by guard', byReason('worker', 'Held')),
    bars('Failed, by reason', byReason('worker', 'Failed')),
    bars('Retried, by reason', byReason('worker', 'Waiting')),
    graph('Retried, ordered by operators, nothing to do', [
      worker('Waiting', { label: 'retried later' }),
      worker('Released', { label: 'released' }),
      worker('Replayed', { label: 'replayed' }),
      worker('Duplicates', { label: 'nothing to do' }),
    ]),
    graph('Outcomes not announced', [worker('Unannounced')]),
    graph('No account, and the credential does not see every user', [worker('NoAccountLimited')]),
  ];
}

function delays({ metrics: { worker } }: StageDashboardProps): IWidget[] {
  const spread = (metricName: string) => ['p50', 'p95', 'Maximum'].map((statistic) => worker(metricName, { statistic, label: statistic }));
  return [
    graph('From effective time to deactivation, ms', spread('FromEffective')),
    graph('From receipt to deactivation, ms (includes the time until due)', spread('FromReceived')),
    graph('Longest overdue leaver, s', [worker('Overdue', { statistic: 'Maximum' })]),
  ];
}

function deliveries({ metrics: { receiver, byReason, bySource } }: StageDashboardProps): IWidget[] {
  const sent = [
    receiver('Received', { label: 'deliveries' }),
    receiver('Queued', { label: 'events queued' }),
    receiver('Ignored', { label: 'events ignored' }),
    receiver('Rejected', { label: 'deliveries rejected' }),
    receiver('Unreadable', { label: 'unreadable, kept' }),
  ];
  return [
    graph('Deliveries from HR', sent),
    bars('Accepted, by source', bySource('Accepted')),
    bars('Rejected, by reason', byReason('receiver', 'Rejected')),
  ];
}

function workfront({ metrics: { worker } }: StageDashboardProps): IWidget[] {
  return [
    graph('Workfront calls', [
      worker('WorkfrontCalls', { label: 'calls' }),
      worker('WorkfrontThrottled', { label: 'throttled' }),
      worker('CredentialTrouble', { label: 'credential trouble' }),
      worker('CanaryPassed', { label: 'canary passed' }),
      worker('CanaryFailed', { label: 'canary failed' }),
    ]),
    graph(
      'Workfront latency, ms',
      ['p50', 'p99'].map((statistic) => worker('WorkfrontLatency', { statistic, label: statistic })),
    ),
    graph('Days until the Workfront key expires', [worker('WorkfrontKeyDaysLeft', { statistic: 'Minimum', label: 'days left' })]),
  ];
}

/** Only if leavers are removed there. */
function adminConsole({ metrics: { worker }, removesInConsole }: StageDashboardProps): IWidget[] {
  if (!removesInConsole) return [];
  return [
    graph('Admin Console', [
      worker('ConsoleNeedsPerson', { label: 'held or failed' }),
      worker('ConsoleTrouble', { label: 'refused to everybody' }),
    ]),
  ];
}

function machinery({ metrics, receiver, worker, api, leaverQueue }: StageDashboardProps): IWidget[] {
  const { queue, deadLetterQueue, quarantineQueue } = leaverQueue;
  return [
    graph('Messages in queues', [
      queue.metricApproximateNumberOfMessagesVisible({ label: 'leaver queue' }),
      queue.metricApproximateNumberOfMessagesNotVisible({ label: 'leaver queue, in work or waiting for a retry' }),
      deadLetterQueue.metricApproximateNumberOfMessagesVisible({ label: 'dead letters' }),
      quarantineQueue.metricApproximateNumberOfMessagesVisible({ label: 'quarantine' }),
    ]),
    graph('Oldest message of the leaver queue, s', [queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' })]),
    graph('Errors', [
      worker.metricErrors({ label: 'worker' }),
      worker.metricThrottles({ label: 'worker throttled' }),
      receiver.metricErrors({ label: 'receiver' }),
      receiver.metricThrottles({ label: 'receiver throttled' }),
      api.metricServerError({ label: '5xx answers' }),
      metrics.worker('Unexpected', { label: 'unexpected' }),
      metrics.worker('DeadLettered', { label: 'moved to the dead-letter queue by the worker' }),
    ]),
    graph('Ledger and schedules', [
      metrics.worker('LedgerRestored', { label: 'stage paused: ledger restored or schedules lost' }),
      metrics.worker('NotStarted', { statistic: 'Maximum', label: 'due, and not begun for half an hour' }),
      metrics.worker('ScheduledAgain', { label: 'schedules set again' }),
    ]),
    graph('Read again after the end', [
      metrics.worker('Watched', { label: 'users read again' }),
      metrics.worker('Swept', { label: 'nightly sweeps' }),
      metrics.worker('Findings', { statistic: 'Maximum', label: 'findings' }),
    ]),
    graph('Run time of the functions, ms', [
      receiver.metricDuration({ statistic: 'p95', label: 'receiver, p95' }),
      worker.metricDuration({ statistic: 'p95', label: 'worker, p95' }),
    ]),
  ];
}

const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: THIRD, height: 6, leftYAxis: { min: 0 } });

const bars = (title: string, expression: string) =>
  new GraphWidget({
    title,
    // keeps the metric's own label, which is the reason
    left: [new SearchExpression({ expression, label: '', period: Duration.hours(1) })],
    view: GraphWidgetView.BAR,
    setPeriodToTimeRange: true,
    width: THIRD,
    height: 6,
  });
