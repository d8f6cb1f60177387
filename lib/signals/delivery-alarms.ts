import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type AlarmRule, HOUR, type Watched } from './alarm-rules.ts';

/** Alarms on deliveries that were not accepted. */
export function deliveryAlarms({ metrics: { receiver } }: Watched): AlarmRule[] {
  return [
    {
      name: 'forged',
      means: 'A delivery failed verification. If the secret is wrong, no leaver of that source reaches us.',
      command: 'quarantine list',
      metric: receiver('Rejected', { reason: 'forged' }),
    },
    {
      name: 'unreadable',
      means: 'HR sent a delivery that cannot be read, and a leaver in it keeps access. The delivery is kept.',
      command: 'quarantine list',
      metric: receiver('Unreadable'),
    },
  ];
}

/**
 * Systems that stop without a word unless somebody renews their subscription ("Subscription lifetime", Microsoft Graph documentation): they are
 * watched also if the stage does not ask for it. A directory changes on most days.
 */
const WATCHED_DAYS: Partial<Record<string, number>> = { entra: 3 };

/** Alarms on sources that have stopped sending. */
export function silenceAlarms({ metrics: { receiver }, sources }: Watched): AlarmRule[] {
  return Object.entries(sources).flatMap(([source, { system = 'canonical', silentAfterDays = WATCHED_DAYS[system] }]): AlarmRule[] =>
    silentAfterDays === undefined
      ? []
      : [
          {
            name: `silence-${source}`,
            means: `No genuine delivery from ${source} for ${silentAfterDays === 1 ? 'a day' : `${silentAfterDays} days`}. Its leavers may keep access without our knowing.`,
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
