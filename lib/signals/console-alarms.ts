import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmRule, Watched } from './alarm-rules.ts';

/** Alarms on what is left of leavers in the Adobe Admin Console. Their Workfront users are deactivated already. */
export function consoleAlarms({ metrics: { worker }, removesInConsole }: Watched): AlarmRule[] {
  if (!removesInConsole) return [];
  return [
    {
      name: 'console-access',
      means:
        'A leaver is deactivated in Workfront but keeps a product profile or user group in the Adobe Admin Console, which may bring the user back. A person must remove it.',
      command: 'console-access list',
      metric: worker('ConsoleNeedsPerson'),
    },
    {
      name: 'console-trouble',
      means:
        'Leavers are deactivated in Workfront but keep their product profiles: the Adobe Admin Console refuses the credential, or does not know a name of the stage. They wait, and go on by themselves after the repair.',
      command: 'doctor',
      metric: worker('ConsoleTrouble'),
      // ends when the Console answers again, not when nobody asks
      missing: TreatMissingData.IGNORE,
      tellsWhenOver: true,
    },
  ];
}
