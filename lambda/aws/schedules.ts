import { createHash } from 'node:crypto';
import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { EventRef } from '../domain/event/leaver-message.ts';
import type { Schedules } from '../domain/ports.ts';
import { DAY, MINUTE, SECOND, toInstant, toMillis } from '../domain/time/time.ts';

/** The part of the worker's configuration that schedules need. */
interface ScheduleSettings {
  group: string;
  queueArn: string;
  roleArn: string;
  deadLetterArn: string;
}

/**
 * How far ahead one schedule is set at most. When it fires, the worker compares the date again and sets the next schedule, so a later date
 * is reached in hops. Assumption: EventBridge documents no limit for one-time schedules, and a year is certainly allowed.
 */
const FURTHEST = 365 * DAY;

/** The name of the schedule that has the stage looked at again. No source has a name with a capital letter. */
const DAILY_LOOK = 'DailyLook';

/** Begins the name of a schedule of the watch: the event may have another one for the same second. */
const WATCH = 'Watch-';

interface SchedulesOptions {
  client: SchedulerClient;
  settings: ScheduleSettings;
  /** How long finished events are remembered: a hop is half of it, so that an open event is looked at before anything of it is forgotten. */
  rememberDays: number;
  clock: () => number;
}

/** Sets one-time EventBridge schedules, named after the event and deleted after they ran (Scheduler API Reference, "CreateSchedule"). */
export function eventBridgeSchedules({ client, settings, rememberDays, clock }: SchedulesOptions): Schedules {
  const furthest = Math.min(FURTHEST, (rememberDays / 2) * DAY);
  const put = schedulePut(client, settings);

  return {
    async set({ source, eventId }, at) {
      const now = clock();
      const hop = toMillis(at) > now + furthest;
      const fireAt = hop ? startOfDay(now + furthest) : Math.max(toMillis(at), now + MINUTE);
      const name = scheduleName({ source, eventId }, hop ? toInstant(fireAt) : at);
      await put({ name, fireAt, message: { kind: 'due', source, eventId } });
    },

    setWatch: ({ source, eventId }, at) =>
      put({
        name: scheduleName({ source: `${WATCH}${source}`, eventId }, at),
        fireAt: Math.max(toMillis(at), clock() + MINUTE),
        message: { kind: 'watch', source, eventId },
      }),

    setDailyLook: (at, { rememberedAt }) => put({ name: DAILY_LOOK, fireAt: toMillis(at), message: { kind: 'canary', rememberedAt } }),

    ...scheduleRemoval({ client, group: settings.group }),
  };
}

/** Sets a schedule, in place of the one of the same name. */
function schedulePut(client: SchedulerClient, settings: ScheduleSettings) {
  return async ({ name, fireAt, message }: { name: string; fireAt: number; message: object }): Promise<void> => {
    const schedule: CreateScheduleCommandInput = {
      Name: name,
      GroupName: settings.group,
      ScheduleExpression: `at(${wholeSecondAfter(fireAt)})`,
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: settings.queueArn,
        RoleArn: settings.roleArn,
        DeadLetterConfig: { Arn: settings.deadLetterArn },
        Input: JSON.stringify(message),
      },
    };
    try {
      await client.send(new CreateScheduleCommand(schedule));
    } catch (failure) {
      if (!(failure instanceof ConflictException)) throw failure;
      await client.send(new UpdateScheduleCommand(schedule));
    }
  };
}

/** The part of {@link eventBridgeSchedules} that the operator's commands need. */
export function scheduleRemoval({ client, group }: { client: SchedulerClient; group: string }): Pick<Schedules, 'remove'> {
  return {
    async remove(ref, at) {
      try {
        await client.send(new DeleteScheduleCommand({ Name: scheduleName(ref, at), GroupName: group }));
      } catch (failure) {
        if (!(failure instanceof ResourceNotFoundException)) throw failure;
      }
    },
  };
}

/**
 * Makes a legal name (1 to 64 of `0-9a-zA-Z-_.`) of source, event id and time, with a digest of the id if the id itself does not fit.
 * The time is part of the name because EventBridge deletes a schedule only after it ran: a schedule that was set in the meantime for
 * another time must not be deleted instead.
 */
export function scheduleName({ source, eventId }: EventRef, at: string): string {
  const second = Math.floor(toMillis(at) / SECOND).toString(36);
  const readable = `${source}.${eventId}.${second}`;
  if (/^[0-9a-zA-Z_.-]{1,64}$/.test(readable)) return readable;
  const room = 64 - source.length - second.length - 2;
  return `${source}.${createHash('sha256').update(eventId).digest('hex').slice(0, room)}.${second}`;
}

const startOfDay = (millis: number): number => millis - (millis % DAY);

/** Rounds fractions of a second up, so that a schedule is never early. */
const wholeSecondAfter = (millis: number): string => toInstant(Math.ceil(millis / SECOND) * SECOND).slice(0, 19);
