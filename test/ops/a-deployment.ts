import type { EntryList } from '../../lambda/aws/entry-list.ts';
import type { Period } from '../../lambda/aws/index-keys.ts';
import { handleMessage } from '../../lambda/domain/deactivate/handle-message.ts';
import type { LeaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { Ledger } from '../../lambda/domain/ledger-port.ts';
import type { Deployment } from '../../ops/deployment/deployment.ts';
import { aDesk, type InMemoryLedger, type TestDesk } from '../support/in-memory-desk.ts';

export interface TestDeployment extends Deployment {
  desk: TestDesk;
  /** Handles a message as the worker does. */
  work(message: LeaverMessage): Promise<void>;
  /** Who the operator is. */
  me: string;
}

/** A deployment in memory, whose worker handles each message at once. */
export function aDeployment(options: Parameters<typeof aDesk>[0]): TestDeployment {
  const desk = aDesk(options);
  const work = async (message: LeaverMessage) => {
    await handleMessage(message, desk, { worker: 'worker-1', leaseUntil: desk.now + 60_000 });
  };
  const deployment: TestDeployment = {
    desk,
    work,
    me: 'arn:aws:sts::111122223333:assumed-role/Ops/ana',
    name: 'test',
    region: undefined,
    places: {
      stack: undefined,
      ledgerRestoredFrom: undefined,
      alarmTopic: undefined,
      webhooksUrl: 'https://api.test/webhooks',
      ledgerTable: 'ledger',
      leaverQueueUrl: '',
      deadLetterQueueUrl: '',
      quarantineQueueUrl: '',
      scheduleGroup: '',
      workfrontSecret: '',
      sourceSecrets: {},
      workerFunction: undefined,
    },
    ledger: listing(desk.ledger),
    queue: { send: work },
    schedules: desk.schedules,
    clock: desk.clock,
    operator: async () => deployment.me,
    objective: async () => undefined,
    policy: async () => desk.policy,
  };
  return deployment;
}

function listing(ledger: InMemoryLedger): Ledger & EntryList {
  const listed = ({ since, until }: Period, at: 'receivedAt' | 'updatedAt') =>
    structuredClone([...ledger.entries.values()])
      .filter((entry) => entry[at] >= since && entry[at] <= until)
      .sort((one, other) => one[at].localeCompare(other[at]));
  return {
    readEntry: (ref) => ledger.readEntry(ref),
    writeEntry: (entry) => ledger.writeEntry(entry),
    readRecord: (key, schema) => ledger.readRecord(key, schema),
    readRecords: (keys, schema) => ledger.readRecords(keys, schema),
    readTogether: (what) => ledger.readTogether(what),
    writeRecord: (key, record) => ledger.writeRecord(key, record),
    scheduled: () => ledger.scheduled(),
    inWork: () => ledger.inWork(),
    finishedBefore: (ref) => ledger.finishedBefore(ref),
    async *entries(filter) {
      yield* listed(filter, 'receivedAt').reverse();
    },
    async *alsoExpired(filter) {
      yield* listed(filter, 'receivedAt').reverse();
    },
    async *withStatus(status, filter) {
      yield* listed(filter, 'updatedAt').filter((entry) => entry.status === status);
    },
    byEventId: async (eventId): Promise<LedgerEntry[]> => [...ledger.entries.values()].filter((entry) => entry.eventId === eventId),
  };
}
