import type { Command } from 'commander';
import * as z from 'zod';
import { wrongAbout } from '../../lambda/domain/event/leaver-message.ts';
import { reasonIn } from '../events/filter.ts';
import { findEvents } from '../events/find-event.ts';
import { noMatch } from '../events/no-match.ts';
import { act } from '../orders/act.ts';
import { addActOptions, addReasonAndSource, mayShorten, namedOptions, readEventIds } from '../orders/order-options.ts';
import { selected } from '../orders/selection.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { Usage } from '../terminal/exit-code.ts';
import { guid, oneOf } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';

const releaseOptions = namedOptions.extend({
  guard: reasonIn(['held']).optional(),
  allHeld: z.boolean().optional(),
  user: guid.optional(),
  recheck: z.boolean().optional(),
  because: oneOf(wrongAbout.options).optional(),
});

export function addRelease(program: Command, session: Session): void {
  const command = newCommand(program, 'release', {
    what: 'Lets held events past the guard that holds them. Every other guard is asked again.',
    example: '--local release msg_2f0c --reason "the manager confirmed it"',
  }).argument('[event ids...]');
  addActOptions(addReasonAndSource(command))
    .option('--guard <name>', 'all events that this guard holds, instead of ids')
    .option('--all-held', 'all held events, instead of ids')
    .option('--user <guid>', 'the user to deactivate, if several match')
    .option('--recheck', 'the cause is fixed: ask the guard again instead of skipping it')
    .option(
      '--because <what>',
      `what the guard was wrong about, kept with the event and counted by report: ${wrongAbout.options.join(', ')}`,
    )
    .action(async (ids: string[], raw: unknown) => {
      const { guard, allHeld, user, recheck, because, source, reason, ...options } = readOptions(releaseOptions, raw);
      const eventIds = readEventIds(ids);
      const ways = [eventIds.length > 0, guard !== undefined, allHeld === true].filter(Boolean).length;
      if (ways === 0) throw new Usage('no event is named; use event ids, --guard or --all-held');
      if (ways > 1) throw new Usage('event ids, --guard and --all-held exclude each other; use one of them');
      if (user !== undefined && eventIds.length !== 1) throw new Usage('--user is for one event; use it with one event id');

      const deployment = await session.deployment();
      const entries =
        eventIds.length > 0
          ? await findEvents(deployment, { eventIds, source, mayShorten: mayShorten(options, session) })
          : (await selected(deployment, { statuses: ['held'], filter: { source, reason: guard } })).entries;
      const order = { kind: 'release' as const, reason, userId: user?.toLowerCase(), recheck, because };
      process.exitCode = await act({ entries, order, none: noMatch({ guard, source }, deployment), options }, session);
    });
}
