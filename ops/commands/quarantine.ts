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
import { judgeKept } from '../queues/reverify.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { rowPrinter } from '../terminal/rows.ts';
import { bothTimes } from '../terminal/times.ts';

const listOptions = z.object({ json: z.boolean().optional(), body: z.string().optional() });
const reverifyOptions = z.object({ json: z.boolean().optional(), all: z.boolean().optional(), dryRun: z.boolean().optional() });

export function addQuarantine(program: Command, session: Session): void {
  const quarantine = program.command('quarantine').description('Deliveries that were not accepted, kept for 14 days.');
  addListQuarantine(quarantine, session);
  addReverify(quarantine, session);
}

function addListQuarantine(quarantine: Command, session: Session): void {
  newCommand(quarantine, 'list', {
    what: 'Lists whose each delivery says it is, when it came and why it was not accepted.',
    example: '--local quarantine list',
  })
    .option('--body <id>', 'only this one, with the headers that prove it and its body as it came: personal data')
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
        session.terminal.say(`Once secret or mapping is mended:\n  ${session.again('quarantine reverify --all --dry-run')}`);
      process.exitCode = count > 0 ? EXIT.attention : EXIT.done;
    });
}

function addReverify(quarantine: Command, session: Session): void {
  newCommand(quarantine, 'reverify', {
    what: 'Has deliveries verified and read again, with the secrets there are now as of the time of receipt. What is accepted goes on to the worker; the rest stays.',
    example: '--local quarantine reverify --all --dry-run',
  })
    .argument('[ids...]')
    .option('--all', 'all of them, instead of ids')
    .option('--dry-run', 'only show what would become of them')
    .action(async (ids: string[], raw: unknown) => {
      const { json, all, dryRun } = readOptions(reverifyOptions, raw);
      if (ids.length > 0 === (all === true)) throw new Usage('expected ids or --all, one of the two');
      const refused = await reverify(new Set(ids), { json, dryRun, session });
      process.exitCode = refused ? EXIT.attention : EXIT.done;
    });
}

interface Reverified extends ReturnType<typeof summaryOf> {
  did: 'accepted' | 'would accept' | 'stays';
  eventIds: string[];
  because: string;
}

/** @param ids none: all. @returns whether any stays */
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
    const eventIds = judged.arrivals.map(({ eventId }) => eventId);
    if (!dryRun) {
      // sent before it is removed: a second time it is a duplicate, known by its event id
      if (judged.arrivals.length > 0) await queue.sendAll(judged.arrivals);
      await message.remove();
    }
    const because = eventIds.length === 0 ? `${judged.ignored} items of types that are not ours` : '';
    await rows.row({ ...summary, did: dryRun ? 'would accept' : 'accepted', eventIds, because });
  }
  await rows.end();
  if (missing.size > 0) throw new PermanentFailure('no-delivery', `not in the quarantine: ${[...missing].join(', ')}`);
  return stays;
}

const UNREADABLE = 'it is no delivery as the receiver keeps them';

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
  throw new PermanentFailure('no-delivery', `not in the quarantine: ${id}`);
}

/** As it came, but for what could steer a terminal. */
const shown = (text: string) => text.replace(/[^\P{Cc}\n\t]|\p{Cf}/gu, '\ufffd');
