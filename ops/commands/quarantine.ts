import type { Command } from 'commander';
import * as z from 'zod';
import { intakeQueue } from '../../lambda/aws/queue.ts';
import { sourceSecrets } from '../../lambda/aws/secrets.ts';
import { type KeptDelivery, keptDelivery } from '../../lambda/domain/event/kept-delivery.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { secretsManagerOf, sqsOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings, isLocal } from '../deployment/function-settings.ts';
import { browse, type QueueMessage } from '../queues/queue-messages.ts';
import { becauseOf, judgeKept } from '../queues/reverify.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { json, messageId } from '../terminal/option-values.ts';
import { readArgument, readOptions } from '../terminal/read-options.ts';
import { rowPrinter } from '../terminal/rows.ts';
import { bothTimes } from '../terminal/times.ts';

const listOptions = z.object({ json, body: messageId.optional() });
const reverifyOptions = z.object({ json, all: z.boolean().optional(), dryRun: z.boolean().optional() });

export function addQuarantine(program: Command, session: Session): void {
  const quarantine = program.command('quarantine').description('Deliveries that the receiver did not accept. They are kept for 14 days.');
  addListQuarantine(quarantine, session);
  addReverify(quarantine, session);
}

function addListQuarantine(quarantine: Command, session: Session): void {
  newCommand(quarantine, 'list', {
    what: 'Lists when each delivery was received, which source it names, and why it was not accepted.',
    example: '--local quarantine list',
  })
    .option('--body <id>', 'only the delivery with this id, with its headers and its body as HR sent them: personal data')
    .action(async (raw: unknown) => {
      const { json, body } = readOptions(listOptions, raw);
      const deployment = await session.deployment();
      if (body !== undefined) return showBody(body, { json, session, deployment });

      const rows = rowPrinter<ReturnType<typeof summaryOf>>(
        {
          columns: [{ title: 'received' }, { title: 'source' }, { title: 'why' }, { title: 'id', copied: true }, { title: 'detail' }],
          cells: ({ receivedAt, source, why, id, detail }) => [bothTimes(receivedAt), source, why, id, detail],
          none: 'The quarantine is empty.',
        },
        { json, terminal: session.terminal },
      );
      let count = 0;
      for await (const { message, kept } of deliveriesOf(deployment)) {
        await rows.row(summaryOf(message, kept));
        count += 1;
      }
      await rows.end();
      if (count > 0 && !json)
        session.terminal.say(`After you have fixed the secret or the mapping:\n  ${session.again('quarantine reverify --all --dry-run')}`);
      process.exitCode = count > 0 ? EXIT.attention : EXIT.done;
    });
}

function addReverify(quarantine: Command, session: Session): void {
  newCommand(quarantine, 'reverify', {
    what: 'Verifies and reads deliveries again, with the current secrets and as of the time of receipt. Accepted deliveries go to the worker; the others stay.',
    example: '--local quarantine reverify --all --dry-run',
  })
    .argument('[delivery ids...]')
    .option('--all', 'all deliveries, instead of ids')
    .option('--dry-run', 'only show what would be done')
    .action(async (ids: string[], raw: unknown) => {
      const { json, all, dryRun } = readOptions(reverifyOptions, raw);
      const named = ids.map((value) => readArgument(messageId, { what: 'the delivery id', value }));
      if (named.length === 0 && !all) throw new Usage('no delivery is named; use delivery ids or --all');
      if (named.length > 0 && all) throw new Usage('delivery ids and --all exclude each other; use one of them');
      const refused = await reverify(new Set(named), { json, dryRun, session });
      process.exitCode = refused ? EXIT.attention : EXIT.done;
    });
}

interface Reverified extends ReturnType<typeof summaryOf> {
  did: 'accepted' | 'would accept' | 'accepted in part' | 'would accept in part' | 'stays';
  eventIds: string[];
  because: string;
}

