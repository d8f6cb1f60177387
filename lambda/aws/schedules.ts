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
import type { EventRef } from '../domain/leaver-message.ts';
import type { Schedules } from '../domain/ports.ts';
import { DAY, MINUTE, SECOND, toInstant, toMillis } from '../domain/time.ts';

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
      const fireAt = hop ? now + FURTHEST : Math.max(toMillis(at), now + MINUTE);
      const name = scheduleName({ source, eventId });
      const schedule: CreateScheduleCommandInput = {
        // A hop has a name of its own: the one that fired may be deleted only after the next was set.
        Name: hop ? `${name.slice(0, 50)}.hop${toInstant(fireAt).slice(0, 10).replaceAll('-', '')}` : name,
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
    async remove(ref) {
      try {
        await client.send(new DeleteScheduleCommand({ Name: scheduleName(ref), GroupName: group }));
      } catch (failure) {
        if (!(failure instanceof ResourceNotFoundException)) throw failure;
      }
    },
  };
}

/** Source and event id where they make a legal name (1 to 64 of `0-9a-zA-Z-_.`), else with a digest in place of the id. */
export function scheduleName({ source, eventId }: EventRef): string {
  const plain = `${source}.${eventId}`;
  if (/^[0-9a-zA-Z_.-]{1,64}$/.test(plain)) return plain;
  return `${source}.${createHash('sha256').update(eventId).digest('hex').slice(0, 31)}`;
}

/** Never a moment early: fractions of a second round up. */
const wholeSecondAfter = (millis: number): string => toInstant(Math.ceil(millis / SECOND) * SECOND).slice(0, 19);
