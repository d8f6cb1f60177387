import { MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type AlarmRule, DAY, HOUR, type Watched } from './alarm-rules.ts';

/** Alarms on events that the worker recorded or cannot finish. */
export function leaverAlarms({ metrics: { worker }, announces }: Watched): AlarmRule[] {
  const unannounced: AlarmRule = {
    name: 'unannounced',
    means: 'Outcomes of leavers are in the ledger but were not announced to other systems. The announcement is being retried.',
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
      means: 'A leaver still has access: a guard needs a person to decide before the user is deactivated.',
      command: 'list --status held',
      metric: worker('NeedsDecision'),
    },
    {
      name: 'brake-latched',
      means: 'More people left at once than the limits allow. Every further leaver keeps access until the brake is released.',
      command: 'brake status',
      metric: worker('BrakeLatched'),
    },
    {
      name: 'rescinded-too-late',
      means: 'HR now says this employee is staying, but their account was already deactivated. Reactivate it in Workfront by hand.',
      command: 'list --status held --reason rescinded-after-deactivation',
      metric: worker('RescindedTooLate'),
    },
    {
      name: 'returned',
      means: 'A leaver has access again: their user was inactive, and is active. A directory sync, an approval or a person did that.',
      command: 'list --status returned',
      metric: worker('Returned'),
    },
    {
      name: 'findings',
      means: 'Somebody may have access who left, or none who works: HR, Workfront and this product do not agree about them.',
      command: 'todo',
      metric: worker('Findings', { statistic: 'Maximum' }),
    },
    {
      name: 'overdue',
      means: 'A leaver still has access more than an hour after it should have ended. The event waits, or its message is lost.',
      command: 'status',
      metric: worker('Overdue', { statistic: 'Maximum' }),
      above: 3600,
      within: 3,
      tellsWhenOver: true,
    },
    {
      name: 'unexpected',
      means: 'A leaver still has access: the worker failed with an unexpected error and is retrying.',
      command: 'doctor',
      metric: worker('Unexpected'),
      within: 3,
      tellsWhenOver: true,
    },
    ...(announces ? [unannounced] : []),
  ];
}

/** Too few people to speak of a share. */
const FEW_LEAVERS = 10;

/** Alarms on leavers without an account: there is none, or we look in the wrong way. */
export function noAccountAlarms({ metrics: { worker } }: Watched): AlarmRule[] {
  const found = ['Deactivated', 'AlreadyInactive', 'WouldDeactivate'];
  const usingMetrics = Object.fromEntries(['NoAccount', ...found].map((name) => [`n${name}`, worker(name, DAY)]));
  const all = Object.keys(usingMetrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
  return [
    {
      name: 'no-account-share',
      means:
        'Leavers may still have access: no account was found for more than half of at least 10 leavers of a day. HR and Workfront may name people differently.',
      command: 'list --status no-account --since 24h',
      metric: new MathExpression({
        ...DAY,
        label: 'leavers without an account, %',
        expression: `IF(${all} >= ${FEW_LEAVERS}, 100 * FILL(nNoAccount, 0) / (${all}), 0)`,
        usingMetrics,
      }),
      above: 50,
      tellsWhenOver: true,
    },
    {
      name: 'limited-sight',
      means: 'A leaver may still have access: no account was found, but the Workfront credential does not see every user.',
      command: 'list --status no-account --reason limited-sight',
      metric: worker('NoAccountLimited'),
    },
    {
      name: 'pending-approval',
      means: 'A leaver may get access: the user is deactivated and pending approval, and an approval in Workfront would activate them.',
      command: 'list --status already-inactive --reason pending-approval',
      metric: worker('PendingApproval'),
    },
  ];
}

/** Alarms on the memory of the stage: a rescission or a date that is forgotten. */
export function memoryAlarms({ metrics: { worker }, sweeps }: Watched): AlarmRule[] {
  const sweepMissing: AlarmRule = {
    name: 'sweep-missing',
    means: 'A leaver may have access again unnoticed: nobody has swept for more than a day.',
    command: 'doctor',
    metric: worker('Swept', HOUR),
    below: 1,
    within: 26,
    missing: TreatMissingData.BREACHING,
    tellsWhenOver: true,
  };
  return [
    {
      name: 'ledger-restored',
      means:
        'No leaver is being deactivated: the ledger was restored to an earlier time, or several schedules were lost. The stage was paused, because rescissions may be forgotten.',
      command: 'status',
      metric: worker('LedgerRestored'),
    },
    {
      name: 'schedule-lost',
      means:
        'A leaver still has access: a scheduled event was due more than half an hour ago and was not begun. Its schedule is lost, and the next daily check sets it again.',
      command: 'doctor',
      metric: worker('NotStarted', { statistic: 'Maximum' }),
      within: 3,
      tellsWhenOver: true,
    },
    ...(sweeps ? [sweepMissing] : []),
    {
      name: 'late-look-missing',
      means: 'A leaver may keep access unnoticed: nobody has looked for half an hour who is late. The worker looks every five minutes.',
      command: 'doctor',
      metric: worker('Overdue', { statistic: 'SampleCount' }),
      below: 1,
      within: 6,
      missing: TreatMissingData.BREACHING,
      tellsWhenOver: true,
    },
  ];
}

/** Alarms on the credential, or on a Workfront that refuses everybody: every leaver waits. */
export function credentialAlarms({ metrics: { worker } }: Watched): AlarmRule[] {
  return [
    {
      name: 'credential-trouble',
      means: 'No leaver is being deactivated: the Workfront credential is refused, missing or sees no users. Events wait until it works.',
      command: 'doctor',
      metric: worker('CredentialTrouble'),
      // ends when Workfront accepts the credential again, not when nobody uses it
      missing: TreatMissingData.IGNORE,
      tellsWhenOver: true,
    },
    {
      name: 'stage-trouble',
      means:
        'No leaver is being deactivated: Workfront refuses everybody alike, such as every write of a credential that may only read. Events wait, and go on by themselves after the repair.',
      command: 'doctor',
      metric: worker('StageTrouble'),
      // ends when Workfront answers again, not when nobody asks
      missing: TreatMissingData.IGNORE,
      tellsWhenOver: true,
    },
    {
      name: 'canary-missing',
      means: 'The next leaver may not be deactivated: the daily check of the Workfront credential has not passed for more than a day.',
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
        means: `The Workfront API key expires in ${days === 1 ? 'a day' : `${days} days`} or less. After that no leaver is deactivated.`,
        command: 'secret rotate workfront',
        metric: worker('WorkfrontKeyDaysLeft', { statistic: 'Minimum', ...HOUR }),
        // compares with the next whole day: seven days are left until less than seven are
        below: days,
        // keeps the last state: the age of the key is measured only when the worker reads the secret
        missing: TreatMissingData.IGNORE,
        tellsWhenOver: true,
      }),
    ),
  ];
}
