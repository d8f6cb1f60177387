import type { Command } from 'commander';
import * as z from 'zod';
import { sourceName } from '../../lambda/domain/event/leaver-message.ts';
import { findEvent } from '../events/find-event.ts';
import { holdRecords, type LegalHolds, liftHold, readLegalHolds } from '../orders/legal-hold.ts';
import { readEventIds } from '../orders/order-options.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { json, reason } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { printable } from '../terminal/terminal.ts';
import { bothTimes } from '../terminal/times.ts';

const holdOptions = z.object({
  json,
  reason: reason.optional(),
  source: z.optional(sourceName),
  lift: z.boolean().optional(),
  list: z.boolean().optional(),
});

type HoldOptions = z.infer<typeof holdOptions>;

/** Adds `hold-record`: a legal hold on everything that is recorded of one person. */
export function addHoldRecord(program: Command, session: Session): void {
  newCommand(program, 'hold-record', {
    what:
      'Legal hold: keeps everything that is recorded of the person of an event, now and later, from expiring until the hold is lifted. ' +
      'Changes no decision about the leaver.',
    example: '--local hold-record msg_2f0c --reason "case 4711 of the legal department"',
  })
    .argument('[event id]', 'any event of the person')
    .option('--reason <text>', 'why: kept with the hold, nothing personal')
    .option('--source <source>', 'only an event of this source')
    .option('--lift', 'end the hold: records expire again as usual')
    .option('--list', 'show the holds, and who set and lifted them')
    .action(async (id: string | undefined, raw: unknown) => {
      const options = readOptions(holdOptions, raw);
      const [eventId] = id === undefined ? [] : readEventIds([id]);
      if (options.list) await list(options, { isNamed: eventId !== undefined, session });
      else await change(eventId, options, session);
      process.exitCode = EXIT.done;
    });
}

async function list(
  { json, reason, source, lift }: HoldOptions,
  { isNamed, session }: { isNamed: boolean; session: Session },
): Promise<void> {
  if (isNamed || lift || reason !== undefined || source !== undefined)
    throw new Usage('--list shows every hold; leave the event id and the other options out');
  const holds = await readLegalHolds(await session.deployment());
  const { print } = session.terminal;
  if (json) return print(JSON.stringify(holds, null, 2));
  for (const line of linesOf(holds)) await print(printable(line));
}

async function change(eventId: string | undefined, { json, reason, source, lift }: HoldOptions, session: Session): Promise<void> {
  if (eventId === undefined) throw new Usage('no event is named; use an event id, or --list');
  if (reason === undefined) throw new Usage('--reason is missing; add --reason <text> (why: kept with the hold, nothing personal)');
  const deployment = await session.deployment();
  const entry = await findEvent(deployment, { eventId, source });
  const reached = await (lift ? liftHold : holdRecords)(entry, reason, deployment);
  const { print } = session.terminal;
  if (json) return print(JSON.stringify({ did: lift ? 'lifted' : 'held', ...reached }));
  const what = `${reached.events} events and ${reached.records} records of the person of event ${eventId}`;
  await print(lift ? `Lifted: ${what} expire again as usual, counted from now.` : `Held: ${what} do not expire until the hold is lifted.`);
}

function linesOf({ held, log }: LegalHolds): string[] {
  return [
    held.length === 0 ? 'no legal hold' : 'legal holds',
    ...held.map(({ source, eventId, by, at, reason: why }) => `  ${eventId} of ${source}, since ${bothTimes(at)} by ${by}: ${why}`),
    ...(log.length === 0 ? [] : ['', 'set and lifted']),
    ...log.map(({ eventId, by, at, what, reason: why }) => `  ${bothTimes(at)}  ${eventId} ${what} by ${by}: ${why}`),
  ];
}
