import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { sourceSecrets } from '../../lambda/aws/secrets.ts';
import type { EventRef } from '../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { SECOND } from '../../lambda/domain/time/time.ts';
import { readDelivery } from '../../lambda/handlers/read-delivery.ts';
import { type SourceConfig, schemeOf, sourceOf } from '../../lambda/sources/systems/registry.ts';
import { secretsManagerOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { needsPerson } from '../events/filter.ts';
import { storyOf } from '../events/story.ts';
import { summary } from '../events/summary.ts';
import { configOf, readSourceName } from '../send/known-source.ts';
import { bodyWithProof, sign } from '../send/sign.ts';
import { TEST_DOMAIN, TEST_ID, testBody } from '../send/test-delivery.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { confirmed } from '../terminal/confirm.ts';
import { EXIT, type ExitCode, Usage } from '../terminal/exit-code.ts';
import { DEFAULT_WAIT, json, wait } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { printable } from '../terminal/terminal.ts';

const sendOptions = z.object({
  json,
  employee: z.email('an e-mail address such as ana@acme.test').optional(),
  really: z.boolean().optional(),
  yes: z.boolean().optional(),
  wait,
});

/** How long the endpoint may take; the limit of API Gateway is 29 s. */
const ANSWER_WITHIN = 30 * SECOND;

export function addSend(program: Command, session: Session): void {
  newCommand(program, 'send', {
    what:
      "Sends a signed termination through the source's real endpoint and follows it to its outcome. By default it names an " +
      'address that nobody can have, and ends as no-account.',
    example: '--local send standard-webhooks',
  })
    .argument('<source>')
    .option('--employee <email>', 'terminate this person; only with --really')
    .option('--really', 'a real termination: this person is deactivated')
    .option('--yes', 'do not ask')
    .option('--wait <seconds>', 'how long to follow the event, 0 to 3600', String(DEFAULT_WAIT))
    .action(async (argument: string, raw: unknown) => {
      const { json, employee, really, yes, wait } = readOptions(sendOptions, raw);
      const name = readSourceName(argument);
      if (employee !== undefined && !really) throw new Usage('--employee is for a real termination only; add --really, or leave it out');
      if (really && employee === undefined) throw new Usage('--really needs the person who leaves; add --employee');
      const deployment = await session.deployment();
      const { SOURCES: sources } = await functionSettings(deployment);
      const config = configOf(name, sources);
      const question = `Terminate ${employee} on ${deployment.name} at once, as if ${name} had sent it?`;
      if (employee !== undefined && !(await confirmed(question, { yes, terminal: session.terminal }))) {
        process.exitCode = EXIT.failed;
        return;
      }

      const sent = await post({ name, config, employee }, deployment);
      session.terminal.progress(`accepted as event ${sent.eventId}`);
      const entry = await follow({ source: name, eventId: sent.eventId }, { deployment, seconds: wait });
      session.terminal.progress('');
      if (json) await session.terminal.print(JSON.stringify({ ...sent, source: name, entry: entry && summary(entry) }, null, 2));
      else await printOutcome({ ...sent, entry }, session);
      process.exitCode = exitOf(entry, employee === undefined);
    });
}

/** Posts a test delivery. @throws PermanentFailure `not-accepted` with the answer of the endpoint; what reading the secret throws */
async function post(
  { name, config, employee }: { name: string; config: SourceConfig; employee: string | undefined },
  deployment: Deployment,
) {
  const { clock, places } = deployment;
  const testId = `${employee === undefined ? TEST_ID : 'ops-sent-'}${crypto.randomUUID()}`;
  const leaver = {
    testId,
    email: employee ?? `${testId}@${TEST_DOMAIN}`,
    nobody: employee === undefined ? testId : undefined,
    now: clock(),
  };
  const written = testBody(config.system, leaver, await deployment.policy());
  const [secret = ''] = await sourceSecrets({ client: secretsManagerOf(deployment), clock }).read(config.secretId);
  const scheme = schemeOf(config);
  const body = bodyWithProof(scheme, written.body, secret);
  const headers = { 'content-type': written.contentType, ...sign(scheme, { body, id: testId, now: clock() }, secret) };
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
async function follow(
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

async function printOutcome(
  { status, eventId, entry }: { status: number; eventId: string; entry: LedgerEntry | undefined },
  { terminal, again }: Session,
): Promise<void> {
  await terminal.print(`The endpoint answered ${status}.`);
  if (entry === undefined) await terminal.print(`The worker has not begun event ${eventId} yet. To see why:\n  ${again('doctor')}`);
  else for (const { text } of storyOf(entry, { person: false, again })) await terminal.print(printable(text));
}

function exitOf(entry: LedgerEntry | undefined, expectsNobody: boolean): ExitCode {
  if (entry === undefined || isMoving(entry)) return EXIT.failed;
  if (needsPerson(entry.status)) return EXIT.attention;
  return !expectsNobody || entry.status === 'no-account' ? EXIT.done : EXIT.failed;
}

const isMoving = ({ status }: LedgerEntry): boolean => status === 'received' || status === 'processing';
