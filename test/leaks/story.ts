import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { runWithInput } from '../ops/run-with-input.ts';
import { SIGN } from '../support/signing.ts';
import { post } from '../support/started-system.ts';
import type { Person } from './canaries.ts';
import { type Commands, untilStatus } from './commands.ts';
import type { Exhibits } from './exhibits.ts';
import type { LoggedSystem } from './logged-system.ts';
import { aPrivateKeyCredential, behave } from './workfront.ts';

interface Scene {
  system: LoggedSystem;
  people: readonly Person[];
  exhibits: Exhibits;
  ops: Commands;
}

const accepted = z.object({ eventIds: z.array(z.string()) });

const ANSWERS = 'answers to deliveries';

function terminationOf(person: Person, data: object = {}, type = 'employee.terminated'): string {
  const { email, employeeNumber, givenName, familyName, sourceId, customField } = person;
  const employee = { email, employeeNumber, givenName, familyName, sourceId, customFields: { 'DE:HR ID': customField } };
  const effective = type === 'employee.terminated' ? { effective: { immediate: true } } : {};
  return JSON.stringify({ type, data: { employee, ...effective, ...data } });
}

/** Sends deliveries that the receiver accepts, refuses, keeps or greets. */
export async function deliver({ system, people, exhibits }: Scene): Promise<void> {
  const [first, forged, unread, strange] = people;
  if (first === undefined || forged === undefined || unread === undefined || strange === undefined)
    throw new Error('fewer than four people; start with more users');
  const seen = async (what: string, answer: Response, expected: number) => {
    exhibits.add(ANSWERS, what, `${JSON.stringify([...answer.headers])}${await answer.text()}`);
    if (answer.status !== expected) throw new Error(`the delivery "${what}" got ${answer.status} instead of ${expected}; see the receiver`);
  };
  const to = (source: string, body: string, headers: Record<string, string>) =>
    fetch(`${system.webhooks}/${source}`, { method: 'POST', body, headers });
  const secretOf = (source: string) => system.sources[source]?.secret ?? '';
  const signed = (source: keyof typeof SIGN, body: string) => SIGN[source](body, { secret: secretOf(source), at: Date.now() });
  const body = terminationOf(first);
  const broken = terminationOf(unread);

  await seen('accepted', await post(system, body, { id: 'msg_first' }), 202);
  await seen('again', await post(system, body, { id: 'msg_first' }), 202);
  await seen('forged', await post(system, terminationOf(forged), { secret: 'whsec_QUFBQUFBQUFBQUFB' }), 401);
  await seen('by another secret', await to('rippling', `id=${forged.sourceId}`, { authorization: `Bearer ${secretOf('okta')}` }), 401);
  await seen('with another content type', await post(system, broken, { headers: { 'content-type': 'text/plain' } }), 415);
  await seen('not JSON', await post(system, broken.slice(0, -2)), 400);
  await seen('not understood', await post(system, broken.replace('"immediate":true', `"immediate":"${unread.email}"`)), 422);
  await seen('unknown zone', await post(system, terminationOf(unread, { effective: { date: '2026-11-30', timeZone: unread.email } })), 422);
  await seen('too large', await post(system, broken + ' '.repeat(600_000)), 413);
  const employees = JSON.stringify({
    employees: [{ id: [unread.sourceId], changedFields: ['status'], fields: { workEmail: unread.email } }],
  });
  await seen('kept unread', await to('bamboohr', employees, signed('bamboohr', employees)), 200);
  const xml = `<!DOCTYPE x><Envelope>${unread.email}</Envelope>`;
  await seen('refused XML', await to('successfactors', xml, signed('successfactors', xml)), 200);
  await seen(
    'to an unknown source',
    await to(encodeURIComponent(strange.email), broken, { 'x-who': encodeURIComponent(strange.familyName) }),
    404,
  );
  await seen('by GET', await fetch(`${system.webhooks}/hmac?email=${encodeURIComponent(strange.email)}`), 405);
}

