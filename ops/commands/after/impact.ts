import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import { sourceEventId } from '../../../lambda/domain/event/hr-event.ts';
import { sourceName } from '../../../lambda/domain/event/leaver-message.ts';
import { PermanentFailure } from '../../../lambda/domain/failures.ts';
import { caveats, type OwnedByUser, ownedBy, ownedRows } from '../../after/owned.ts';
import { ownedPage } from '../../after/owned-page.ts';
import type { Deployment } from '../../deployment/deployment.ts';
import { findEvent } from '../../events/find-event.ts';
import type { Session } from '../../session.ts';
import { newCommand } from '../../terminal/command.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { folded } from '../../terminal/folded.ts';
import { newFile } from '../../terminal/new-file.ts';
import { guid, json } from '../../terminal/option-values.ts';
import { readArgument, readOptions } from '../../terminal/read-options.ts';
import { tablePrinter } from '../../terminal/table.ts';
import { printable, type Terminal } from '../../terminal/terminal.ts';
import { bothTimes } from '../../terminal/times.ts';

const impactOptions = z.object({
  json,
  source: z.optional(sourceName),
  ids: z.boolean().optional(),
  person: z.boolean().optional(),
  html: newFile.optional(),
});

export function addImpact(program: Command, session: Session): void {
  newCommand(program, 'impact', {
    what: 'Counts what a user owns in Workfront: projects, open work, approvals, reports and more, and says what to do with it. Only reads.',
    example: '--local impact msg_2f0c --html impact.html',
  })
    .argument('<event id or user GUID>')
    .option('--source <source>', 'the source of the event, if several sources use the same event id')
    .option('--ids', 'also the id of each thing, with a link')
    .option('--person', 'also the name of the user, read now; personal, and kept nowhere else')
    .option('--html <file>', 'a new file: a page that a manager can read')
    .action(async (argument: string, raw: unknown) => {
      const { json, source, ids = false, person = false, html } = readOptions(impactOptions, raw);
      const named = readArgument(sourceEventId, { what: 'the event id', value: argument });
      const { terminal } = session;
      const deployment = await session.deployment();
      const owned = await ownedBy(await userOf(named, source, deployment), { ids, person }, deployment);
      if (html !== undefined) {
        writeFileSync(html, ownedPage(owned), { flag: 'wx', mode: 0o600 });
        terminal.say(`written to ${html}`);
      }
      if (json) await terminal.print(JSON.stringify(owned, null, 2));
      else if (html === undefined) await printOwned(owned, terminal);
      process.exitCode = owned.dropped === undefined ? EXIT.done : EXIT.failed;
    });
}

/** @throws PermanentFailure `no-user` if the event has led to nobody */
async function userOf(named: string, source: string | undefined, deployment: Deployment): Promise<string> {
  if (guid.safeParse(named).success && source === undefined) return named.toLowerCase();
  const { eventId, status, workfrontUserId } = await findEvent(deployment, { eventId: named, source, mayShorten: true });
  if (workfrontUserId !== undefined) return workfrontUserId;
  throw new PermanentFailure('no-user', `event ${eventId} is ${status} and has led to no user; name a user by GUID`);
}

async function printOwned(owned: OwnedByUser, terminal: Terminal): Promise<void> {
  const { userId, name, link, at } = owned;
  await terminal.print(printable(`What ${name === undefined ? '' : `${name}, `}user ${userId} owns, ${bothTimes(at)}`));
  await terminal.print(`${link}\n`);
  const table = tablePrinter([{ title: 'how many' }, { title: 'what' }, { title: 'what to do', wraps: true }], terminal);
  const rows = ownedRows(owned);
  for (const { count, what, advice } of rows) await table.row([count, what, advice]);
  await table.end();
  for (const { what, things } of rows) {
    if (things.length > 0) await terminal.print(`\n${what}`);
    for (const { id, link: page } of things) await terminal.print(`  ${id}${page === undefined ? '' : `  ${page}`}`);
  }
  await terminal.print('');
  for (const line of caveats(owned)) for (const text of folded(line, { width: terminal.width, hang: 0 })) await terminal.print(text);
}
