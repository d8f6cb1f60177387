import type { Context } from 'aws-lambda';
import { isFinished } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { policy } from '../../lambda/domain/policy.ts';
import type { Desk, Ledger, User } from '../../lambda/domain/ports.ts';

/** How often the ledger was asked, for one event or for all. */
export interface Asked {
  reads: number;
  writes: number;
}

/**
 * The desk of a worker that anybody could stand at for ever: everyone works here and is active, and what is finished or belongs to
 * one person alone is forgotten. What grows in it is the product's.
 */
export function forgetfulDesk(): { desk: Desk; asked: Asked } {
  const asked: Asked = { reads: 0, writes: 0 };
  return {
    asked,
    desk: {
      ledger: forgetfulLedger(asked),
      directory: {
        owner: async () => ({ userId: guid('owner'), customerId: guid('customer'), activeUsers: 1_000_000 }),
        search: async ({ value }) => [aUser(value)],
        read: async () => undefined,
        countActiveAdministrators: async () => 2,
        deactivate: async () => ({ confirmedBy: 'answer' }),
      },
      hr: { canBeAsked: () => false, ask: async () => undefined },
      schedules: { set: async () => undefined, remove: async () => undefined },
      clock: Date.now,
      random: Math.random,
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
    async writeRecord(key, value, version) {
      asked.writes += 1;
      // The brake would latch: here it sees one deactivation after the other as the first.
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
