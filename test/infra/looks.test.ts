import { expect, it } from '@jest/globals';
import { parseJson } from '../../lambda/domain/parse.ts';
import { queuedMessage } from '../../lambda/domain/stage/canary.ts';
import { synthesise } from './synthesise.ts';

const template = synthesise('production');
const schedules = Object.values(template.findResources('AWS::Scheduler::Schedule'));
const [group] = Object.values(template.findResources('AWS::Scheduler::ScheduleGroup'));

it.each([
  { kind: 'canary', expression: 'cron(0 5 * * ? *)', when: 'once a day' },
  { kind: 'sweep', expression: 'cron(0 3 * * ? *)', when: 'every night' },
  { kind: 'late-look', expression: 'rate(5 minutes)', when: 'every five minutes' },
])('the message $kind is put on the leaver queue $when, and the worker can read it', ({ kind, expression }) => {
  const [schedule, ...more] = schedules.filter(({ Properties }) => Properties.ScheduleExpression === expression);

  expect(more).toEqual([]);
  expect(schedule?.DependsOn).toEqual(['SchedulesGroupD276B6F4']);
  expect(schedule?.Properties).toMatchObject({
    GroupName: group?.Properties.Name,
    State: 'ENABLED',
    Target: {
      Arn: { 'Fn::GetAtt': ['LeaverQueueC4C010E6', 'Arn'] },
      RoleArn: { 'Fn::GetAtt': [expect.stringContaining('SchedulesRole'), 'Arn'] },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['LeaverQueueDeadLetter039DC8A0', 'Arn'] } },
    },
  });
  expect(parseJson(queuedMessage, schedule?.Properties.Target.Input, 'input')).toEqual({ kind });
});

it('no other schedule is part of the stack', () => {
  expect(schedules).toHaveLength(3);
});
