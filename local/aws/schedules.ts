import * as z from 'zod';
import { parse } from '../../lambda/domain/parse.ts';
import { ACCOUNT, REGION } from './account.ts';
import { type AwsCall, AwsError, awsEndpoint } from './aws-endpoint.ts';
import { listenOnLoopback } from './loopback-server.ts';
import { startScheduleClock } from './schedule-clock.ts';
import { dueTime, openScheduleStore, type Schedule, type ScheduleKey, type ScheduleStore, scheduleDefinition } from './schedule-store.ts';

const scheduleName = z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/, '1 to 64 of letters, digits, hyphen, underscore and dot');
const listInput = z.object({
  ScheduleGroup: z.string().optional(),
  NamePrefix: z.string().default(''),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
  NextToken: z.string().default(''),
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
});

interface Scheduler {
  store: ScheduleStore;
  group: string;
  now: () => number;
}

/**
 * EventBridge Scheduler on 127.0.0.1 for one-time schedules whose target is a queue, kept in an SQLite file. Paths, shapes and
 * exceptions are those of the EventBridge Scheduler API Reference. A schedule that became due while nothing ran fires at the next
 * start. Delivery is at least once: after a crash between sending and deleting, it sends again.
 *
 * @param group the only schedule group beside `default`
 * @param onError called if a message cannot be sent; it is tried again until it can
 */
export async function startLocalSchedules({
  dataDir,
  group,
  sqsEndpoint,
  onError,
  now = Date.now,
}: {
  dataDir: string;
  group: string;
  sqsEndpoint: string;
  onError: (error: unknown) => void;
  now?: () => number;
}): Promise<{ endpoint: string; close(): Promise<void> }> {
  const store = openScheduleStore(dataDir);
  const { url, close } = await listenOnLoopback(awsEndpoint((call) => answer(call, { store, group, now }), 'ValidationException'));
  const clock = startScheduleClock({ store, sqsEndpoint, onError, now });
  const closeAll = async () => {
    await clock.stop();
    await close();
    store.close();
  };
  let closing: Promise<void> | undefined;
  return {
    endpoint: url,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

function answer({ method, path, query, body }: AwsCall, scheduler: Scheduler): object {
  const [resource, name, ...rest] = path;
  if (resource !== 'schedules' || rest.length > 0)
    throw new AwsError(404, 'UnknownOperationException', 'the local scheduler does not have this path; use /schedules/<name>');
  if (name === undefined && method === 'GET') return listSchedules(query, scheduler);

  const named = parse(scheduleName, name, 'Name');
  const group = query.get('groupName') ?? 'default';
  switch (method) {
    case 'POST':
      return createSchedule(named, body, scheduler);
    case 'PUT':
      return updateSchedule(named, body, scheduler);
    case 'GET':
      return describe(existing({ group, name: named }, scheduler));
    case 'DELETE':
      existing({ group, name: named }, scheduler);
      scheduler.store.remove({ group, name: named });
      return {};
    default:
      throw new AwsError(405, 'UnknownOperationException', `the local scheduler does not have ${method}; use GET, POST, PUT or DELETE`);
  }
}

function createSchedule(name: string, body: unknown, { store, group, now }: Scheduler): object {
  const definition = parseDefinition(body, now());
  checkGroup(definition.GroupName, { group });
  const earlier = store.read({ group: definition.GroupName, name });
  const isRepeated = earlier?.definition.ClientToken !== undefined && earlier.definition.ClientToken === definition.ClientToken;
  if (earlier !== undefined && !isRepeated) throw new AwsError(409, 'ConflictException', `Schedule ${name} already exists.`);

  if (earlier === undefined) store.write(name, definition, { now: now(), createdAt: now() });
  return { ScheduleArn: arnOf({ group: definition.GroupName, name }) };
}

/** Replaces everything, as the real one does: a field that the call leaves out gets its default. */
function updateSchedule(name: string, body: unknown, scheduler: Scheduler): object {
  const { store, now } = scheduler;
  const definition = parseDefinition(body, now());
  const { createdAt } = existing({ group: definition.GroupName, name }, scheduler);
  store.write(name, definition, { now: now(), createdAt });
  return { ScheduleArn: arnOf({ group: definition.GroupName, name }) };
}

function listSchedules(query: URLSearchParams, { store, group }: Scheduler): object {
  const { ScheduleGroup, NamePrefix, State, NextToken, MaxResults } = parse(listInput, Object.fromEntries(query), 'ListSchedules');
  if (ScheduleGroup !== undefined) checkGroup(ScheduleGroup, { group });
  const found = store
    .list({ group: ScheduleGroup, after: NextToken })
    .filter(({ name, definition }) => name.startsWith(NamePrefix) && (State === undefined || definition.State === State));

  const page = found.slice(0, MaxResults);
  const last = page.at(-1);
  const Schedules = page.map(({ definition, ...schedule }) => ({
    ...describe({ definition, ...schedule }),
    Target: { Arn: definition.Target.Arn },
  }));
  return {
    Schedules,
    ...(found.length > page.length && last !== undefined ? { NextToken: `${last.definition.GroupName}/${last.name}` } : {}),
  };
}

function parseDefinition(body: unknown, now: number) {
  const definition = parse(scheduleDefinition, body, 'schedule');
  // The real one refuses a time in the past, to the minute.
  if (dueTime(definition) + 60_000 <= now)
    throw new AwsError(400, 'ValidationException', 'Invalid Schedule Expression: the time is in the past.');
  return definition;
}

function existing({ group, name }: ScheduleKey, scheduler: Scheduler): Schedule {
  checkGroup(group, scheduler);
  const found = scheduler.store.read({ group, name });
  if (found === undefined) throw new AwsError(404, 'ResourceNotFoundException', `Schedule ${name} does not exist.`);
  return found;
}

function checkGroup(asked: string, { group }: Pick<Scheduler, 'group'>): void {
  if (asked !== group && asked !== 'default')
    throw new AwsError(404, 'ResourceNotFoundException', `Schedule group ${asked} does not exist.`);
}

function describe({ name, createdAt, changedAt, definition: { ClientToken: _, ...definition } }: Schedule): object {
  return {
    Arn: arnOf({ group: definition.GroupName, name }),
    Name: name,
    ...definition,
    CreationDate: createdAt / 1000,
    LastModificationDate: changedAt / 1000,
  };
}

const arnOf = ({ group, name }: ScheduleKey) => `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/${group}/${name}`;
