import { Metrics } from '@aws-lambda-powertools/metrics';
import { expect, it, jest } from '@jest/globals';
import { reportKey } from '../../lambda/handlers/workfront-report.ts';

it.each([
  ['an age that is known', 6.5, 6.5],
  ['an age that is past', -2, -2],
  // else the alarm of the key that was replaced would ring for ever: it stays as it is while nothing is told
  ['no end', Number.POSITIVE_INFINITY, 1000],
  ['an age that nobody knows', undefined, undefined],
])('tells the days that a credential has left, for %s', (_, daysLeft, told) => {
  const metrics = new Metrics({ namespace: 'WorkfrontOffboarding', serviceName: 'worker' });
  const added = jest.spyOn(metrics, 'addMetric');

  reportKey(daysLeft, metrics);

  expect(added.mock.calls.map(([name, , value]) => [name, value])).toEqual(told === undefined ? [] : [['WorkfrontKeyDaysLeft', told]]);
});