/** @param ids empty: all. @returns whether any delivery stays */
async function reverify(
  ids: ReadonlySet<string>,
  { json, dryRun, session }: { json: boolean | undefined; dryRun: boolean | undefined; session: Session },
): Promise<boolean> {
  const deployment = await session.deployment();
  const { SOURCES: sources } = await functionSettings(deployment);
  const secrets = sourceSecrets({ client: secretsManagerOf(deployment), clock: deployment.clock });
  const queue = intakeQueue({ queueUrl: deployment.places.leaverQueueUrl, client: sqsOf(deployment) });
  const rows = rowPrinter<Reverified>(
    {
      columns: [{ title: 'received' }, { title: 'source' }, { title: 'id', copied: true }, { title: 'did' }, { title: 'events or reason' }],
      cells: ({ receivedAt, source, id, did, eventIds, because }) => [
        bothTimes(receivedAt),
        source,
        id,
        did,
        because || eventIds.join(', '),
      ],
      none: 'The quarantine is empty.',
    },
    { json, terminal: session.terminal },
  );

  const missing = new Set(ids);
  let stays = false;
  for await (const { message, kept } of deliveriesOf(deployment)) {
    if (ids.size > 0 && !missing.delete(message.id)) continue;
    const summary = summaryOf(message, kept);
    const judged = kept === undefined ? { kind: 'refused' as const, why: UNREADABLE } : await judgeKept(kept, { sources, secrets });
    if (judged.kind === 'refused') {
      stays = true;
      await rows.row({ ...summary, did: 'stays', eventIds: [], because: judged.why });
      continue;
    }
    const { arrivals, leftOut } = judged;
    const eventIds = arrivals.map(({ eventId }) => eventId);
    if (!dryRun) {
      // Sends a delivery before it removes it: if it is sent twice, the worker finds the event by its id.
      if (arrivals.length > 0) await queue.sendAll(arrivals);
      if (leftOut.length === 0) await message.remove();
    }
    if (leftOut.length > 0) stays = true;
    const did = dryRun ? 'would accept' : 'accepted';
    await rows.row({ ...summary, did: leftOut.length > 0 ? `${did} in part` : did, eventIds, because: becauseOf(judged) });
  }
  await rows.end();
  if (missing.size > 0)
    throw new PermanentFailure(
      'no-delivery',
      `the quarantine has no delivery ${[...missing].join(', ')}; look up the id with quarantine list`,
    );
  return stays;
}

const UNREADABLE = 'the message is not a delivery that the receiver kept';

async function* deliveriesOf(deployment: Deployment): AsyncGenerator<{ message: QueueMessage; kept: KeptDelivery | undefined }> {
  const { quarantineQueueUrl } = deployment.places;
  for await (const message of browse(sqsOf(deployment), quarantineQueueUrl, { isLocal: isLocal(deployment) }))
    yield { message, kept: readKept(message) };
}

function readKept({ body }: QueueMessage): KeptDelivery | undefined {
  try {
    return parseJson(keptDelivery, body, 'kept delivery');
  } catch {
    return undefined;
  }
}

function summaryOf({ id, sentAt, body, attributes }: QueueMessage, kept: KeptDelivery | undefined) {
  const { source = attributes.source ?? 'unknown', why = 'unknown', receivedAt = sentAt, detail = UNREADABLE, requestId } = kept ?? {};
  const bytes = Buffer.byteLength(kept === undefined ? body : Buffer.from(kept.bodyBase64, 'base64'));
  return { id, source, why, receivedAt, detail, requestId, bytes };
}

async function showBody(
  id: string,
  { json, session, deployment }: { json: boolean | undefined; session: Session; deployment: Deployment },
): Promise<void> {
  for await (const { message, kept } of deliveriesOf(deployment)) {
    if (message.id !== id) continue;
    const headers = kept?.headers ?? {};
    const body = kept === undefined ? message.body : Buffer.from(kept.bodyBase64, 'base64').toString('utf8');
    const { print } = session.terminal;
    if (json) await print(JSON.stringify({ ...summaryOf(message, kept), headers, body }, null, 2));
    else await print([...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body].map(shown).join('\n'));
    process.exitCode = EXIT.done;
    return;
  }
  throw new PermanentFailure('no-delivery', `the quarantine has no delivery ${id}; look up the id with quarantine list`);
}

/** Text as HR sent it, without characters that could control a terminal. */
const shown = (text: string) => text.replace(/[^\P{Cc}\n\t]|\p{Cf}/gu, '\ufffd');
