import * as z from 'zod';
import { parse } from '../../lambda/domain/parse.ts';
import { ACCOUNT, REGION } from './account.ts';
import { type AwsCall, AwsError, awsEndpoint } from './aws-endpoint.ts';
import { listenOnLoopback } from './loopback-server.ts';
import { startScheduleClock } from './schedule-clock.ts';
import { dueTime, openScheduleStore, type Schedule, type ScheduleStore, scheduleDefinition } from './schedule-store.ts';

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
 * exceptions as in the EventBridge Scheduler API Reference. A schedule that came due while nothing ran fires at the next start.
 * Delivery is at least once: a crash between sending and deleting sends again.
 *
 * @param group the one schedule group there is, beside `default`
 * @param onError told what could not be sent; it is tried again until it can
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
    throw new AwsError(404, 'UnknownOperationException', 'the local scheduler knows no such path');
  if (name === undefined && method === 'GET') return listSchedules(query, scheduler);

  const named = parse(scheduleName, name, 'Name');
  const group = query.get('groupName') ?? 'default';
  switch (method) {
    case 'POST':
      return createSchedule(named, body, scheduler);
    case 'PUT':
      return updateSchedule(named, body, scheduler);
    case 'GET':
      return describe(existing(group, named, scheduler));
    case 'DELETE':
      existing(group, named, scheduler);
      scheduler.store.remove(group, named);
      return {};
    default:
      throw new AwsError(405, 'UnknownOperationException', `the local scheduler knows no ${method}`);
  }
}

function createSchedule(name: string, body: unknown, { store, group, now }: Scheduler): object {
  const definition = parseDefinition(body, now());
  checkGroup(definition.GroupName, group);
  const earlier = store.read(definition.GroupName, name);
  const isRepeated = earlier?.definition.ClientToken !== undefined && earlier.definition.ClientToken === definition.ClientToken;
  if (earlier !== undefined && !isRepeated) throw new AwsError(409, 'ConflictException', `Schedule ${name} already exists.`);

  if (earlier === undefined) store.write(name, definition, { now: now(), createdAt: now() });
  return { ScheduleArn: arnOf(definition.GroupName, name) };
}

/** As the real one, it replaces everything: what the call leaves out gets its default. */
function updateSchedule(name: string, body: unknown, scheduler: Scheduler): object {
  const { store, now } = scheduler;
  const definition = parseDefinition(body, now());
  const { createdAt } = existing(definition.GroupName, name, scheduler);
  store.write(name, definition, { now: now(), createdAt });
  return { ScheduleArn: arnOf(definition.GroupName, name) };
}

function listSchedules(query: URLSearchParams, { store, group }: Scheduler): object {
  const { ScheduleGroup, NamePrefix, State, NextToken, MaxResults } = parse(listInput, Object.fromEntries(query), 'ListSchedules');
  if (ScheduleGroup !== undefined) checkGroup(ScheduleGroup, group);
  const found = store
    .list(ScheduleGroup, NextToken)
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
  // The real one refuses a time that has passed; it works in minutes.
  if (dueTime(definition) + 60_000 <= now)
    throw new AwsError(400, 'ValidationException', 'Invalid Schedule Expression: the time is in the past.');
  return definition;
}

function existing(group: string, name: string, scheduler: Scheduler): Schedule {
  checkGroup(group, scheduler.group);
  const found = scheduler.store.read(group, name);
  if (found === undefined) throw new AwsError(404, 'ResourceNotFoundException', `Schedule ${name} does not exist.`);
  return found;
}

function checkGroup(asked: string, known: string): void {
  if (asked !== known && asked !== 'default')
    throw new AwsError(404, 'ResourceNotFoundException', `Schedule group ${asked} does not exist.`);
}

function describe({ name, createdAt, changedAt, definition: { ClientToken: _, ...definition } }: Schedule): object {
  return {
    Arn: arnOf(definition.GroupName, name),
    Name: name,
    ...definition,
    CreationDate: createdAt / 1000,
    LastModificationDate: changedAt / 1000,
  };
}

const arnOf = (group: string, name: string) => `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/${group}/${name}`;
