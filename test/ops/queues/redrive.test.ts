import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { moveAll } from '../../../ops/queues/redrive.ts';
import { type AwsOnLoopback, startAws } from '../aws-on-loopback.ts';

/** SQS on loopback, as its protocol has it. */
describe('on a stage', () => {
  let sqs: AwsOnLoopback;
  let tasks: object[];

  beforeEach(async () => {
    tasks = [];
    sqs = await startAws((operation, asked) => {
      if (operation === 'GetQueueAttributes')
        return JSON.stringify({ Attributes: { QueueArn: `arn:${asked.at(-1)?.input.includes('dead') ? 'dead' : 'leavers'}` } });
      return JSON.stringify(
        operation === 'ListMessageMoveTasks' ? { Results: [tasks.length > 1 ? tasks.shift() : tasks[0]] } : { TaskHandle: 'x' },
      );
    });
  });
  afterEach(() => sqs.close());

  const queues = () => {
    const { url } = sqs;
    const client = new SQSClient({ endpoint: url, region: 'eu-west-1', credentials: { accessKeyId: 'AKIA', secretAccessKey: 'example' } });
    return { client, deadLetterQueueUrl: `${url}/1/dead`, leaverQueueUrl: `${url}/1/leavers` };
  };

  it('SQS moves the dead letters, whoever put them there, and the count is reported step by step', async () => {
    tasks = [
      { Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 2 },
      { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 7 },
    ];
    const steps: number[] = [];

    const redriven = await moveAll(queues(), { seconds: 30, onStep: (moved) => steps.push(moved) });

    expect(redriven).toEqual({ moved: 7, finished: true });
    expect(steps).toEqual([2, 7]);
    const start = sqs.asked.find(({ operation }) => operation === 'StartMessageMoveTask');
    expect(JSON.parse(start?.input ?? '')).toEqual({ SourceArn: 'arn:dead', DestinationArn: 'arn:leavers' });
  }, 30_000);

  it('the reason is reported if SQS gives up', async () => {
    tasks = [{ Status: 'FAILED', ApproximateNumberOfMessagesMoved: 1, FailureReason: 'KmsAccessDenied' }];

    await expect(moveAll(queues(), { seconds: 30, onStep: () => undefined })).rejects.toThrow(
      'SQS moved 1 messages and ended: KmsAccessDenied; fix the cause, then redrive again',
    );
  });

  it('SQS goes on by itself if it is not done in time', async () => {
    tasks = [{ Status: 'RUNNING', ApproximateNumberOfMessagesMoved: 3 }];

    expect(await moveAll(queues(), { seconds: 0, onStep: () => undefined })).toEqual({ moved: 3, finished: false });
  }, 30_000);
});
