import type { Command } from 'commander';
import { findEvents } from '../events/find-event.ts';
import type { Session } from '../session.ts';
import { readOptions } from '../terminal/read-options.ts';
import { act } from './act.ts';
import { addActOptions, addReasonAndSource, namedOptions, readEventIds } from './order-options.ts';

/** Lets a command give one kind of order on events that are named by their ids. */
export function actOnNamed(command: Command, kind: 'reject' | 'cancel', session: Session): void {
  addActOptions(addReasonAndSource(command.argument('<event ids...>'))).action(async (ids: string[], raw: unknown) => {
    const { source, reason, ...options } = readOptions(namedOptions, raw);
    const eventIds = readEventIds(ids);
    const entries = await findEvents(await session.deployment(), { eventIds, source });
    process.exitCode = await act({ entries, order: { kind, reason }, none: 'No event matches', options }, session);
  });
}
