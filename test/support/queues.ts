import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { startLocalQueues } from '../../local/aws/queues.ts';

/** Starts SQS on loopback with the three queues of a stage, and a client whose calls a test can see and change. */
export async function someQueues() {
  const dataDir = await mkdtemp(join(tmpdir(), 'queues-'));
  const { leaver, deadLetter, quarantine, endpoint, close } = await startLocalQueues({ dataDir, visibilitySeconds: 3600 });
  const client = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
  const onlooker = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });

  return {
    client,
    leaver: leaver.url,
    deadLetter: deadLetter.url,
    quarantine: quarantine.url,
    /** Receives every visible message of a queue, and hides it for an hour. */
    async take(queueUrl: string): Promise<Message[]> {
      const taken: Message[] = [];
      for (;;) {
        const { Messages = [] } = await onlooker.send(
          new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
        );
        if (Messages.length === 0) return taken;
        taken.push(...Messages);
      }
    },
    /** `act` gets the name and input of each call; its result replaces the answer of SQS. */
    spoil(act: (command: string | undefined, input: object) => object | undefined | Promise<object | undefined>): void {
      client.middlewareStack.add(
        (next, context) => async (request) => {
          const answer = await act(context.commandName, request.input);
          return answer === undefined ? next(request) : { output: { $metadata: {}, ...answer }, response: undefined };
        },
        { step: 'initialize', name: 'spoil', override: true },
      );
    },
    async close(): Promise<void> {
      client.destroy();
      onlooker.destroy();
      await close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
