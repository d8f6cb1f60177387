import { createServer, type Server } from 'node:http';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CredentialFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { checkWorkfront } from '../../ops/checks/workfront.ts';
import { functionSettings } from '../../ops/deployment/function-settings.ts';
import { moveAll } from '../../ops/queues/redrive.ts';
import { synthesise } from '../infra/synthesise.ts';
import { aDeployment } from './a-deployment.ts';

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** What ops ask of AWS on a stage, answered on loopback as the protocols of CloudFormation and SQS have it. */
describe('on a stage', () => {
  let server: Server;
  let url: string;
  let asked: { operation: string; input: string }[];
  let answer: (operation: string) => string;
  const environment = { ...process.env };

  beforeEach(async () => {
    asked = [];
    server = createServer(async (request, response) => {
      let input = '';
      for await (const chunk of request) input += chunk;
      const target = request.headers['x-amz-target'];
      const operation = typeof target === 'string' ? (target.split('.')[1] ?? '') : (new URLSearchParams(input).get('Action') ?? '');
      asked.push({ operation, input });
      response.end(answer(operation));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    Object.assign(process.env, { AWS_ENDPOINT_URL_CLOUDFORMATION: url, AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'example' });
  });
  afterEach(async () => {
    process.env = { ...environment };
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('the settings of the functions are those of the template that is deployed', async () => {
    const sources = { hr: { scheme: { kind: 'standard-webhooks' } }, okta: { system: 'okta' } } as const;
    const template = JSON.stringify(synthesise('production', { sources }).toJSON());
    answer = () =>
      `<GetTemplateResponse><GetTemplateResult><TemplateBody>${escaped(template)}</TemplateBody></GetTemplateResult></GetTemplateResponse>`;
    const { places } = aDeployment({ users: [] });

    const settings = await functionSettings({ name: 'production', region: 'eu-west-1', places: { ...places, workerFunction: 'worker' } });

    expect(settings).toMatchObject({
      SOURCES: {
        hr: { scheme: { kind: 'standard-webhooks' }, secretId: 'workfront-offboarding-production/source/hr' },
        okta: { system: 'okta' },
      },
      WORKFRONT_BASE_URL: expect.stringMatching(/^https:/),
      WORKFRONT_API_VERSION: expect.stringMatching(/^v\d+\.0$/),
    });
    expect(asked[0]?.input).toContain('StackName=workfront-offboarding-production');
  }, 30_000);

  const queues = () => {
    const client = new SQSClient({ endpoint: url, region: 'eu-west-1', credentials: { accessKeyId: 'AKIA', secretAccessKey: 'example' } });
    return { client, deadLetterQueueUrl: `${url}/1/dead`, leaverQueueUrl: `${url}/1/leavers` };
  };
  const moving = (...tasks: object[]) => {
    answer = (operation) => {
      if (operation === 'GetQueueAttributes')
        return JSON.stringify({ Attributes: { QueueArn: `arn:${asked.at(-1)?.input.includes('dead') ? 'dead' : 'leavers'}` } });
      return JSON.stringify(
        operation === 'ListMessageMoveTasks' ? { Results: [tasks.length > 1 ? tasks.shift() : tasks[0]] } : { TaskHandle: 'x' },
      );
    };
  };

  it('who may not read the secret is told so, and nothing is called broken', async () => {
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    const failure = new CredentialFailure('secret-unreadable', 'expected to read it', {
      cause: new TransientFailure('x', 'y', { cause: denied }),
    });
    const deployment = aDeployment({ users: [] });
    deployment.desk.directory.owner = () => Promise.reject(failure);
    const look = {
      directory: deployment.desk.directory,
      policy: deployment.desk.policy,
      apiVersion: 'v21.0',
      baseUrl: 'https://acme.my.workfront.com',
      again: (command: string) => command,
    };

    const health = (await checkWorkfront(deployment, look)).map((check) => check.health);

    expect(new Set(health)).toEqual(new Set(['unknown']));
  });

  it('SQS moves the dead letters, whoever put them there, and how many is told as it goes', async () => {
    moving({ Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 2 }, { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 7 });
    const steps: number[] = [];

    const redriven = await moveAll(queues(), { seconds: 30, onStep: (moved) => steps.push(moved) });

    expect(redriven).toEqual({ moved: 7, finished: true });
    expect(steps).toEqual([2, 7]);
    const start = asked.find(({ operation }) => operation === 'StartMessageMoveTask');
    expect(JSON.parse(start?.input ?? '')).toEqual({ SourceArn: 'arn:dead', DestinationArn: 'arn:leavers' });
  }, 30_000);

  it('what SQS gives up is said, with its reason', async () => {
    moving({ Status: 'FAILED', ApproximateNumberOfMessagesMoved: 1, FailureReason: 'KmsAccessDenied' });

    await expect(moveAll(queues(), { seconds: 30, onStep: () => undefined })).rejects.toThrow('SQS moved 1 and ended: KmsAccessDenied');
  });

  it('what SQS has not done in time goes on by itself', async () => {
    moving({ Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 3 });

    expect(await moveAll(queues(), { seconds: 0, onStep: () => undefined })).toEqual({ moved: 3, finished: false });
  }, 30_000);
});
