import type { Command } from 'commander';
import * as z from 'zod';
import { sqsOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { type DeadLetter, deadLettersOf, describeDeadLetter, mustBeUnreadable, withDeadLetter } from '../queues/dead-letter.ts';
import { deleteForGood } from '../queues/deletion-log.ts';
import { depthOf, type QueueMessage } from '../queues/queue-messages.ts';
import { redrive } from '../queues/redrive.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { confirmed } from '../terminal/confirm.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { sayCommand } from '../terminal/folded.ts';
import { DEFAULT_WAIT, json, messageId, reason, wait } from '../terminal/option-values.ts';
import { readArgument, readOptions } from '../terminal/read-options.ts';
import { rowPrinter } from '../terminal/rows.ts';
import { printable } from '../terminal/terminal.ts';
import { bothTimes } from '../terminal/times.ts';

const yes = z.boolean().optional();

export function addDlq(program: Command, session: Session): void {
  const dlq = program.command('dlq').description('The dead-letter queue: messages that could not even be recorded.');
  addListDlq(dlq, session);
  addRedrive(dlq, session);
  addDelete(dlq, session);
}

function addListDlq(dlq: Command, session: Session): void {
  newCommand(dlq, 'list', {
    what: 'Lists what each message is, why it is there, and the status of its event. SQS counts each look as a receive.',
    example: '--local dlq list',
  }).action(async (raw: unknown) => {
    const options = readOptions(z.object({ json }), raw);
    const deployment = await session.deployment();
    const rows = rowPrinter<DeadLetter>(
      {
        columns: [
          { title: 'there since', copied: true },
          { title: 'kind' },
          { title: 'source', copied: true },
          { title: 'event', copied: true },
          { title: 'in the ledger' },
          { title: 'message', copied: true },
          { title: 'why it is here', wraps: true },
        ],
        cells: ({ since, kind, source, eventId, status, id, why }) => [bothTimes(since), kind, source, eventId, status, id, why],
        none: 'The dead-letter queue is empty.',
      },
      { json: options.json, terminal: session.terminal },
    );
    let count = 0;
    const unreadable: string[] = [];
    for await (const message of deadLettersOf(deployment)) {
      const letter = await describeDeadLetter(message, deployment);
      await rows.row(letter);
      count += 1;
      if (letter.kind === 'unreadable') unreadable.push(letter.id);
    }
    await rows.end();
    if (!options.json) sayNext({ readable: count - unreadable.length, unreadable }, session);
    process.exitCode = count > 0 ? EXIT.attention : EXIT.done;
  });
}

/** What the worker can read goes back to it; what nobody can read would come back after every redrive. */
function sayNext({ readable, unreadable }: { readable: number; unreadable: readonly string[] }, { terminal, again }: Session): void {
  if (readable > 0) sayCommand({ when: 'To send them to the worker again:', command: again('dlq redrive') }, terminal);
  if (unreadable.length === 0) return;
  const when = 'To delete what nobody can read, which comes back after every redrive:';
  for (const id of unreadable.slice(0, MOST_NAMED)) sayCommand({ when, command: again(`dlq delete ${id} --reason "why"`) }, terminal);
}

const MOST_NAMED = 5;

function addRedrive(dlq: Command, { deployment: open, terminal, again }: Session): void {
  newCommand(dlq, 'redrive', {
    what: 'Puts every message back on the leaver queue. Finished events stay as they are; a message that cannot be read comes back here.',
    example: '--local dlq redrive --yes',
  })
    .option('--yes', 'do not ask')
    .option('--wait <seconds>', 'how long to wait until all messages are moved, 0 to 3600', DEFAULT_WAIT)
    .action(async (raw: unknown) => {
      const options = readOptions(z.object({ json, yes, wait }), raw);
      const deployment = await open();
      const { visible, hidden, delayed } = await depthOf(sqsOf(deployment), deployment.places.deadLetterQueueUrl);
      const count = visible + hidden + delayed;
      if (count > 1 && !(await confirmed(`Put about ${count} messages back on the leaver queue?`, { yes: options.yes, terminal }))) {
        process.exitCode = EXIT.failed;
        return;
      }
      const onStep = (moved: number) => terminal.progress(`${moved} moved`);
      const { moved, finished } = await redrive(deployment, { seconds: options.wait, onStep });
      terminal.progress('');
      if (options.json) await terminal.print(JSON.stringify({ moved, finished }));
      else if (!finished) await terminal.print(`${moved} put back so far; SQS goes on by itself.`);
      else if (moved === 0) await terminal.print('The dead-letter queue is empty.');
      else await terminal.print(`${moved} put back. To see which of them come back:\n  ${again('dlq list')}`);
      process.exitCode = finished ? EXIT.done : EXIT.failed;
    });
}

function addDelete(dlq: Command, session: Session): void {
  newCommand(dlq, 'delete', {
    what: 'Shows a message that nobody can read, which may be personal data, and deletes it permanently. Records who did it and why.',
    example: '--local dlq delete 5b1c0e7e-… --reason "a test of another system"',
  })
    .argument('<message id>')
    .requiredOption('--reason <text>', 'why: kept, nothing personal')
    .option('--yes', 'do not ask')
    .action(async (argument: string, raw: unknown) => {
      const options = readOptions(z.object({ json, yes, reason }), raw);
      const id = readArgument(messageId, { what: 'the message id', value: argument });
      const deployment = await session.deployment();
      const deleted = await withDeadLetter(deployment, id, (message) => deleteOne(message, options, { ...session, deployment }));
      process.exitCode = deleted ? EXIT.done : EXIT.failed;
    });
}

interface DeleteOptions {
  json?: boolean | undefined;
  yes?: boolean | undefined;
  reason: string;
}

/** @returns whether the message is deleted */
async function deleteOne(
  message: QueueMessage,
  options: DeleteOptions,
  { terminal, deployment, again }: Pick<Session, 'terminal' | 'again'> & { deployment: Deployment },
): Promise<boolean> {
  const { id, why } = await mustBeUnreadable(message, { deployment, again });
  // The content goes to standard error, with the question, so that it is never in a file by accident.
  terminal.say(`Message ${id}: ${printable(why)}\n${printable(message.body)}`);
  if (!(await confirmed('Delete it permanently?', { yes: options.yes, terminal }))) return false;

  const { by, sha256 } = await deleteForGood(message, { what: 'deleted dead letter', deployment, reason: options.reason });
  await terminal.print(
    options.json ? JSON.stringify({ deleted: id, sha256, by }) : `Deleted, and recorded. To see the record: ${again('status')}`,
  );
  return true;
}
