import type { Command } from 'commander';
import * as z from 'zod';
import { sourceName } from '../../lambda/domain/event/leaver-message.ts';
import { findEvent } from '../events/find-event.ts';
import { act } from '../orders/act.ts';
import { readEventIds } from '../orders/order-options.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { DEFAULT_WAIT, guid, json, reason, wait } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';

const reopenOptions = z.object({
  json,
  dryRun: z.boolean().optional(),
  wait,
  reason,
  source: z.optional(sourceName),
  user: guid.optional(),
});

/** Adds `reopen`: a rejection was a mistake. */
export function addReopen(program: Command, session: Session): void {
  newCommand(program, 'reopen', {
    what: 'Decides again about an event that a person rejected. Every guard is asked again.',
    example: '--local reopen msg_2f0c --reason "HR had named the right person"',
  })
    .argument('<event id>')
    .requiredOption('--reason <text>', 'why: kept with the event, nothing personal')
    .option('--source <source>', 'only an event of this source')
    .option('--user <guid>', 'the user to decide about')
    .option('--dry-run', 'only show what would be done')
    .option('--wait <seconds>', 'how long to wait for the outcome, 0 to 3600', DEFAULT_WAIT)
    .action(async (id: string, raw: unknown) => {
      const { reason, source, user, ...options } = readOptions(reopenOptions, raw);
      const [eventId = ''] = readEventIds([id]);
      const entry = await findEvent(await session.deployment(), { eventId, source });
      const order = { kind: 'reopen' as const, reason, userId: user?.toLowerCase() };
      process.exitCode = await act({ entries: [entry], order, none: 'No event matches', options }, session);
    });
}
