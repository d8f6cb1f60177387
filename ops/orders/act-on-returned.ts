import type { Command } from 'commander';
import { findEvents } from '../events/find-event.ts';
import { noMatch } from '../events/no-match.ts';
import type { Session } from '../session.ts';
import { Usage } from '../terminal/exit-code.ts';
import { readOptions } from '../terminal/read-options.ts';
import { act } from './act.ts';
import { addActOptions, addReasonAndSource, mayShorten, namedOptions, readEventIds } from './order-options.ts';
import { selected } from './selection.ts';

const returnedOptions = namedOptions.extend({ allReturned: namedOptions.shape.dryRun });

/** Lets a command give one kind of order on events whose user is active again: named by their ids, or all of them. */
export function actOnReturned(command: Command, kind: 'deactivate-again' | 'accept', session: Session): void {
  addActOptions(addReasonAndSource(command.argument('[event ids...]')))
    .option('--all-returned', 'all returned events, instead of ids')
    .action(async (ids: string[], raw: unknown) => {
      const { source, reason, allReturned, ...options } = readOptions(returnedOptions, raw);
      const eventIds = readEventIds(ids);
      if (eventIds.length === 0 && !allReturned) throw new Usage('no event is named; use event ids or --all-returned');
      if (eventIds.length > 0 && allReturned) throw new Usage('event ids and --all-returned exclude each other; use one of them');
      const deployment = await session.deployment();
      const entries = allReturned
        ? (await selected(deployment, { statuses: ['returned'], filter: { source } })).entries
        : await findEvents(deployment, { eventIds, source, mayShorten: mayShorten(options, session) });
      process.exitCode = await act({ entries, order: { kind, reason }, none: noMatch({ source }, deployment), options }, session);
    });
}
