import { InvalidInput, PermanentFailure } from '../../lambda/domain/failures.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { queuedMessage } from '../../lambda/domain/stage/canary.ts';
import { sqsOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { isLocal } from '../deployment/function-settings.ts';
import { browse, type QueueMessage } from './queue-messages.ts';

/** A message of the dead-letter queue, without its personal data. */
export interface DeadLetter {
  id: string;
  since: string;
  /** `arrival`, `due`, `replay`, `release`, `watch`, `compare`, `console-access`, `canary`, `late-look`, `sweep`; `unreadable` if it is not one of our messages. */
  kind: string;
  source: string | undefined;
  eventId: string | undefined;
  why: string;
  /** Of its event; `unknown to the ledger` if nothing but this message shows that the leaver exists. */
  status: string | undefined;
}

/** Describes what a message is, why it is here, and what happened to its event. */
export async function describeDeadLetter(message: QueueMessage, { ledger }: Pick<Deployment, 'ledger'>): Promise<DeadLetter> {
  const { id, body, sentAt } = message;
  const known = { id, since: sentAt, why: whyHere(message) };
  const content = readBody(body);
  if (content === undefined) return { ...known, kind: 'unreadable', source: undefined, eventId: undefined, status: undefined };
  const { kind } = content;
  if (kind === 'canary' || kind === 'late-look' || kind === 'sweep')
    return { ...known, kind, source: undefined, eventId: undefined, status: undefined };

  const { source, eventId } = content;
  const entry = await ledger.readEntry({ source, eventId });
  return { ...known, kind, source, eventId, status: entry?.status ?? 'unknown to the ledger' };
}

/** Every message of the dead-letter queue. SQS counts each look as a receive. */
export const deadLettersOf = (deployment: Deployment): AsyncGenerator<QueueMessage> =>
  browse(sqsOf(deployment), deployment.places.deadLetterQueueUrl, { isLocal: isLocal(deployment) });

/** Looks up one message, for as long as `use` needs it. @throws PermanentFailure `no-such-message` */
export async function withDeadLetter<T>(deployment: Deployment, id: string, use: (message: QueueMessage) => Promise<T>): Promise<T> {
  for await (const message of deadLettersOf(deployment)) if (message.id === id) return await use(message);
  throw new PermanentFailure('no-such-message', `the dead-letter queue has no message ${id}; look up the id with dlq list`);
}

/** Only a message that nobody can read may be deleted. @throws PermanentFailure `readable` */
export async function mustBeUnreadable(
  message: QueueMessage,
  { deployment, again }: { deployment: Pick<Deployment, 'ledger'>; again: (command: string) => string },
): Promise<DeadLetter> {
  const letter = await describeDeadLetter(message, deployment);
  const { id, kind, eventId } = letter;
  if (kind === 'unreadable') return letter;
  const orCancel = eventId === undefined ? '' : `, and if the event must not go on: ${again(`cancel ${eventId} --reason "why"`)}`;
  throw new PermanentFailure(
    'readable',
    `the worker can read message ${id}; send it to the worker again: ${again('dlq redrive')}${orCancel}`,
  );
}

/**
 * Finds why a message is here: the worker adds a reason, SQS adds the queue from which it moved a message
 * (`DeadLetterQueueSourceArn`), and the scheduler adds what it could not do ("Configuring a dead-letter queue for EventBridge Scheduler").
 */
function whyHere({ attributes, system }: QueueMessage): string {
  if (attributes.why !== undefined) return attributes.why;
  if (attributes.ERROR_CODE !== undefined)
    return `the schedule could not send it: ${attributes.ERROR_CODE} ${attributes.ERROR_MESSAGE ?? ''}`.trim();
  return system.DeadLetterQueueSourceArn === undefined
    ? 'unknown: the message does not say why it was put here'
    : 'the worker received it too often and never finished it: it broke off or ran out of time';
}

function readBody(body: string) {
  try {
    return parseJson(queuedMessage, body, 'message');
  } catch (failure) {
    if (failure instanceof InvalidInput) return undefined;
    throw failure;
  }
}
