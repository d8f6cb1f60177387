import { expect, it } from '@jest/globals';
import { parseJson } from '../../lambda/domain/parse.ts';
import { queuedMessage } from '../../lambda/domain/stage/canary.ts';
import { synthesise } from './synthesise.ts';

it('the canary is put on the leaver queue once a day, as a message that the worker can read', () => {
  const template = synthesise('production');
  const [schedule, ...more] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
  const [group] = Object.values(template.findResources('AWS::Scheduler::ScheduleGroup'));

  expect(more).toEqual([]);
  expect(schedule?.DependsOn).toEqual(['SchedulesGroupD276B6F4']);
  expect(schedule?.Properties).toMatchObject({
    GroupName: group?.Properties.Name,
    ScheduleExpression: 'cron(0 5 * * ? *)',
    State: 'ENABLED',
    Target: {
      Arn: { 'Fn::GetAtt': ['LeaverQueueC4C010E6', 'Arn'] },
      RoleArn: { 'Fn::GetAtt': [expect.stringContaining('SchedulesRole'), 'Arn'] },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['LeaverQueueDeadLetter039DC8A0', 'Arn'] } },
    },
  });
  expect(parseJson(queuedMessage, schedule?.Properties.Target.Input, 'input')).toEqual({ kind: 'canary' });
});
