import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type AlarmRule, HOUR, type Watched } from './alarm-rules.ts';

/** What HR sent and we did not take on. */
export function deliveryAlarms({ metrics: { receiver } }: Watched): AlarmRule[] {
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

/** What a source did not send, although it usually does. */
export function silenceAlarms({ metrics: { receiver }, sources }: Watched): AlarmRule[] {
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
