import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCommandLine } from '../../local/command-line.mjs';
import { aPerson, canariesOf, makeSearch } from './canaries.ts';
import { type Commands, commandsOn } from './commands.ts';
import { readFiles, readLeaverQueue, readLedger, readQueues, readSecrets, unexpiring } from './evidence.ts';
import { compare, type Exhibits, makeExhibits, readDocumented } from './exhibits.ts';
import { type LoggedSystem, startLoggedSystem } from './logged-system.ts';
import { breakDown, decide, deliver } from './story.ts';
import { someUsers } from './workfront.ts';

const LEAVERS = 13;

/**
 * Sends people and secrets that occur nowhere else through every path of the local system, looks for them in everything that it
 * prints and writes, and compares the finds with docs/data.md.
 */
readCommandLine({ call: 'npm run test:leaks --', options: {} });
const began = Date.now();
const documented = readDocumented(readFileSync(new URL('../../docs/data.md', import.meta.url), 'utf8'));
const exhibits = makeExhibits();
const system = await startLoggedSystem({ users: 60, policy: {} });
// For the ops commands that this process starts.
process.env.TMPDIR = system.temporaryDir;
const { people, unexpired } = await live(system).finally(() => system.stop());
readLeaverQueue(system, exhibits);
readFiles(system, exhibits);

const canaries = [...people.flatMap(canariesOf), ...readSecrets(system)];
const wrong = [...compare(exhibits.all, documented, makeSearch(canaries)), ...unexpired];
for (const line of wrong) console.log(`WRONG ${line}`);
const [megabytes, seconds] = [exhibits.all.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6, (Date.now() - began) / 1000];
console.log(
  `looked for ${canaries.length} values in ${exhibits.all.length} exhibits of ${documented.size} places, ${megabytes.toFixed(1)} MB, in ${seconds.toFixed(0)} s; ${wrong.length} ${wrong.length === 1 ? 'is' : 'are'} wrong`,
);
process.exitCode = wrong.length > 0 ? 1 : 0;

async function live(started: LoggedSystem) {
  const ops = commandsOn(started, exhibits);
  const users = await someUsers(started, LEAVERS);
  const strangers = [aPerson(), aPerson(), aPerson()];
  const [first, ...others] = users;
  if (first === undefined) throw new Error('the fake Workfront has no users; start it with some');
  const everybody = [first, ...strangers, ...others];
  const scene = { system: started, people: everybody, exhibits, ops };

  await deliver(scene);
  await decide(scene);
  await breakDown(scene);
  await look(ops);
  const rows = await readLedger(started.environment(), exhibits);
  await readQueues(started.environment(), exhibits);
  readOutput(started, exhibits);
  return { people: everybody, unexpired: unexpiring(rows) };
}

/** Runs every command that only reads, and those that show personal data on request. */
async function look(ops: Commands): Promise<void> {
  const out = (name: string) => ['--out', join(system.outDir, name)];
  for (const args of [
    ['status'],
    ['list'],
    ['list', '--json'],
    ['show', 'msg_first'],
    ['show', 'msg_waits', '--json'],
    ['report', '--format', 'csv'],
    ['report', '--format', 'json'],
    ['report', '--format', 'html', ...out('report.html')],
    ['plan', 'release', '--reason', 'rescinded-after-deactivation', '--note', 'x', ...out('plan.json')],
    ['dlq', 'list'],
    ['quarantine', 'list', '--json'],
    ['quarantine', 'reverify', '--all', '--dry-run'],
    ['brake', 'status'],
  ])
    await ops('CLI output', ...args);
  const kept = JSON.parse(await ops('CLI output', 'quarantine', 'list', '--json'));
  const unread = kept.find(({ why, source }: { why: string; source: string }) => why === 'unreadable' && source === 'bamboohr');
  await ops('CLI output of `show --person` and `quarantine list --body`', 'show', 'msg_first', '--person');
  await ops('CLI output of `show --person` and `quarantine list --body`', 'quarantine', 'list', '--body', unread.id);
}

/** Reads logs, metrics and outcome events. A metric is a line of the functions' output, in CloudWatch's embedded metric format. */
function readOutput(started: LoggedSystem, { add }: Exhibits): void {
  const lines = started.output().split('\n');
  const isMetric = (line: string) => line.startsWith('{"_aws"');
  add('metrics', 'of the functions', lines.filter(isMetric).join('\n'));
  add('logs, error output included', 'of the functions', lines.filter((line) => !isMetric(line)).join('\n'));
  add('outcome events', 'on the bus', started.outcomes);
  if (!lines.some(isMetric) || !lines.some((line) => line.includes('event settled')) || started.outcomes.length === 0) {
    throw new Error('logs, metrics or outcome events are empty; then the search proves nothing: see why');
  }
}
