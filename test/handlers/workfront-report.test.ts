import { Metrics } from '@aws-lambda-powertools/metrics';
import { expect, it, jest } from '@jest/globals';
import { reportKey } from '../../lambda/handlers/workfront-report.ts';

it.each([
  ['a known number of days', 6.5, 6.5],
  ['a key that has expired', -2, -2],
  // Otherwise the alarm on the replaced key would never end: it keeps its state while there is no data.
  ['no end', Number.POSITIVE_INFINITY, 1000],
  ['an unknown number of days', undefined, undefined],
])('sends how many days a credential is still valid, for %s', (_, daysLeft, sent) => {
  const metrics = new Metrics({ namespace: 'WorkfrontOffboarding', serviceName: 'worker' });
  const added = jest.spyOn(metrics, 'addMetric');

  reportKey(daysLeft, metrics);

  expect(added.mock.calls.map(([name, , value]) => [name, value])).toEqual(sent === undefined ? [] : [['WorkfrontKeyDaysLeft', sent]]);
});
