import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { startLocalQueues } from '../../../local/aws/queues.ts';
import { sqsClient } from '../support/clients.ts';
import { closing } from '../support/closing.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MEBIBYTE = 1_048_576;

async function queuesIn(dataDir: string) {
  const queues = closing(await startLocalQueues({ dataDir, visibilitySeconds: 30 }), ({ close }) => close());
  const client = sqsClient(queues.endpoint);
  const send = (body: string) => client.send(new SendMessageCommand({ QueueUrl: queues.leaver.url, MessageBody: body }));
  const receive = async () => {
    const received = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queues.leaver.url, WaitTimeSeconds: 2, MessageSystemAttributeNames: ['All'] }),
    );
    return received.Messages?.[0];
  };
  return { queues, client, send, receive };
}

describe('the local queues', () => {
  it('have the attributes of the stack', async () => {
    const { queues, client } = await queuesIn(await temporaryDirectory());

    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: queues.leaver.url, AttributeNames: ['All'] }));

    expect(Attributes).toMatchObject({
      QueueArn: queues.leaver.arn,
      MessageRetentionPeriod: '1209600',
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queues.deadLetter.arn, maxReceiveCount: 1000 }),
    });
  });

  it.each([
    { size: MEBIBYTE, what: 'accepts a message of 1 MiB, the limit of SQS', outcome: 'taken' },
    { size: MEBIBYTE + 1, what: 'refuses a message above 1 MiB', outcome: 'InvalidParameterValue' },
  ])('$what', async ({ size, outcome }) => {
    const { send } = await queuesIn(await temporaryDirectory());

    const result = await send('x'.repeat(size)).then(
      () => 'taken',
      ({ name }: Error) => name,
    );

    expect(result).toContain(outcome);
  });

  it('keep messages, receive counts and a changed visibility after a restart at a new address', async () => {
    const dataDir = await temporaryDirectory();
    const first = await queuesIn(dataDir);
    await first.send('waiting');
    const received = await first.receive();
    await first.client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: first.queues.leaver.url,
        ReceiptHandle: received?.ReceiptHandle,
        VisibilityTimeout: 1,
      }),
    );
    await first.queues.close();

    const second = await queuesIn(dataDir);
    const again = await second.receive();

    expect(again).toMatchObject({ Body: 'waiting', Attributes: { ApproximateReceiveCount: '2' } });
    const named = await second.client.send(new GetQueueUrlCommand({ QueueName: 'leaver' }));
    expect(named.QueueUrl).toBe(second.queues.leaver.url);
  });

  it('return a message at once when its visibility is set to 0', async () => {
    const { queues, client, send, receive } = await queuesIn(await temporaryDirectory());
    await send('again');
    const first = await receive();

    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: queues.leaver.url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
    );
    const second = await receive();

    expect(second?.Body).toBe('again');
  });

  it('do not bring back a deleted message', async () => {
    const dataDir = await temporaryDirectory();
    const first = await queuesIn(dataDir);
    await first.send('done');
    const received = await first.receive();
    await first.client.send(new DeleteMessageCommand({ QueueUrl: first.queues.leaver.url, ReceiptHandle: received?.ReceiptHandle }));
    await first.queues.close();

    const second = await queuesIn(dataDir);

    expect(await second.receive()).toBeUndefined();
  });
});
