import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import * as z from 'zod';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { type Change, changeLog, logged } from '../../lambda/domain/stage/change-log.ts';
import { changeRecord } from '../../lambda/domain/stage/stage-state.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import { sqsOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { isLocal } from '../deployment/function-settings.ts';
import { describeDeadLetter } from '../queues/dead-letter.ts';
import { browse, type QueueMessage } from '../queues/queue-messages.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { confirmed } from '../terminal/confirm.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { printable } from '../terminal/terminal.ts';
import { reason } from './release-reject-cancel-replay.ts';

const KEY = 'stage/dead-letters';
const record = z.object({ log: changeLog });
const deleteOptions = z.object({ json: z.boolean().optional(), yes: z.boolean().optional(), reason });

export function addDeleteDeadLetter(dlq: Command, session: Session): void {
  newCommand(dlq, 'delete', {
    what: 'Shows a message that nobody can read, which may be personal data, and removes it for good. Who did it and why is recorded.',
    example: '--local dlq delete 5b1c0e7e-… --reason "a test of another system"',
  })
    .argument('<message id>')
    .requiredOption('--reason <text>', 'why: kept, nothing personal')
    .option('--yes', 'do not ask')
    .action(async (id: string, raw: unknown) => {
      const options = readOptions(deleteOptions, raw);
      const deployment = await session.deployment();
      for await (const message of browse(sqsOf(deployment), deployment.places.deadLetterQueueUrl, { isLocal: isLocal(deployment) })) {
        if (message.id !== id) continue;
        process.exitCode = (await deleteOne(message, options, { ...session, deployment })) ? EXIT.done : EXIT.failed;
        return;
      }
      throw new PermanentFailure('no-such-message', `no message ${id} in the dead-letter queue: dlq list shows those there are`);
    });
}

/** @returns whether it is gone */
async function deleteOne(
  message: QueueMessage,
  { json, yes, reason: why }: z.infer<typeof deleteOptions>,
  { terminal, deployment, again }: Pick<Session, 'terminal' | 'again'> & { deployment: Deployment },
): Promise<boolean> {
  const { id, kind, eventId, why: whyHere } = await describeDeadLetter(message, deployment);
  if (kind !== 'unreadable') {
    const instead = eventId === undefined ? '' : `; to give the event up, then: ${again(`cancel ${eventId} --reason "why"`)}`;
    throw new PermanentFailure('readable', `message ${id} can be read: have the worker take it: ${again('dlq redrive')}${instead}`);
  }
  // on standard error, where the question is: the content is never in a file by accident
  terminal.say(`Message ${id}: ${printable(whyHere)}\n${printable(message.body)}`);
  if (!(await confirmed('Remove it for good?', { yes, terminal }))) return false;

  const by = await deployment.operator();
  const digest = createHash('sha256').update(message.body).digest('hex');
  const change = { at: toInstant(deployment.clock()), by, what: `deleted dead letter ${id} (sha256 ${digest})`, reason: why };
  await changeRecord(deployment.ledger, KEY, record, (before) => ({ log: logged(before?.log, change) }));
  await message.remove();
  await terminal.print(json ? JSON.stringify({ deleted: id, sha256: digest, by }) : `Removed, and recorded: ${again('status')}`);
  return true;
}

/** What was removed, the latest last. */
export async function deletedDeadLetters({ ledger }: Pick<Deployment, 'ledger'>): Promise<Change[]> {
  return (await ledger.readRecord(KEY, record))?.value.log ?? [];
}
