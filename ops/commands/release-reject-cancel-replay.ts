import { type Command, Option } from 'commander';
import * as z from 'zod';
import { DAY } from '../../lambda/domain/time/time.ts';
import { addPeriodOptions, addPersonOptions, filterOptions, guid } from '../events/filter.ts';
import { act } from '../orders/act.ts';
import { named, selected } from '../orders/selection.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { Usage } from '../terminal/exit-code.ts';

export const reason = z
  .string()
  .trim()
  .min(1, 'a reason: it is kept with the event')
  .max(500, 'a reason of at most 500 characters')
  .regex(/^[^\p{Cc}]+$/u, 'a reason without control characters');

export const waitSeconds = z.coerce.number('a number of seconds').min(0, 'a number of seconds').max(3600, 'at most 3600 seconds');

/** How long the commands wait for the worker, in seconds. */
export const DEFAULT_WAIT = 60;

const actOptions = {
  json: z.boolean().optional(),
  dryRun: z.boolean().optional(),
  yes: z.boolean().optional(),
  wait: waitSeconds,
};

const namedOptions = z.object({ ...actOptions, reason, source: z.string().optional() });
const releaseOptions = namedOptions.extend({
  guard: z.string().optional(),
  allHeld: z.boolean().optional(),
  user: guid.optional(),
  recheck: z.boolean().optional(),
});
const replayOptions = filterOptions.extend({
  ...actOptions,
  note: reason.optional(),
  limit: z.coerce.number('a number of 1 or more').int().min(1).optional(),
});

/** What a replay by filters takes up where nobody says otherwise. */
const REPLAY_PERIOD = DAY;
const REPLAY_LIMIT = 10;

export function addRelease(program: Command, session: Session): void {
  const command = newCommand(program, 'release', {
    what: 'Lets held events past the guard that holds them; every other guard is asked again.',
    example: '--local release msg_2f0c --reason "the manager confirmed it"',
  }).argument('[event ids...]');
  addActOptions(addReason(command))
    .option('--guard <name>', 'all that this guard holds, instead of ids')
    .option('--all-held', 'all that is held, instead of ids')
    .option('--user <guid>', 'the user meant, where several match')
    .option('--recheck', 'the cause was mended: ask the guard again instead of skipping it')
    .action(async (eventIds: string[], raw: unknown) => {
      const { guard, allHeld, user, recheck, source, reason: why, ...options } = readOptions(releaseOptions, raw);
      exactlyOne('event ids, --guard or --all-held', [eventIds.length > 0, guard !== undefined, allHeld === true]);
      if (user !== undefined && eventIds.length !== 1) throw new Usage('expected one event id with --user');

      const deployment = await session.deployment();
      const entries =
        eventIds.length > 0
          ? await named(deployment, eventIds, source)
          : (await selected(deployment, { statuses: ['held'], filter: { source, reason: guard } })).entries;
      const order = { kind: 'release' as const, reason: why, userId: user?.toLowerCase(), recheck };
      process.exitCode = await act(entries, order, options, session);
    });
}

export function addReject(program: Command, session: Session): void {
  addNamed(program, session, {
    kind: 'reject',
    what: 'Ends held events for good: their users stay as they are.',
    example: '--local reject msg_2f0c --reason "HR named the wrong person"',
  });
}

export function addCancel(program: Command, session: Session): void {
  addNamed(program, session, {
    kind: 'cancel',
    what: 'Takes scheduled, held, failed or waiting events back for good, and removes their schedule.',
    example: '--local cancel msg_2f0c --reason "the contract was extended"',
  });
}

export function addReplay(program: Command, session: Session): void {
  const command = newCommand(program, 'replay', {
    what:
      'Does failed events again: those named, or those that filters choose, the longest failed first. With filters it takes, ' +
      `unless --since and --limit say otherwise, at most ${REPLAY_LIMIT} that failed in the last 24 hours. A finished event is left as it is.`,
    example: '--local replay --status failed --since 7d --dry-run',
  })
    .argument('[event ids...]')
    .addOption(new Option('--status <status>', 'failed, the only one that can be replayed').choices(['failed']))
    .option('--source <source>', 'only of this source')
    .option('--reason <text>', 'with event ids: why, kept with the events; else only those that failed for this reason')
    .option('--note <text>', 'why, kept with the events')
    .option('--limit <n>', 'at most so many');
  addActOptions(addPeriodOptions(addPersonOptions(command))).action(async (eventIds: string[], raw: unknown) => {
    const { limit = REPLAY_LIMIT, note, json, dryRun, yes, wait, ...filter } = readOptions(replayOptions, raw);
    const deployment = await session.deployment();
    const options = { json, dryRun, yes, wait };
    if (eventIds.length > 0) {
      const why = note ?? (filter.reason === undefined ? undefined : readOptions(reason, filter.reason));
      const entries = await named(deployment, eventIds, filter.source);
      process.exitCode = await act(entries, { kind: 'replay', reason: why }, options, session);
      return;
    }
    if (Object.values(filter).every((one) => one === undefined)) throw new Usage('expected event ids, or a filter such as --status failed');
    const { entries, total } = await selected(deployment, { statuses: ['failed'], filter, limit, longest: REPLAY_PERIOD });
    if (total > entries.length)
      session.terminal.say(`${entries.length} of ${total} failed events, the longest failed first: --limit for more`);
    process.exitCode = await act(entries, { kind: 'replay', reason: note }, options, session);
  });
}

function addNamed(
  program: Command,
  session: Session,
  { kind, what, example }: { kind: 'reject' | 'cancel'; what: string; example: string },
): void {
  const command = newCommand(program, kind, { what, example }).argument('<event ids...>');
  addActOptions(addReason(command)).action(async (eventIds: string[], raw: unknown) => {
    const { source, reason: why, ...options } = readOptions(namedOptions, raw);
    const entries = await named(await session.deployment(), eventIds, source);
    process.exitCode = await act(entries, { kind, reason: why }, options, session);
  });
}

const addReason = (command: Command): Command =>
  command
    .requiredOption('--reason <text>', 'why: kept with the events, nothing personal')
    .option('--source <source>', 'only of this source');

const addActOptions = (command: Command): Command =>
  command
    .option('--dry-run', 'only show what would be done')
    .option('--yes', 'do not ask; needed for more than 10 events')
    .option('--wait <seconds>', 'how long to wait for what becomes of them, 0 for not at all', String(DEFAULT_WAIT));

function exactlyOne(what: string, given: boolean[]): void {
  const count = given.filter(Boolean).length;
  if (count !== 1) throw new Usage(`expected one of ${what}, got ${count === 0 ? 'none' : count}`);
}
