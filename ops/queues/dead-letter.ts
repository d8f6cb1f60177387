import { InvalidInput } from '../../lambda/domain/failures.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { queuedMessage } from '../../lambda/domain/stage/canary.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { QueueMessage } from './queue-messages.ts';

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
