#!/usr/bin/env node
import { Command } from 'commander';
import { openDeployment, type Where } from '../ops/deployment.ts';
import { type ListFilter, listEvents, summary } from '../ops/list.ts';

const program = new Command('ops')
  .description('Sees what became of every leaver, and acts on what waits for a person.')
  .option('--local', 'the system that npm start runs on this machine')
  .option('--data <dir>', 'its data directory', '.local')
  .configureHelp({ showGlobalOptions: true });

program
  .command('list')
  .description('events, newest first')
  .option('--status <status>', 'only events of this status')
  .option('--source <source>', 'only events of this source')
  .option('--reason <reason>', 'only events held, failed or cancelled for this reason')
  .option('--since <instant>', 'received at or after, RFC 3339')
  .option('--until <instant>', 'received at or before, RFC 3339')
  .option('--json', 'a JSON array')
  .action(async (filter: ListFilter & { json?: boolean }) => {
    const { json } = filter;
    const print = json ? printArray() : printLines();
    for await (const entry of listEvents(openDeployment(program.opts<Where>()), filter)) print.one(entry);
    print.end();
  });

program
  .command('show')
  .description('the whole story of one event')
  .argument('<event id>')
  .option('--json', 'JSON')
  .action(async (eventId: string, { json }: { json?: boolean }) => {
    const found = await openDeployment(program.opts<Where>()).ledger.byEventId(eventId);
    const [entry] = found;
    if (entry === undefined)
      return program.error(`no event ${eventId} in the ledger: npm run ops -- --local list shows those there are`, { exitCode: 1 });
    if (json) return console.log(JSON.stringify(summary(entry), null, 2));
    console.log(`${entry.eventId}  of ${entry.source}  is ${entry.status}${entry.reason ? ` (${entry.reason})` : ''}`);
    for (const { at, to, by, why } of entry.history) console.log(`  ${at}  ${to.padEnd(16)}  ${why}  (${by})`);
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

function printArray() {
  let opened = false;
  return {
    one: (entry: Parameters<typeof summary>[0]) => {
      process.stdout.write(`${opened ? ',\n' : '[\n'}${JSON.stringify(summary(entry))}`);
      opened = true;
    },
    end: () => console.log(opened ? '\n]' : '[]'),
  };
}

function printLines() {
  return {
    one: ({ receivedAt, status, reason, source, eventId }: Parameters<typeof summary>[0]) =>
      console.log([receivedAt, status.padEnd(16), (reason ?? '').padEnd(18), source.padEnd(18), eventId].join('  ')),
    end: () => undefined,
  };
}
