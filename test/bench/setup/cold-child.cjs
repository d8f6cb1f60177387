// Makes one cold start in a process of its own: loads the modules that Lambda's runtime client requires, then the bundle, then handles
// some events. Plain CommonJS, because stripping types would count too. Arguments: the bundle, a file with the events, a file for the
// results, and the number of events that belong to the start.
// aws-lambda-nodejs-runtime-interface-client 3.3.0 requires these.
for (const name of ['util', 'fs', 'path', 'assert', 'net', 'http', 'stream']) require(`node:${name}`);
const { readFileSync, writeFileSync } = require('node:fs');
const { pathToFileURL } = require('node:url');

const [bundle, eventsFile, seenFile, warmAfter] = process.argv.slice(2);
const context = { awsRequestId: 'cold-1', functionName: 'cold', getRemainingTimeInMillis: () => 25_000 };
const now = () => performance.timeOrigin + performance.now();

/** The CPU time of all threads so far. */
function spentMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Not `maxRSS`: a child of a large process begins with the value of its parent. */
function peakMegabytes() {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kilobytes) / 1024;
}

/** Node.js loads its own HTTP client with `fetch` and `WebSocket`, even for a look at the latter. */
const startedUndici = () => process.moduleLoadList.some((name) => name.endsWith('internal/deps/undici/undici'));

async function main() {
  const began = performance.now();
  const { handler } = bundle.endsWith('.mjs') ? await import(pathToFileURL(bundle).href) : require(bundle);
  const loadMs = performance.now() - began;
  const readyAt = now();
  const cpuMs = spentMs();
  const answers = [];
  const events = JSON.parse(readFileSync(eventsFile, 'utf8'));
  for (const event of events.splice(0, Number(warmAfter))) answers.push(await handler(event, context));
  const answeredAt = now();
  const before = spentMs();
  for (const event of events) answers.push(await handler(event, context));
  const warm = { warmMs: now() - answeredAt, warmCpuMs: spentMs() - before };
  const seen = { loadMs, readyAt, cpuMs, answeredAt, ...warm, answers, megabytes: peakMegabytes(), startedUndici: startedUndici() };
  writeFileSync(seenFile, JSON.stringify(seen));
  process.exit(0);
}

main();
