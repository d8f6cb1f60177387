import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type AlarmRule, HOUR, type Watched } from './alarm-rules.ts';

/** What the worker recorded, or cannot get done. */
export function leaverAlarms({ metrics: { worker }, announces }: Watched): AlarmRule[] {
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

/** What keeps every leaver waiting. */
export function credentialAlarms({ metrics: { worker } }: Watched): AlarmRule[] {
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
