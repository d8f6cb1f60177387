import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Webhook } from 'standardwebhooks';
import * as z from 'zod';
import { dynamoLedger } from '../lambda/aws/ledger.ts';
import type { LedgerEntry } from '../lambda/domain/event/ledger-entry.ts';
import type { LocalSystem } from './local-system.ts';
import { pickOrdinaryLeaver } from './workfront/users/population.ts';

const accepted = z.object({ eventIds: z.array(z.string()).min(1) });

/** How long the example may take. */
const SETTLED_WITHIN_MS = 30_000;

/**
 * Sends one signed termination of a random active user through the local system, and prints every step of the event.
 *
 * @param say prints one line
 */
export async function sendDemo(system: LocalSystem, say: (line: string) => void): Promise<void> {
  const leaver = pickOrdinaryLeaver(system.workfront.directory, Math.random);
  const source = system.sources['standard-webhooks'];
  if (leaver === undefined || source === undefined)
    return say('No ordinary active user is left for the example; start with --data and another directory.');

  const started = Date.now();
  const since = (instant: string | number) => `${String(Math.max(0, new Date(instant).getTime() - started)).padStart(6)} ms`;
  const body = JSON.stringify({
    type: 'employee.terminated',
    timestamp: new Date(started).toISOString(),
    data: { employee: { email: leaver.emailAddr }, effective: { immediate: true } },
  });
  say(`HR marks ${leaver.name} <${leaver.emailAddr}> terminated and sends a signed webhook:`);
  say('');

  const answer = await fetch(source.url, { method: 'POST', body, headers: signed(body, source.secret) });
  const text = await answer.text();
  if (answer.status !== 202) return say(`  ${since(Date.now())}  not accepted      the receiver answered ${answer.status}: ${text}`);
  const [eventId = ''] = accepted.parse(JSON.parse(text)).eventIds;
  say(`  ${since(Date.now())}  accepted          the signature is good, the event is in the queue: 202, event ${eventId}`);

  const entry = await settled(system, 'standard-webhooks', eventId);
  for (const step of entry?.history.slice(1) ?? []) say(`  ${since(step.at)}  ${step.to.padEnd(16)}  ${step.why}`);
  const user = system.workfront.directory.byId(leaver.ID);
  say(`  ${since(Date.now())}  ${(user?.isActive ? 'still active' : 'inactive').padEnd(16)}  the state of ${leaver.name} in Workfront now`);
}

function signed(body: string, secret: string): Record<string, string> {
  const id = `msg_${crypto.randomUUID()}`;
  const now = new Date();
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
}

async function settled({ environment }: LocalSystem, source: string, eventId: string): Promise<LedgerEntry | undefined> {
  const ledger = dynamoLedger({ client: new DynamoDBClient(), table: environment.LEDGER_TABLE ?? '', keepDays: 1, clock: Date.now });
  const deadline = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const entry = await ledger.readEntry({ source, eventId });
    if ((entry && !['received', 'processing'].includes(entry.status)) || Date.now() > deadline) return entry;
    await sleep(20);
  }
}
