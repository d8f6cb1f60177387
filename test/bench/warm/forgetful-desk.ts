import { createHmac } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { isFinished } from '../../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import type { Ledger } from '../../../lambda/domain/ledger-port.ts';
import { parse } from '../../../lambda/domain/parse.ts';
import { policy } from '../../../lambda/domain/policy.ts';
import type { Desk, User } from '../../../lambda/domain/ports.ts';

/** The calls of the ledger, for one event or for all. */
export interface Asked {
  reads: number;
  writes: number;
}

/**
 * Makes a desk that keeps almost nothing: every user exists and is active, and finished events and the records of a person are
 * dropped. Memory that grows is the product's own.
 */
export function forgetfulDesk(): { desk: Desk; asked: Asked } {
  const asked: Asked = { reads: 0, writes: 0 };
  return {
    asked,
    desk: {
      ledger: forgetfulLedger(asked),
      directory: {
        owner: async () => ({ userId: guid('owner'), customerId: guid('customer'), activeUsers: 1_000_000, seesEverybody: true }),
        find: async (keys) => keys.flatMap(({ field, value }) => (field === 'emailAddr' ? [aUser(value)] : [])),
        findByUsername: async () => [],
        read: async () => undefined,
        activeAdministrators: async () => [guid('admin'), guid('another')],
        whoIsActive: async () => [],
        countActiveUsersMadeOn: async () => 0,
        deactivate: async () => ({ confirmedBy: 'answer' }),
        reactivate: async () => undefined,
      },
      hr: { canBeAsked: () => false, ask: async () => undefined },
      schedules: {
        set: async () => undefined,
        remove: async () => undefined,
        setWatch: async () => undefined,
        setDailyLook: async () => undefined,
      },
      clock: Date.now,
      random: Math.random,
      digest: (text) => createHmac('sha256', 'bench').update(text).digest('base64url'),
      maySight: () => true,
      policy: parse(policy, {}, 'policy'),
    },
  };
}

function forgetfulLedger(asked: Asked): Ledger {
  const entries = new Map<string, LedgerEntry>();
  const records = new Map<string, { value: object; version: number }>();
  return {
    async readEntry({ source, eventId }) {
      asked.reads += 1;
      return entries.get(`${source}/${eventId}`);
    },
    async *withStatus() {},
    async writeEntry(entry) {
      asked.writes += 1;
      const next = { ...entry, version: entry.version + 1 };
      const key = `${entry.source}/${entry.eventId}`;
      if (isFinished(next.status)) entries.delete(key);
      else entries.set(key, next);
      return next;
    },
    async readRecord(key, schema) {
      asked.reads += 1;
      const record = records.get(key);
      return record && { version: record.version, value: parse(schema, record.value, key) };
    },
    async readRecords(keys, schema) {
      // one request, however many records it names
      asked.reads += 1;
      return new Map(
        keys.flatMap((key) => {
          const record = records.get(key);
          return record === undefined ? [] : [[key, { version: record.version, value: parse(schema, record.value, key) }] as const];
        }),
      );
    },
    async readTogether() {
      asked.reads += 1;
      return {
        entry: ({ source, eventId }) => entries.get(`${source}/${eventId}`),
        finishedBefore: () => undefined,
        record(key, schema) {
          const record = records.get(key);
          return record && { version: record.version, value: parse(schema, record.value, key) };
        },
      };
    },
    async *scheduled() {},
    async *inWork() {},
    async finishedBefore() {
      asked.reads += 1;
      return undefined;
    },
    async writeRecord(key, { value, version }) {
      asked.writes += 1;
      // The brake would latch: without its record, each deactivation is the first one.
      if (key.startsWith('stage/') && key !== 'stage/brake') records.set(key, { value, version: version + 1 });
      return version + 1;
    },
  };
}

const guid = (text: string) => Buffer.from(text).toString('hex').padEnd(32, '0').slice(0, 32);

const aUser = (emailAddr: string): User => ({
  id: guid(emailAddr),
  isActive: true,
  isAdmin: false,
  customerId: guid('customer'),
  firstName: undefined,
  lastName: undefined,
  emailAddr,
  username: emailAddr,
  ssoUsername: undefined,
  extRefID: undefined,
  lastLoginAt: undefined,
  madeAt: '2020-01-01T00:00:00.000Z',
  displayName: undefined,
  customFields: {},
});

export const aContext: Context = {
  awsRequestId: 'request-1',
  functionName: 'bench',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:bench',
  memoryLimitInMB: '256',
  logGroupName: 'bench',
  logStreamName: 'bench',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => 25_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};
