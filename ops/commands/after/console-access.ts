import type { Command } from 'commander';
import * as z from 'zod';
import type { AccessRecord } from '../../../lambda/domain/console-access/access-record.ts';
import { openAccess } from '../../../lambda/domain/console-access/open-access.ts';
import { sourceEventId } from '../../../lambda/domain/event/hr-event.ts';
import { sourceName } from '../../../lambda/domain/event/leaver-message.ts';
import { findEvent } from '../../events/find-event.ts';
import { closeAccess, retryAccess } from '../../orders/console-orders.ts';
import { addReasonAndSource } from '../../orders/order-options.ts';
import type { Session } from '../../session.ts';
import { newCommand } from '../../terminal/command.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { folded } from '../../terminal/folded.ts';
import { json, reason } from '../../terminal/option-values.ts';
import { quoted } from '../../terminal/quoted.ts';
import { readArgument, readOptions } from '../../terminal/read-options.ts';
import { printable } from '../../terminal/terminal.ts';
import { bothTimes } from '../../terminal/times.ts';

const orderOptions = z.object({ json, source: z.optional(sourceName), reason });

export function addConsoleAccess(program: Command, session: Session): void {
  const access = program
    .command('console-access')
    .description('What leavers still have in the Adobe Admin Console after their deactivation, if the stage removes it.');
  addAccessList(access, session);
  addOrder(access, session, {
    name: 'retry',
    what: 'Has the worker read what a leaver has in the Admin Console again, and remove it. For what is held, failed or was never begun.',
    done: 'The worker asks the Admin Console now.',
    order: retryAccess,
  });
  addOrder(access, session, {
    name: 'close',
    what: 'Takes your word that nothing is left to do for a leaver in the Admin Console, for example because you removed them there.',
    done: 'Closed.',
    order: closeAccess,
  });
}

function addAccessList(access: Command, { deployment: open, terminal, again }: Session): void {
  newCommand(access, 'list', {
    what: 'Lists what is not settled in the Admin Console: held, failed, waiting, and removed but not read a day later yet.',
    example: '--local console-access list',
  }).action(async (raw: unknown) => {
    const options = readOptions(z.object({ json }), raw);
    const records = (await openAccess((await open()).ledger)).sort((one, other) => one.updatedAt.localeCompare(other.updatedAt));
    if (options.json) await terminal.print(JSON.stringify(records, null, 2));
    else {
      for (const record of records) {
        for (const line of folded(printable(inOneLine(record)), { width: terminal.width, hang: 2 })) await terminal.print(line);
        for (const line of folded(`  ${again(`show ${quoted(record.eventId)}`)}`, { width: terminal.width, hang: 6 }))
          await terminal.print(line);
      }
      if (records.length === 0) await terminal.print('Nothing is open in the Admin Console.');
    }
    process.exitCode = records.some(({ status }) => status === 'held' || status === 'failed') ? EXIT.attention : EXIT.done;
  });
}

function inOneLine({ status, code, waiting, source, eventId, updatedAt, history }: AccessRecord): string {
  const why = waiting === undefined ? (history.at(-1)?.why ?? '') : waiting.saw;
  const reason = code ?? waiting?.code;
  return `${status}${reason === undefined ? '' : ` (${reason})`}, ${source}, ${eventId}, since ${bothTimes(updatedAt)}: ${why}`;
}

interface AccessOrder {
  name: 'retry' | 'close';
  what: string;
  done: string;
  order: typeof retryAccess;
}

function addOrder(access: Command, session: Session, { name, what, done, order }: AccessOrder): void {
  const command = newCommand(access, name, {
    what,
    example: `--local console-access ${name} msg_2f0c --reason "removed in the identity provider"`,
  });
  addReasonAndSource(command.argument('<event id>')).action(async (id: string, raw: unknown) => {
    const { json, source, reason } = readOptions(orderOptions, raw);
    const eventId = readArgument(sourceEventId, { what: 'the event id', value: id });
    const deployment = await session.deployment();
    const entry = await findEvent(deployment, { eventId, source });
    const record = await order(entry, { by: await deployment.operator(), reason }, deployment);
    const next = `${done}\n  ${session.again(`show ${quoted(eventId)}`)}`;
    await session.terminal.print(json ? JSON.stringify(record, null, 2) : next);
    process.exitCode = EXIT.done;
  });
}
