import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { aBody, allUsers, type FakeRow, post, type StartedSystem, startSystem, untilSettled } from '../support/started-system.ts';

const environment = z.object({ AWS_ENDPOINT_URL_SQS: z.string(), DEAD_LETTER_QUEUE_URL: z.string() });

export const HOSTILE = '</Smith> <script>alert(document.cookie)</script>';

/** The local system with something in every place where the console looks. */
export interface TroubledSystem {
  system: StartedSystem;
  /** Who has not left yet. */
  others: FakeRow[];
}

/**
 * Two leavers went through; then Workfront refused one, the name of four differs, one is the credential's own user, one is nobody, the
 * brake holds three, one delivery is forged, one is not understood, and one dead letter cannot be read.
 */
export async function startTroubledSystem(): Promise<TroubledSystem> {
  const system = await startSystem({ users: 200, policy: { brake: { perHour: 2, floorPerDay: 100 }, secondPersonAbove: 2 } });
  const people = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
  const [refused, first, second, ...rest] = people;
  const admin = (await allUsers(system)).find(({ isActive, isAdmin }) => isActive && isAdmin);
  if (refused === undefined || first === undefined || second === undefined || admin === undefined)
    throw new Error('the fake Workfront has too few users; start it with more');
  const leave = (id: string, email: string, data: object = {}) => post(system, aBody(email, { ...data }), { id });
  const named = (email: string, familyName: string) => ({ employee: { email, givenName: 'Rosalind', familyName } });

  await behave(system, { readOnlyCredential: true });
  await leave('refused-1', refused.emailAddr);
  await untilSettled(system, 1);
  await behave(system, { readOnlyCredential: false });
  await leave('gone-1', first.emailAddr);
  await leave('gone-2', second.emailAddr);
  await untilSettled(system, 3);
  const taken = rest.splice(0, 7);
  for (const [index, row] of taken.slice(0, 4).entries())
    await leave(`mismatch-${index + 1}`, row.emailAddr, named(row.emailAddr, index === 0 ? HOSTILE : 'Overbeck'));
  for (const [index, row] of taken.slice(4).entries()) await leave(`layoff-${index + 1}`, row.emailAddr);
  await leave('nobody-1', 'nobody@acme.test');
  await leave('admin-1', admin.emailAddr);
  await post(system, aBody(first.emailAddr), { id: 'forged-1', secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` });
  await post(system, JSON.stringify({ type: 'employee.terminated', data: {} }), { id: 'unreadable-1' });
  const { AWS_ENDPOINT_URL_SQS: endpoint, DEAD_LETTER_QUEUE_URL: QueueUrl } = environment.parse(
    JSON.parse(readFileSync(join(system.dataDir, 'environment.json'), 'utf8')),
  );
  const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `poison ${HOSTILE}` }));
  sqs.destroy();
  await untilSettled(system, 12);
  return { system, others: rest };
}

export const behave = ({ workfront }: StartedSystem, behaviour: object) =>
  fetch(`${workfront}/_fake/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) });
