import { type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { emptyQueues } from './empty-queues.ts';

/** The three queues of a stage, and a client whose calls a test can see and change. */
export async function someQueues() {
  const { leaver, deadLetter, quarantine, endpoint, close } = await emptyQueues({ visibilitySeconds: 3600 });
  const client = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
  const onlooker = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });

  return {
    client,
    leaver,
    deadLetter,
    quarantine,
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
    },
  };
}