/** Lets events take every way: held, released, rejected, scheduled, cancelled, rescinded, refused by Workfront, replayed. */
export async function decide({ system, people, exhibits, ops }: Scene): Promise<void> {
  const [, , , , wrongName, rejected, later, staying, refused, slow] = people;
  if (!wrongName || !rejected || !later || !staying || !refused || !slow) throw new Error('fewer than ten people; start with more users');
  const send = async (id: string, person: Person, { data, type }: { data?: object; type?: string } = {}) => {
    const answer = await post(system, terminationOf(person, data, type), { id });
    if (answer.status !== 202) throw new Error(`${id} got ${answer.status} instead of 202; see the receiver`);
  };
  await askHr({ system, people, exhibits, ops });
  const names = { givenName: 'Nobody', familyName: 'Else' };

  await send('msg_held', { ...wrongName, ...names });
  await send('msg_rejected', { ...rejected, ...names });
  await send('msg_later', later, { data: { effective: { at: '2099-01-01T00:00:00Z' } } });
  await send('msg_staying', staying, { data: { effective: { at: '2099-01-01T00:00:00Z' } } });
  await untilStatus(system, {
    msg_first: 'deactivated',
    msg_held: 'held',
    msg_rejected: 'held',
    msg_later: 'scheduled',
    msg_staying: 'scheduled',
  });
  await send('msg_back', staying, { type: 'employee.termination_rescinded' });
  await send('msg_too_late', people[0] ?? staying, { type: 'employee.termination_rescinded' });
  await ops('CLI output', 'show', 'msg_held');
  await ops('CLI output', 'release', 'msg_held', '--reason', 'the manager confirmed it', '--yes');
  await ops('CLI output', 'reject', 'msg_rejected', '--reason', 'not this one', '--yes', '--json');
  await ops('CLI output', 'cancel', 'msg_later', '--reason', 'postponed', '--yes');

  await behave(system, { refusalsEcho: true, readOnlyCredential: true });
  await send('msg_refused', refused);
  await untilStatus(system, { msg_refused: 'failed', msg_back: 'rescinded', msg_too_late: 'held' });
  await ops('CLI output', 'show', 'msg_refused');
  await behave(system, { readOnlyCredential: false, failNext: ['500', '429', '503-html', '200-error'] });
  await ops('CLI output', 'replay', 'msg_refused', '--reason', 'right given');
  await send('msg_slow', slow);
  await untilStatus(system, { msg_slow: ['deactivated', 'failed'], msg_held: 'deactivated' });
}

/** Sends a thin event, so that the product asks HR, which answers with everything about the person. */
async function askHr({ system, people, exhibits }: Scene): Promise<void> {
  const { url = '', secret = '' } = system.sources.bamboohr ?? {};
  const employeeId = people[12]?.employeeNumber;
  const data = { companyId: '1', employeeId, changedFields: ['status'] };
  const body = JSON.stringify({ type: 'employee.updated', timestamp: '2026-11-24T09:00:00+0000', data });
  const answer = await fetch(url, { method: 'POST', body, headers: SIGN.bamboohr(body, { secret, at: Date.now() }) });
  const text = await answer.text();
  exhibits.add(ANSWERS, 'thin', text);
  const [eventId = ''] = accepted.parse(JSON.parse(text)).eventIds;
  await untilStatus(system, { [eventId]: ['cancelled', 'held', 'failed', 'deactivated'] });
}

/** Sets another credential, sends an invalid message, and lets Workfront refuse the credential or be down. */
export async function breakDown({ system, people, exhibits, ops }: Scene): Promise<void> {
  const person = people[10];
  const last = people[11];
  if (person === undefined || last === undefined) throw new Error('fewer than twelve people; start with more users');
  const secret = await aPrivateKeyCredential(system);
  const stored = await runWithInput(system.dataDir, secret, 'secret', 'set', 'workfront');
  exhibits.add('CLI output', 'secret set workfront', stored.stdout + stored.stderr);
  const refused = await runWithInput(system.dataDir, secret.replace('"userId":"', '"userId":"x'), 'secret', 'set', 'workfront', '--json');
  exhibits.add('CLI output', 'secret set workfront, refused', refused.stdout + refused.stderr);
  const unusable = await runWithInput(system.dataDir, `${system.sources.okta?.secret}!`, 'secret', 'rotate', 'standard-webhooks');
  exhibits.add('CLI output', 'secret rotate, refused', unusable.stdout + unusable.stderr);

  // Only the new credential is good from here on.
  await behave(system, { apiKeys: ['another-key-of-the-fake'] });
  await post(system, terminationOf(person), { id: 'msg_by_token' });
  await untilStatus(system, { msg_by_token: 'deactivated' });

  const { AWS_ENDPOINT_URL_SQS: endpoint = '', LEAVER_QUEUE_URL: QueueUrl = '' } = system.environment();
  const sqs = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: terminationOf(person) }));
  sqs.destroy();
  await ops('CLI output', 'send', 'hmac', '--employee', person.email, '--really', '--yes');
  await ops('CLI output', 'resolve', person.email, '--number', person.employeeNumber, '--family-name', person.familyName);

  await behave(system, { rejectCredential: true });
  await ops('CLI output', 'doctor');
  await post(system, terminationOf(last), { id: 'msg_waits' });
  await untilStatus(system, { msg_waits: 'processing' });
  await behave(system, { rejectCredential: false, down: true });
  await ops('CLI output', 'resolve', last.email);
}
