import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cloudWatch } from '../../../ops/deployment/cloudwatch.ts';
import { aDeployment } from '../a-deployment.ts';

const PLACES = { ...aDeployment({ users: [] }).places, stack: 'workfront-offboarding-test' };
const NOW = Date.parse('2026-11-24T12:00:00.123Z');

/** CloudWatch on loopback, by its JSON protocol. */
describe('CloudWatch', () => {
  let server: Server;
  let asked: { target: string; input: Record<string, unknown> }[];
  let answers: { status?: number; body: object }[];
  const signals = () => cloudWatch({ name: 'test', region: 'eu-west-1', clock: () => NOW, places: PLACES });

  beforeEach(async () => {
    asked = [];
    server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      asked.push({ target: String(request.headers['x-amz-target']).split('.')[1] ?? '', input: JSON.parse(text) });
      const { status = 200, body } = answers.shift() ?? { body: {} };
      response.writeHead(status).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'secret' });
    process.env.AWS_ENDPOINT_URL_CLOUDWATCH = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  });
  afterEach(async () => {
    delete process.env.AWS_ENDPOINT_URL_CLOUDWATCH;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('names the alarms of the stage that are on, page by page, and none of a stage whose name begins the same', async () => {
    const alarm = (stage: string, name: string) => ({
      AlarmName: `workfront-offboarding-${stage}-${name}`,
      AlarmDescription: `A leaver waits. Run: npm run ops -- --stage ${stage} doctor`,
    });
    answers = [
      { body: { MetricAlarms: [alarm('test', 'held'), alarm('test-2', 'held')], NextToken: 'more' } },
      { body: { MetricAlarms: [alarm('test', 'failed')] } },
    ];

    expect((await signals().ringing()).map(({ name }) => name)).toEqual(['held', 'failed']);
    expect(asked.map(({ input }) => input.NextToken)).toEqual([undefined, 'more']);
  });

  it('rings an alarm of the stage that is off, and says why', async () => {
    const alarm = (stage: string, name: string, StateValue: string) => ({
      AlarmName: `workfront-offboarding-${stage}-${name}`,
      AlarmDescription: `A leaver waits. Run: npm run ops -- --stage ${stage} doctor`,
      StateValue,
    });
    answers = [
      { body: { MetricAlarms: [alarm('test', 'failed', 'ALARM'), alarm('test-2', 'failed', 'OK'), alarm('test', 'held', 'OK')] } },
      { body: {} },
    ];

    await expect(signals().ringOnce('a test by ana')).resolves.toBe('workfront-offboarding-test-held');
    expect(asked.at(-1)).toEqual({
      target: 'SetAlarmState',
      input: { AlarmName: 'workfront-offboarding-test-held', StateValue: 'ALARM', StateReason: 'a test by ana' },
    });
  });

  it('rings nothing if every alarm is on already', async () => {
    answers = [{ body: { MetricAlarms: [] } }];

    await expect(signals().ringOnce('a test')).resolves.toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it('finds when a former secret was last used, whatever the order of the counts', async () => {
    const hour = Date.parse('2026-11-20T10:00:00Z') / 1000;
    answers = [
      {
        body: {
          Datapoints: [
            { Timestamp: hour, Sum: 3 },
            { Timestamp: hour + 7200, Sum: 0 },
            { Timestamp: hour - 3600, Sum: 9 },
          ],
        },
      },
      { body: {} },
    ];

    expect(await signals().oldSecretLastUsed('hr')).toBe('2026-11-20T10:00:00.000Z');
    expect(await signals().oldSecretLastUsed('hr')).toBeUndefined();
    expect(asked[0]).toMatchObject({
      target: 'GetMetricStatistics',
      input: {
        Namespace: 'WorkfrontOffboarding',
        MetricName: 'OldSecretUsed',
        Dimensions: expect.arrayContaining([{ Name: 'source', Value: 'hr' }]),
      },
    });
  });

  it('throws the error with which AWS refuses', async () => {
    answers = [{ status: 400, body: { __type: 'com.amazon#AccessDeniedException' } }];

    await expect(signals().ringing()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
