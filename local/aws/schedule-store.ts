import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { InvalidInput } from '../../lambda/domain/failures.ts';
import { readJson } from '../../lambda/domain/parse.ts';

const queueArn = z.string().regex(/^arn:aws:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}$/, 'the ARN of an SQS queue');

/** The part of CreateSchedule that the local scheduler has. It refuses the rest, so that nothing is silently ignored. */
export const scheduleDefinition = z.object({
  GroupName: z.string().default('default'),
  ScheduleExpression: z.string().regex(/^at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/, 'at(yyyy-mm-ddThh:mm:ss)'),
  ScheduleExpressionTimezone: z.literal('UTC').default('UTC'),
  FlexibleTimeWindow: z.object({ Mode: z.literal('OFF') }),
  ActionAfterCompletion: z.literal('DELETE'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Description: z.string().max(512).optional(),
  ClientToken: z.string().optional(),
  Target: z.object({
    Arn: queueArn,
    RoleArn: z.string().regex(/^arn:aws:iam::\d{12}:role\//, 'the ARN of a role'),
    Input: z.string().min(1),
    DeadLetterConfig: z.object({ Arn: queueArn }).optional(),
    RetryPolicy: z.object({ MaximumEventAgeInSeconds: z.number().optional(), MaximumRetryAttempts: z.number().optional() }).optional(),
  }),
});

export type ScheduleDefinition = z.infer<typeof scheduleDefinition>;

const row = z
  .object({
    name: z.string(),
    revision: z.string(),
    created_at: z.number(),
    changed_at: z.number(),
    attempts: z.number(),
    json: z.string(),
  })
  .transform(({ created_at, changed_at, json, ...rest }) => ({
    ...rest,
    createdAt: created_at,
    changedAt: changed_at,
    definition: scheduleDefinition.parse(readJson(json, 'stored schedule')),
  }));

/** Times are milliseconds since the epoch; each write gives another revision. */
export type Schedule = z.infer<typeof row>;

export interface ScheduleKey {
  group: string;
  name: string;
}

export interface ScheduleStore {
  read(key: ScheduleKey): Schedule | undefined;
  write(name: string, definition: ScheduleDefinition, at: { now: number; createdAt: number }): void;
  remove(key: ScheduleKey): void;
  /** The schedules of one group, or of all, after `<group>/<name>`. */
  list(where: { group: string | undefined; after: string }): Schedule[];
  /** Enabled schedules that are due, the earliest first. */
  due(now: number, limit: number): Schedule[];
  postpone(schedule: Schedule, until: number): void;
  /** Removes a fired schedule, unless it has been set again in the meantime. */
  finish(schedule: Schedule): void;
  close(): void;
}

/** One-time schedules in an SQLite file; every write is on disk when the call returns. */
export function openScheduleStore(dataDir: string): ScheduleStore {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(join(dataDir, 'schedules.db'));
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS schedule (
      group_name TEXT NOT NULL, name TEXT NOT NULL, revision TEXT NOT NULL, fire_at INTEGER, attempts INTEGER NOT NULL,
      created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (group_name, name)) STRICT;
    CREATE INDEX IF NOT EXISTS due ON schedule (fire_at) WHERE fire_at IS NOT NULL;`);

  const read = db.prepare('SELECT * FROM schedule WHERE group_name = ? AND name = ?');
  const write = db.prepare('INSERT OR REPLACE INTO schedule VALUES (?, ?, ?, ?, 0, ?, ?, ?)');
  const remove = db.prepare('DELETE FROM schedule WHERE group_name = ? AND name = ?');
  const list = db.prepare(
    "SELECT * FROM schedule WHERE (?1 = '' OR group_name = ?1) AND group_name || '/' || name > ?2 ORDER BY group_name || '/' || name",
  );
  const due = db.prepare('SELECT * FROM schedule WHERE fire_at <= ? ORDER BY fire_at LIMIT ?');
  const postpone = db.prepare('UPDATE schedule SET fire_at = ?, attempts = attempts + 1 WHERE revision = ?');
  const finish = db.prepare('DELETE FROM schedule WHERE revision = ?');

  return {
    read: ({ group, name }) => row.optional().parse(read.get(group, name)),
    write(name, definition, { now, createdAt }) {
      const fireAt = definition.State === 'ENABLED' ? dueTime(definition) : null;
      write.run(definition.GroupName, name, crypto.randomUUID(), fireAt, createdAt, now, JSON.stringify(definition));
    },
    remove: ({ group, name }) => void remove.run(group, name),
    list: ({ group, after }) => z.array(row).parse(list.all(group ?? '', after)),
    due: (now, limit) => z.array(row).parse(due.all(now, limit)),
    postpone: ({ revision }, until) => void postpone.run(until, revision),
    finish: ({ revision }) => void finish.run(revision),
    close: () => db.close(),
  };
}

/** @returns milliseconds since the epoch. @throws InvalidInput if the calendar has no such time */
export function dueTime({ ScheduleExpression }: ScheduleDefinition): number {
  const text = `${ScheduleExpression.slice('at('.length, -1)}.000Z`;
  const time = Date.parse(text);
  if (Number.isNaN(time) || new Date(time).toISOString() !== text)
    throw new InvalidInput(`ScheduleExpression ${ScheduleExpression} is not a time of the calendar; use one that exists`);
  return time;
}
