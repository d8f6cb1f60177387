import { parseArgs } from 'node:util';
import * as z from 'zod';
import { parse, parseJson } from '../lambda/domain/parse.ts';
import { policy as policySchema } from '../lambda/domain/policy.ts';
import { sendDemo } from '../local/demo.ts';
import { API_VERSION, type LocalSystem, startLocalSystem } from '../local/local-system.ts';

const USAGE = `npm start -- [options]
  --port N            port of the webhooks, 0 for any (default 8787)
  --workfront-port N  port of the stand-in for Workfront, 0 for any (default 8788)
  --data DIR          where queue, ledger and secrets are kept (default .local)
  --users N           users in the stand-in for Workfront (default 1000)
  --policy JSON       rules other than the defaults, such as '{"dryRun":true}' or '{"brake":{"perHour":100}}'
  --no-demo           do not send the example
  --json              print one line of JSON when ready, and nothing else`;

const port = z.coerce.number('a port from 0 to 65535').int().min(0).max(65_535);
const options = z.strictObject({
  port: port.default(8787),
  'workfront-port': port.default(8788),
  data: z.string().min(1).default('.local'),
  users: z.coerce.number('a number of users').int().min(2).max(1_000_000).default(1000),
  policy: z
    .string()
    .default('{}')
    .transform((text) => parseJson(policySchema, text, '--policy')),
  demo: z.boolean().default(true),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

const { port: webhooksPort, 'workfront-port': workfrontPort, data, users, policy, demo, json, help } = readOptions();
if (help) {
  console.log(USAGE);
  process.exit(0);
}
const say = json ? () => undefined : (line: string) => console.log(line);
const complain = (error: unknown) => console.error(error instanceof Error ? `${error.name}: ${error.message}` : String(error));

// The functions log JSON for machines; here a person reads, so only trouble is shown.
process.env.POWERTOOLS_LOG_LEVEL ??= json ? 'SILENT' : 'CRITICAL';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';

const system = await start();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(system));
if (json) console.log(JSON.stringify(ready(system)));
greet(system);
if (demo) await sendDemo(system, say);
explain(system);

function readOptions(): z.infer<typeof options> {
  try {
    const { values } = parseArgs({
      allowNegative: true,
      options: {
        port: { type: 'string' },
        'workfront-port': { type: 'string' },
        data: { type: 'string' },
        users: { type: 'string' },
        policy: { type: 'string' },
        demo: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    return parse(options, values, 'options');
  } catch (error) {
    complain(error);
    console.error(USAGE);
    process.exit(2);
  }
}

async function start(): Promise<LocalSystem> {
  try {
    return await startLocalSystem({ port: webhooksPort, workfrontPort, dataDir: data, users, policy, onError: complain });
  } catch (error) {
    complain(error);
    process.exit(1);
  }
}

async function stop({ close }: LocalSystem): Promise<void> {
  await close();
  process.exit(0);
}

function ready({ webhooks, workfront, hr, apiKey, sources }: LocalSystem) {
  return { ready: true, webhooks, workfront: workfront.url, hr, apiVersion: API_VERSION, apiKey, sources };
}

function greet({ webhooks, workfront, hr }: LocalSystem): void {
  say(`
Workfront offboarding, on this machine alone

  webhooks   ${webhooks}/<source>
  Workfront  ${workfront.url}  (a stand-in with ${users} users)
  HR         ${hr}  (a stand-in for the HR systems that are asked)
  data       ${data}
`);
}

function explain({ sources }: LocalSystem): void {
  const hmac = sources.hmac;
  if (hmac === undefined) return;
  say(`
Send another: put in an address, or leave one that nobody has

  BODY='{"type":"employee.terminated","data":{"employee":{"email":"nobody@acme.test"},"effective":{"immediate":true}}}'
  SIGNATURE=$(printf %s "$BODY" | openssl dgst -sha256 -hmac ${hmac.secret} | sed 's/^.* //')
  curl -i ${hmac.url} -H 'Content-Type: application/json' -H "X-Hub-Signature-256: sha256=$SIGNATURE" -d "$BODY"

See what became of it (in another terminal):  npm run ops -- --local${data === '.local' ? '' : ` --data ${data}`} list
Stop with Ctrl-C; all that was accepted is kept in ${data}.
`);
}
