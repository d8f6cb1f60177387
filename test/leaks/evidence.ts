import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { browse } from '../../ops/queues/queue-messages.ts';
import type { Canary } from './canaries.ts';
import type { Exhibits } from './exhibits.ts';
import type { LoggedSystem } from './logged-system.ts';

type Environment = Record<string, string>;

const secretsFile = z.record(z.string(), z.object({ versions: z.record(z.string(), z.object({ value: z.string() })) }));

/** Reads every attribute of every row, by its path: those below `entry.event`, those below `value.words`, and all others. */
export async function readLedger(environment: Environment, exhibits: Exhibits): Promise<Record<string, unknown>[]> {
  const client = new DynamoDBClient({ endpoint: environment.AWS_ENDPOINT_URL_DYNAMODB ?? '', region: REGION, credentials: CREDENTIALS });
  const { Items = [] } = await DynamoDBDocumentClient.from(client).send(new ScanCommand({ TableName: environment.LEDGER_TABLE }));
  client.destroy();
  for (const item of Items) {
    for (const [path, value] of leavesOf(item)) {
      exhibits.add(placeInLedger(String(item.pk), path), path, `${path} ${value}`);
    }
  }
  return Items;
}

function placeInLedger(pk: string, path: string): string {
  if (pk.startsWith('event/') && path.startsWith('entry.event.')) return 'ledger: `entry.event` of events';
  if (/^(person|rescinded)\//.test(pk) && path.startsWith('value.words.')) return 'ledger: `value.words` of the records of a person';
  return 'ledger: all else';
}

function leavesOf(value: unknown, path = ''): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, path === '' ? key : `${path}.${key}`));
}

/** Reads the messages in the queues. */
export async function readQueues(environment: Environment, exhibits: Exhibits): Promise<void> {
  const client = new SQSClient({ endpoint: environment.AWS_ENDPOINT_URL_SQS ?? '', region: REGION, credentials: CREDENTIALS });
  const places = { 'dead-letter queue': environment.DEAD_LETTER_QUEUE_URL, quarantine: environment.QUARANTINE_QUEUE_URL };
  for (const [place, url = ''] of Object.entries(places)) {
    for await (const { id, body, attributes } of browse(client, url, { isLocal: true })) exhibits.add(place, id, { body, attributes });
  }
  client.destroy();
}

/** Reads the files of the local system, after it has ended. */
export function readFiles({ dataDir, temporaryDir, outDir }: LoggedSystem, exhibits: Exhibits): void {
  for (const file of filesIn(temporaryDir)) exhibits.add('temporary files', file, readFileSync(join(temporaryDir, file)));
  exhibits.add('temporary files', 'their names', filesIn(temporaryDir).join('\n'));
  for (const file of filesIn(outDir)) exhibits.add('files of `plan --out` and `report --out`', file, readFileSync(join(outDir, file)));
  for (const file of filesIn(dataDir)) exhibits.add(placeOf(file), file, readFileSync(join(dataDir, file)));
}

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1));

function placeOf(file: string): string {
  if (file.startsWith('ledger/')) return 'local: `ledger/`';
  if (file.startsWith('queues/')) return 'local: `queues/`';
  if (file === 'secrets.json') return 'Secrets Manager; local: `secrets.json`';
  return file.startsWith('workfront-') ? 'local: `workfront-<users>.jsonl`' : 'local: any other file';
}

/** Reads the leaver queue from its file: while the worker runs, nobody else can see every message. */
export function readLeaverQueue({ dataDir }: LoggedSystem, exhibits: Exhibits): void {
  const database = new DatabaseSync(join(dataDir, 'queues', 'fauxqs.db'), { readOnly: true });
  for (const row of database.prepare('SELECT * FROM sqs_messages').all()) {
    const text = JSON.stringify(row);
    if (/\/leaver"|"leaver"/.test(text)) exhibits.add('leaver queue', 'a message', text);
  }
  database.close();
}

const keptRecord = z.object({ value: z.object({ open: z.array(z.unknown()).min(1) }) });

/**
 * Lists the rows with personal data that do not expire: finished events, and records of a person without an open event. A `fact/`
 * and the records of the stage stay.
 */
export function unexpiring(rows: readonly Record<string, unknown>[]): string[] {
  return rows.flatMap((item) => {
    const { pk, status = 'a record', expiresAt } = item;
    const isOpen = ['held', 'failed', 'scheduled', 'processing', 'received'].includes(String(status));
    if (isOpen || keptRecord.safeParse(item).success || /^(stage|fact)\//.test(String(pk)) || typeof expiresAt === 'number') return [];
    return [`ledger: ${status} ${String(pk).split('/')[0]} does not expire`];
  });
}

/** Every value that was stored as a secret, without the ids and kinds beside it. */
export function readSecrets({ dataDir }: LoggedSystem): Canary[] {
  const stored = secretsFile.parse(JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')));
  return Object.entries(stored).flatMap(([name, { versions }]) =>
    Object.values(versions)
      .flatMap(({ value }) => (value.startsWith('{') ? leavesOf(JSON.parse(value)) : [[name, value] as const]))
      .filter(([path]) => !/(^kind|Id|createdAt)$/.test(path))
      .flatMap(([, value]) => value.split('\n').filter((line) => line.length >= 12 && !line.startsWith('-----')))
      .map((value) => ({ kind: name.endsWith('/workfront') ? 'workfront credential' : 'source secret', what: name, value })),
  );
}
