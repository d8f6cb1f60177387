import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AlarmRule, Watched } from './alarm-rules.ts';
import { consoleAlarms } from './console-alarms.ts';
import { deliveryAlarms, silenceAlarms } from './delivery-alarms.ts';
import { credentialAlarms, leaverAlarms, memoryAlarms, noAccountAlarms } from './leaver-alarms.ts';
import { machineryAlarms } from './machinery-alarms.ts';

export interface AlarmsProps extends Watched {
  topic: ITopic;
}

/** One alarm for each problem that needs a person. Its text says what it means for the leaver and which command to run. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { topic, ...watched }: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(topic);
    const all = [
      leaverAlarms,
      noAccountAlarms,
      memoryAlarms,
      credentialAlarms,
      consoleAlarms,
      machineryAlarms,
      deliveryAlarms,
      silenceAlarms,
    ];
    const rules = all.flatMap((rulesOf) => rulesOf(watched));

    this.alarms = rules.map((rule) => {
      const alarm = this.#alarm(rule, watched.stageName);
      alarm.addAlarmAction(action);
      if (rule.tellsWhenOver) alarm.addOkAction(action);
      return alarm;
    });
  }

  #alarm({ name, means, command, metric, below, above = 0, within = 1, missing }: AlarmRule, stageName: string): Alarm {
    return new Alarm(this, name, {
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: `${means} Run: npm run ops -- --stage ${stageName} ${command} - more in docs/runbook.md, "${name}"`,
      metric,
      threshold: below ?? above,
      comparisonOperator: below === undefined ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: within,
      datapointsToAlarm: missing === TreatMissingData.BREACHING ? within : 1,
      treatMissingData: missing ?? TreatMissingData.NOT_BREACHING,
    });
  }
}
