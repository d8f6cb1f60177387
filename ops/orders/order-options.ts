import type { Command } from 'commander';
import * as z from 'zod';
import { sourceEventId } from '../../lambda/domain/event/hr-event.ts';
import { sourceName } from '../../lambda/domain/event/leaver-message.ts';
import { DEFAULT_WAIT, json, reason, wait } from '../terminal/option-values.ts';
import { readArgument } from '../terminal/read-options.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** The options of every command that acts on events. */
export const actOptions = { json, dryRun: z.boolean().optional(), yes: z.boolean().optional(), wait };

/** The options of the commands that act on events named by their ids. */
export const namedOptions = z.object({ ...actOptions, reason, source: z.optional(sourceName) });

export const addReasonAndSource = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why: kept with the events, nothing personal')
    .option('--source <source>', 'only events of this source');

export const addActOptions = (command: Command): Command =>
  command
    .option('--dry-run', 'only show what would be done')
    .option('--yes', 'do not ask; needed outside a terminal, and for more than 10 events')
    .option('--wait <seconds>', 'how long to wait for the outcome of each event, 0 to 3600', DEFAULT_WAIT);

/** @throws Usage if one of them cannot be an event id */
export const readEventIds = (eventIds: readonly string[]): string[] =>
  eventIds.map((value) => readArgument(sourceEventId, { what: 'the event id', value }));

/** Whether the beginning of an id is enough: only if the event is shown, and the operator asked, before anything is done. */
export const mayShorten = ({ yes }: { yes?: boolean | undefined }, { terminal }: { terminal: Pick<Terminal, 'interactive'> }): boolean =>
  terminal.interactive && yes !== true;
