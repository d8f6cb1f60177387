import { createServer, type Server } from 'node:http';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cloudWatch } from '../../ops/cloudwatch.ts';
import { signature } from '../../ops/signed-call.ts';

const NOW = Date.parse('2026-11-24T12:00:00.123Z');

it('signs a call as the SDK does', () => {
  const headers = signature(
    {
      url: 'https://monitoring.eu-west-1.amazonaws.com/',
      service: 'monitoring',
      region: 'eu-west-1',
      identity: { accessKeyId: 'AKIA', secretAccessKey: 'sec/ret', sessionToken: 'tok==' },
      now: NOW,
    },
    '{"StateValue":"ALARM"}',
    { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'G.D' },
  );

  // what @smithy/signature-v4 gives for the same
  expect(headers).toEqual({
    'x-amz-date': '20261124T120000Z',
    'x-amz-security-token': 'tok==',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIA/20261124/eu-west-1/monitoring/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, ' +
      'Signature=0bacc4cfc3f424c610a558b88d8882ab7a3aa276f14dc514bdc27f3ab4a4551b',
  });
});

/** CloudWatch on loopback, by its JSON protocol. */
describe('CloudWatch', () => {
  let server: Server;
  let asked: { target: string; input: Record<string, unknown> }[];
  let answers: { status?: number; body: object }[];
  const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
  const signals = () => cloudWatch('test', { sqs: new SQSClient({ region: 'eu-west-1', credentials }), clock: () => NOW });

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
    process.env.AWS_ENDPOINT_URL_CLOUDWATCH = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  });
  afterEach(async () => {
    delete process.env.AWS_ENDPOINT_URL_CLOUDWATCH;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('names the alarms of the stage that ring, page by page, and none of a stage whose name begins the same', async () => {
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

  it('tells when a former secret was last used, whatever the order of what it counted', async () => {
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

  it('gives the code with which AWS refuses', async () => {
    answers = [{ status: 400, body: { __type: 'com.amazon#AccessDeniedException' } }];

    await expect(signals().ringing()).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });
});
