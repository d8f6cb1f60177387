import type { Command } from 'commander';
import * as z from 'zod';
import { sourceName } from '../../lambda/domain/event/leaver-message.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { noDelivery, type Reverified, reverify, stays } from '../orders/reverify-deliveries.ts';
import { deliveriesOf, dismissDeliveries, isChosen, provenFirst, type Quarantined, summaryOf, WHYS } from '../queues/quarantine.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { confirmed } from '../terminal/confirm.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { sayCommand } from '../terminal/folded.ts';
import { json, messageId, oneOf, reason } from '../terminal/option-values.ts';
import { readArgument, readOptions } from '../terminal/read-options.ts';
import { rowPrinter } from '../terminal/rows.ts';
import { bothTimes } from '../terminal/times.ts';

const listOptions = z.object({ json, body: messageId.optional(), source: z.optional(sourceName), why: oneOf(WHYS).optional() });
const dismissOptions = z.object({
  json,
  reason,
  all: z.boolean().optional(),
  yes: z.boolean().optional(),
  source: z.optional(sourceName),
  why: oneOf(WHYS).optional(),
});
const reverifyOptions = z.object({ json, all: z.boolean().optional(), dryRun: z.boolean().optional() });

export function addQuarantine(program: Command, session: Session): void {
  const quarantine = program.command('quarantine').description('Deliveries that the receiver did not accept. They are kept for 14 days.');
  addListQuarantine(quarantine, session);
  addReverify(quarantine, session);
  addDismiss(quarantine, session);
}

function addListQuarantine(quarantine: Command, session: Session): void {
  newCommand(quarantine, 'list', {
    what: 'Lists when each delivery was received, which source it names, and why it was not accepted: what is proven to be of the source, and could not be read, comes first.',
    example: '--local quarantine list',
  })
    .option('--body <id>', 'only the delivery with this id, with its headers and its body as HR sent them: personal data')
    .option('--source <source>', 'only deliveries that name this source')
    .option('--why <why>', `only deliveries that are here for this reason: ${WHYS.join(', ')}`)
    .action(async (raw: unknown) => {
      const { json, body, ...filter } = readOptions(listOptions, raw);
      const deployment = await session.deployment();
      if (body !== undefined) return showBody(body, { json, session, deployment });

      const rows = rowPrinter<ReturnType<typeof summaryOf>>(
        {
          columns: [
            { title: 'received', copied: true },
            { title: 'source', copied: true },
            { title: 'why' },
            { title: 'id', copied: true },
            { title: 'detail', wraps: true },
          ],
          cells: ({ receivedAt, source, why, id, detail }) => [bothTimes(receivedAt), source, why, id, detail],
          none: 'The quarantine is empty.',
        },
        { json, terminal: session.terminal },
      );
      const listed: ReturnType<typeof summaryOf>[] = [];
      for await (const one of deliveriesOf(deployment)) if (isChosen(one, filter)) listed.push(summaryOf(one));
      for (const one of listed.sort(provenFirst)) await rows.row(one);
      await rows.end();
      if (listed.length > 0 && !json) sayNext(listed, session);
      process.exitCode = listed.length > 0 ? EXIT.attention : EXIT.done;
    });
}

function sayNext([first]: readonly { id: string }[], { terminal, again }: Session): void {
  const ways = [
    ['After you have fixed the secret or the mapping:', 'quarantine reverify --all --dry-run'],
    ['To see one, with its body, which is personal data:', `quarantine list --body ${first?.id}`],
    ['To end what nobody needs:', `quarantine dismiss ${first?.id} --reason "why"`],
  ];
  for (const [when = '', command = ''] of ways) sayCommand({ when, command: again(command) }, terminal);
}

function addDismiss(quarantine: Command, session: Session): void {
  newCommand(quarantine, 'dismiss', {
    what: 'Deletes deliveries that nobody needs, permanently. Records who did it and why, with a digest and never the content.',
    example: '--local quarantine dismiss --all --why signature --reason "a scanner on the internet"',
  })
    .argument('[delivery ids...]')
    .requiredOption('--reason <text>', 'why: kept, nothing personal')
    .option('--all', 'all deliveries that --source and --why choose, instead of ids')
    .option('--source <source>', 'only deliveries that name this source')
    .option('--why <why>', `only deliveries that are here for this reason: ${WHYS.join(', ')}`)
    .option('--yes', 'do not ask')
    .action(async (ids: string[], raw: unknown) => {
      const { json, reason, all, yes, ...filter } = readOptions(dismissOptions, raw);
      const named = namedOrAll(ids, all);
      const deployment = await session.deployment();
      const chosen: Quarantined[] = [];
      for await (const one of deliveriesOf(deployment)) if (isChosen(one, filter) && (all || named.has(one.message.id))) chosen.push(one);
      const proven = chosen.filter(({ kept }) => kept?.why === 'unreadable').length;
      const loss = proven === 0 ? '' : ` ${proven} are proven to be of HR: a leaver in them keeps access.`;
      if (
        chosen.length > 0 &&
        !(await confirmed(`Delete ${chosen.length} deliveries permanently?${loss}`, { yes, terminal: session.terminal }))
      ) {
        process.exitCode = EXIT.failed;
        return;
      }
      await dismissDeliveries(new Set(chosen.map(({ message }) => message.id)), { reason, deployment });
      await session.terminal.print(
        json
          ? JSON.stringify({ dismissed: chosen.map(({ message }) => message.id) })
          : `${chosen.length} deliveries deleted, and recorded.`,
      );
      const missing = [...named].filter((id) => !chosen.some(({ message }) => message.id === id));
      if (missing.length > 0) throw noDelivery(missing);
      process.exitCode = EXIT.done;
    });
}

/** @throws Usage unless there are either ids or --all */
function namedOrAll(ids: readonly string[], all: boolean | undefined): Set<string> {
  const named = ids.map((value) => readArgument(messageId, { what: 'the delivery id', value }));
  if (named.length === 0 && !all) throw new Usage('no delivery is named; use delivery ids or --all');
  if (named.length > 0 && all) throw new Usage('delivery ids and --all exclude each other; use one of them');
  return new Set(named);
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
      const named = namedOrAll(ids, all);
      const rows = rowPrinter<Reverified>(
        {
          columns: ['received', 'source', 'id', 'did', 'events or reason'].map((title) => ({ title, copied: title === 'id' })),
          cells: ({ receivedAt, eventIds, because, ...one }) => [
            ...[bothTimes(receivedAt), one.source, one.id, one.did],
            because || eventIds.join(', '),
          ],
          none: 'The quarantine is empty.',
        },
        { json, terminal: session.terminal },
      );
      let refused = false;
      try {
        for await (const one of reverify(named, { dryRun, deployment: await session.deployment() })) {
          refused ||= stays(one);
          await rows.row(one);
        }
      } finally {
        await rows.end();
      }
      process.exitCode = refused ? EXIT.attention : EXIT.done;
    });
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
    if (json) await print(JSON.stringify({ ...summaryOf({ message, kept }), headers, body }, null, 2));
    else await print([...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body].map(shown).join('\n'));
    process.exitCode = EXIT.done;
    return;
  }
  throw noDelivery([id]);
}

/** Text as HR sent it, without characters that could control a terminal. */
const shown = (text: string) => text.replace(/[^\P{Cc}\n\t]|\p{Cf}/gu, '\ufffd');
