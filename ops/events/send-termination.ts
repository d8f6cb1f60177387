import { setTimeout as sleep } from 'node:timers/promises';
import { sourceSecrets } from '../../lambda/aws/secrets.ts';
import type { EventRef } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { SECOND } from '../../lambda/domain/time/time.ts';
import { readDelivery } from '../../lambda/handlers/read-delivery.ts';
import { type SourceConfig, schemeOf, sourceOf } from '../../lambda/sources/systems/registry.ts';
import { secretsManagerOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { bodyWithProof, sign } from '../send/sign.ts';
import { TEST_DOMAIN, type TestBody, testBody } from '../send/test-delivery.ts';
import { printable } from '../terminal/terminal.ts';

/** How long the endpoint may take; the limit of API Gateway is 29 s. */
const ANSWER_WITHIN = 30 * SECOND;

/**
 * Posts a signed termination to the source's real endpoint.
 *
 * @param testId unique for each delivery
 * @param employee the person that it names; undefined: an address that nobody can have
 * @param written a delivery of the operator's own, sent in place of one that we write
 * @throws PermanentFailure `not-accepted` with the answer of the endpoint; what reading the secret throws
 */
export async function sendTermination(
  {
    name,
    config,
    testId,
    employee,
    written,
  }: { name: string; config: SourceConfig; testId: string; employee: string | undefined; written?: TestBody | undefined },
  deployment: Deployment,
) {
  const { clock, places } = deployment;
  const leaver = {
    testId,
    email: employee ?? `${testId}@${TEST_DOMAIN}`,
    nobody: employee === undefined ? testId : undefined,
    now: clock(),
  };
  const { body: unproven, contentType } = written ?? testBody(config.system, leaver, await deployment.policy());
  const [secret = ''] = await sourceSecrets({ client: secretsManagerOf(deployment), clock }).read(config.secretId);
  const scheme = schemeOf(config);
  const body = bodyWithProof(scheme, unproven, secret);
  const headers = { 'content-type': contentType, ...sign(scheme, { body, id: testId, now: clock() }, secret) };
  const eventId = await eventIdOf({ name, config, body, headers, secret, now: clock() });

  const response = await fetch(`${places.webhooksUrl}/${name}`, {
    method: 'POST',
    body,
    headers,
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  });
  if (!response.ok)
    throw new PermanentFailure(
      'not-accepted',
      `the endpoint answered ${response.status}: ${printable((await response.text()).slice(0, 500))}`,
    );
  return { status: response.status, eventId };
}

/** The event id that the receiver will find, by the receiver's own code. */
async function eventIdOf(sent: {
  name: string;
  config: SourceConfig;
  body: string;
  headers: Record<string, string>;
  secret: string;
  now: number;
}): Promise<string> {
  const source = sourceOf(sent.name, sent.config);
  const named = Object.entries(sent.headers).map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const delivery = { headers: new Map(named), body: Buffer.from(sent.body) };
  const verdict = source.verify(delivery, [sent.secret], sent.now);
  if (verdict.kind !== 'genuine')
    throw new PermanentFailure(
      'secret-unusable',
      `the secret of ${sent.name} is not a valid key for its scheme; set it again with secret set ${sent.name} --replace`,
    );
  const read = await readDelivery(delivery, { source, signedId: verdict.signedId });
  if ('reason' in read)
    throw new PermanentFailure(
      'not-understood',
      `${sent.name} would not understand the test: ${read.detail}; let the HR system send its own test`,
    );
  const [event] = read.events;
  if (event === undefined)
    throw new PermanentFailure(
      'ignored',
      `the settings of ${sent.name} ignore this kind of event, so no test is possible; let the HR system send its own test`,
    );
  return event.eventId;
}

/** Waits for the outcome. @returns the entry as it was last read; undefined if the worker has not begun */
export async function followEvent(
  ref: EventRef,
  { deployment, seconds }: { deployment: Deployment; seconds: number },
): Promise<LedgerEntry | undefined> {
  const { ledger, clock } = deployment;
  for (const deadline = clock() + seconds * SECOND; ; await sleep(200)) {
    const entry = await ledger.readEntry(ref);
    if (entry !== undefined && !isMoving(entry)) return entry;
    if (clock() >= deadline) return entry;
  }
}

export const isMoving = ({ status }: LedgerEntry): boolean => status === 'received' || status === 'processing';
