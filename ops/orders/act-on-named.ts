import type { Command } from 'commander';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { reasonIn } from '../events/filter.ts';
import { findEvents } from '../events/find-event.ts';
import { noMatch } from '../events/no-match.ts';
import type { Session } from '../session.ts';
import { Usage } from '../terminal/exit-code.ts';
import { readOptions } from '../terminal/read-options.ts';
import { act } from './act.ts';
import { addActOptions, addReasonAndSource, mayShorten, namedOptions, readEventIds } from './order-options.ts';
import { selected } from './selection.ts';

const guardedOptions = namedOptions.extend({ guard: reasonIn(['held']).optional() });

/** Lets a command give one kind of order on events that are named by their ids, or held by one guard. */
export function actOnNamed(command: Command, kind: 'reject' | 'cancel', session: Session): void {
  addActOptions(addReasonAndSource(command.argument('[event ids...]')))
    .option('--guard <name>', 'all events that this guard holds, instead of ids')
    .action(async (ids: string[], raw: unknown) => {
      const { source, reason, guard, ...options } = readOptions(guardedOptions, raw);
      const eventIds = readEventIds(ids);
      if (eventIds.length === 0 && guard === undefined) throw new Usage('no event is named; use event ids or --guard');
      if (eventIds.length > 0 && guard !== undefined) throw new Usage('event ids and --guard exclude each other; use one of them');
      const deployment = await session.deployment();
      const entries: LedgerEntry[] =
        guard === undefined
          ? await findEvents(deployment, { eventIds, source, mayShorten: mayShorten(options, session) })
          : (await selected(deployment, { statuses: ['held'], filter: { source, reason: guard } })).entries;
      process.exitCode = await act({ entries, order: { kind, reason }, none: noMatch({ guard, source }, deployment), options }, session);
    });
}
