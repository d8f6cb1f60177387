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
export interface ScheduleSettings {
  group: string;
  queueArn: string;
  roleArn: string;
  deadLetterArn: string;
}

/**
 * How far ahead one schedule is set. The worker looks at the date again when it fires and sets the next one, so a date
 * beyond is reached in hops. Assumption: EventBridge documents no limit for one-time schedules; a year is surely within.
 */
const FURTHEST = 365 * DAY;

/** One-time EventBridge schedules, named after the event, deleted after they ran (Scheduler API Reference, "CreateSchedule"). */
export function eventBridgeSchedules({
  client,
  settings,
  clock,
}: {
  client: SchedulerClient;
  settings: ScheduleSettings;
  clock: () => number;
}): Schedules {
  return {
    async set({ source, eventId }, at) {
      const now = clock();
      const hop = toMillis(at) > now + FURTHEST;
      const fireAt = hop ? startOfDay(now + FURTHEST) : Math.max(toMillis(at), now + MINUTE);
      const schedule: CreateScheduleCommandInput = {
        Name: scheduleName({ source, eventId }, hop ? toInstant(fireAt) : at),
        GroupName: settings.group,
        ScheduleExpression: `at(${wholeSecondAfter(fireAt)})`,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: settings.queueArn,
          RoleArn: settings.roleArn,
          DeadLetterConfig: { Arn: settings.deadLetterArn },
          Input: JSON.stringify({ kind: 'due', source, eventId }),
        },
      };
      try {
        await client.send(new CreateScheduleCommand(schedule));
      } catch (failure) {
        if (!(failure instanceof ConflictException)) throw failure;
        await client.send(new UpdateScheduleCommand(schedule));
      }
    },

    ...scheduleRemoval({ client, group: settings.group }),
  };
}

/** The part of {@link eventBridgeSchedules} that ops need. */
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
 * Source, event id and time, where they make a legal name (1 to 64 of `0-9a-zA-Z-_.`), else with a digest in place of the id.
 * The time is part of it because the schedule that fired is deleted only after it ran: one set meanwhile for another time,
 * the next hop or a date that the stage's rules moved, must not be deleted in its place.
 */
export function scheduleName({ source, eventId }: EventRef, at: string): string {
  const second = Math.floor(toMillis(at) / SECOND).toString(36);
  const plain = `${source}.${eventId}.${second}`;
  if (/^[0-9a-zA-Z_.-]{1,64}$/.test(plain)) return plain;
  const room = 64 - source.length - second.length - 2;
  return `${source}.${createHash('sha256').update(eventId).digest('hex').slice(0, room)}.${second}`;
}

const startOfDay = (millis: number): number => millis - (millis % DAY);

/** Never a moment early: fractions of a second round up. */
const wholeSecondAfter = (millis: number): string => toInstant(Math.ceil(millis / SECOND) * SECOND).slice(0, 19);
