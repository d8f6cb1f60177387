import type { Command } from 'commander';
import { DAY } from '../../lambda/domain/time/time.ts';
import { addFilterOptions, filterOptions, periodOf } from '../events/filter.ts';
import { findEvents } from '../events/find-event.ts';
import { noMatch } from '../events/no-match.ts';
import { act } from '../orders/act.ts';
import { REPLAYED } from '../orders/order.ts';
import { actOptions, addActOptions, readEventIds } from '../orders/order-options.ts';
import { selected } from '../orders/selection.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { Usage } from '../terminal/exit-code.ts';
import { limit, reason } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';

const filters = filterOptions(REPLAYED);
const shared = { ...actOptions, note: reason.optional(), limit };
const byFilter = filters.extend(shared);
/** With event ids, `--reason` says why. */
const byId = filters.extend({ ...shared, reason: reason.optional() });

/** What a replay by filter does unless the options say otherwise. */
const REPLAY_PERIOD = DAY;
const REPLAY_LIMIT = 10;

export function addReplay(program: Command, session: Session): void {
  const command = newCommand(program, 'replay', {
    what:
      `Replays failed events, by id or by filter, the longest unchanged first. By filter at most ${REPLAY_LIMIT} events that failed in the last 24 hours, ` +
      'unless --since or --limit say otherwise. Of the events that ended as no-account or would-deactivate it takes one; for more, use plan replay.',
    example: '--local replay --status failed --since 7d --dry-run',
  })
    .argument('[event ids...]')
    .option('--note <text>', 'why: kept with the events, nothing personal')
    .option('--limit <n>', 'at most this many events, 1 or more');
  addActOptions(addFilterOptions(command, REPLAYED))
    .addHelpText('after', '\nWith event ids, --reason says why, as --note does. With one event id, --user names the user to decide about.')
    .action((ids: string[], raw: unknown) => (ids.length > 0 ? replayNamed(ids, raw, session) : replayFiltered(raw, session)));
}

async function replayNamed(ids: readonly string[], raw: unknown, session: Session): Promise<void> {
  const { json, dryRun, yes, wait, note, reason, source, user, ...filter } = readOptions(byId, raw);
  const eventIds = readEventIds(ids);
  const [other] = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (other !== undefined) throw new Usage(`--${other} and event ids exclude each other; leave one of them out`);
  if (note !== undefined && reason !== undefined)
    throw new Usage('with event ids, --reason and --note both say why; leave one of them out');

  if (user !== undefined && eventIds.length !== 1) throw new Usage('--user is for one event; use it with one event id');

  const entries = await findEvents(await session.deployment(), { eventIds, source });
  const order = { kind: 'replay' as const, reason: note ?? reason, userId: user?.toLowerCase() };
  process.exitCode = await act({ entries, order, none: 'No event matches', options: { json, dryRun, yes, wait } }, session);
}

async function replayFiltered(raw: unknown, session: Session): Promise<void> {
  const { json, dryRun, yes, wait, note, limit = REPLAY_LIMIT, since, until, ...filter } = readOptions(byFilter, raw);
  const typed = { ...filter, since, until };
  if (Object.values(typed).every((one) => one === undefined))
    throw new Usage('no event is named; use event ids, or a filter such as --status failed');
  const period = periodOf({ since, until }, session.clock(), REPLAY_PERIOD);

  const deployment = await session.deployment();
  const status = filter.status ?? 'failed';
  const { entries, total } = await selected(deployment, { statuses: [status], filter, period, limit });
  if (total > entries.length)
    session.terminal.say(`${entries.length} of ${total} ${status} events selected, the longest unchanged first; use --limit for more`);
  const order = { kind: 'replay' as const, reason: note };
  const options = { json, dryRun, yes, wait };
  process.exitCode = await act({ entries, order, none: noMatch(typed, deployment), options }, session);
}
