import type { Command } from 'commander';
import * as z from 'zod';
import { sqsOf } from '../deployment/clients.ts';
import { isLocal } from '../deployment/function-settings.ts';
import { type DeadLetter, describeDeadLetter } from '../queues/dead-letter.ts';
import { browse, depthOf } from '../queues/queue-messages.ts';
import { moveAll, moveByHand } from '../queues/redrive.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { confirmed } from '../terminal/confirm.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { rowPrinter } from '../terminal/rows.ts';
import { bothTimes } from '../terminal/times.ts';
import { addDeleteDeadLetter } from './dlq-delete.ts';
import { DEFAULT_WAIT, waitSeconds } from './release-reject-cancel-replay.ts';

const listOptions = z.object({ json: z.boolean().optional() });
const redriveOptions = z.object({ json: z.boolean().optional(), yes: z.boolean().optional(), wait: waitSeconds });

export function addDlq(program: Command, session: Session): void {
  const dlq = program.command('dlq').description('Messages that could not even be recorded: the dead-letter queue.');
  addListDlq(dlq, session);
  addRedrive(dlq, session);
  addDeleteDeadLetter(dlq, session);
}

function addListDlq(dlq: Command, session: Session): void {
  newCommand(dlq, 'list', {
    what: 'Lists what each message is, why it is there, and what the ledger knows of its event. Each look counts as a receive.',
    example: '--local dlq list',
  }).action(async (raw: unknown) => {
    const { json } = readOptions(listOptions, raw);
    const deployment = await session.deployment();
    const rows = rowPrinter<DeadLetter>(
      {
        columns: [
          { title: 'there since' },
          { title: 'kind' },
          { title: 'source' },
          { title: 'event', copied: true },
          { title: 'in the ledger' },
          { title: 'message', copied: true },
          { title: 'why it is here', wraps: true },
        ],
        cells: ({ since, kind, source, eventId, status, id, why }) => [bothTimes(since), kind, source, eventId, status, id, why],
        none: 'The dead-letter queue is empty.',
      },
      { json, terminal: session.terminal },
    );
    let count = 0;
    for await (const message of browse(sqsOf(deployment), deployment.places.deadLetterQueueUrl, { isLocal: isLocal(deployment) })) {
      await rows.row(await describeDeadLetter(message, deployment));
      count += 1;
    }
    await rows.end();
    if (count > 0 && !json) session.terminal.say(`To have the worker take them again:\n  ${session.again('dlq redrive')}`);
    process.exitCode = count > 0 ? EXIT.attention : EXIT.done;
  });
}

function addRedrive(dlq: Command, { deployment: open, terminal, again }: Session): void {
  newCommand(dlq, 'redrive', {
    what: 'Puts every message back on the leaver queue. What is finished is left as it is; what cannot be read comes back.',
    example: '--local dlq redrive --yes',
  })
    .option('--yes', 'do not ask')
    .option('--wait <seconds>', 'how long to wait until all are moved', String(DEFAULT_WAIT))
    .action(async (raw: unknown) => {
      const { json, yes, wait } = readOptions(redriveOptions, raw);
      const deployment = await open();
      const queues = { client: sqsOf(deployment), ...deployment.places };
      const { visible, hidden, delayed } = await depthOf(queues.client, queues.deadLetterQueueUrl);
      const count = visible + hidden + delayed;
      if (count > 1 && !(await confirmed(`Put about ${count} messages back on the leaver queue?`, { yes, terminal }))) {
        process.exitCode = EXIT.failed;
        return;
      }
      const onStep = (moved: number) => terminal.progress(`${moved} moved`);
      const { moved, finished } = isLocal(deployment) ? await moveByHand(queues) : await moveAll(queues, { seconds: wait, onStep });
      terminal.progress('');
      if (json) await terminal.print(JSON.stringify({ moved, finished }));
      else if (!finished) await terminal.print(`${moved} put back so far; SQS goes on by itself.`);
      else
        await terminal.print(
          moved === 0 ? 'The dead-letter queue is empty.' : `${moved} put back. See what comes back:\n  ${again('dlq list')}`,
        );
      process.exitCode = finished ? EXIT.done : EXIT.failed;
    });
}
