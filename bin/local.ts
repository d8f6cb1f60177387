import { InvalidInput, PermanentFailure, TransientFailure } from '../lambda/domain/failures.ts';
import { directoryFailure, isDiskFull } from '../local/aws/directory-failure.ts';
import { readCommandLine, UsageError } from '../local/command-line.mjs';
import { type LocalStage, ownStage, stageFromFile } from '../local/local-stage.ts';
import type { LocalSystem } from '../local/local-system.ts';
import { START } from '../local/options.mjs';
import { readPolicy } from '../local/read-policy.ts';

/** `npm start`: the whole product on this machine. */
const {
  port,
  workfrontPort,
  data,
  users,
  policy,
  stages,
  stage: stageName,
  hasAdminConsole,
  demo,
  json,
} = readCommandLine({
  ...START,
  check: ({ 'workfront-port': workfrontPort, 'admin-console': hasAdminConsole, 'no-demo': noDemo, policy, ...values }) => {
    if (values.stages !== '' && values.stage === '') throw new UsageError('--stages has no stage; add --stage NAME');
    if (values.stage !== '' && policy !== '{}')
      throw new UsageError('--policy and --stage exclude each other; write the rules into the stage');
    if (values.stage !== '' && hasAdminConsole)
      throw new UsageError('--admin-console and --stage exclude each other; write adminConsole into the stage');
    return { ...values, workfrontPort, hasAdminConsole, demo: !noDemo && values.stage === '', policy: readPolicy(policy) };
  },
});
const say = json ? () => undefined : (line: string) => console.log(line);
const complain = (error: unknown) => console.error(sentenceOf(error));

// The functions log JSON for machines. Only errors are shown here, because a person reads.
process.env.POWERTOOLS_LOG_LEVEL ??= json ? 'SILENT' : 'CRITICAL';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';

// Loaded only now, so that a wrong option is reported at once.
const { API_VERSION, startLocalSystem } = await import('../local/local-system.ts');
const { sendDemo } = await import('../local/demo.ts');

// Some stand-ins throw outside of a call if the disk is full. Nothing is lost: the next start goes on with everything that was accepted.
process.once('uncaughtException', (error) => {
  console.error(isDiskFull(error) ? directoryFailure(data, error).message : error);
  process.exit(1);
});
const system = await start(stageName === '' ? ownStage(policy, { hasAdminConsole }) : await chosenStage());
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(system));
if (json) console.log(JSON.stringify(ready(system)));
greet(system);
if (demo) await sendDemo(system, say);
if (stageName === '') explain(system);
else explainStage(system);

/** Loaded only if it is asked for: the schema of a stage takes a while. */
async function chosenStage(): Promise<LocalStage> {
  const { findStageSettings } = await import('../lib/read-stage.ts');
  try {
    const { stage } = await findStageSettings({ name: stageName, file: stages === '' ? undefined : stages });
    return stageFromFile(stage);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    console.error(error.message);
    process.exit(2);
  }
}

async function start(stage: LocalStage): Promise<LocalSystem> {
  try {
    return await startLocalSystem({ port, workfrontPort, dataDir: data, users, stage, onError: complain });
  } catch (error) {
    complain(error);
    process.exit(1);
  }
}

async function stop({ close }: LocalSystem): Promise<void> {
  await close();
  process.exit(0);
}

/** A failure of ours explains itself; any other error needs its name too. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof PermanentFailure || error instanceof TransientFailure ? error.message : `${error.name}: ${error.message}`;
}

function ready({ webhooks, workfront, hr, adminConsole, apiKey, sources }: LocalSystem) {
  return { ready: true, webhooks, workfront: workfront.url, hr, adminConsole, apiVersion: API_VERSION, apiKey, sources };
}

function greet({ webhooks, workfront, hr, adminConsole }: LocalSystem): void {
  const console = adminConsole === undefined ? '' : `\n  Console    ${adminConsole}  (a stand-in for the Adobe Admin Console)`;
  say(`
Workfront offboarding, on this machine only

  webhooks   ${webhooks}/<source>
  Workfront  ${workfront.url}  (a stand-in with ${users} users)
  HR         ${hr}  (a stand-in for the HR systems that the product asks)${console}
  data       ${data}
`);
}

function explain({ sources }: LocalSystem): void {
  const hmac = sources.hmac;
  if (hmac === undefined) return;
  say(`
To send another termination, put an e-mail address into BODY, or try one that nobody has:

  BODY='{"type":"employee.terminated","data":{"employee":{"email":"nobody@acme.test"},"effective":{"immediate":true}}}'
  SIGNATURE=$(printf %s "$BODY" | openssl dgst -sha256 -hmac ${hmac.secret} | sed 's/^.* //')
  curl -i ${hmac.url} -H 'Content-Type: application/json' -H "X-Hub-Signature-256: sha256=$SIGNATURE" -d "$BODY"

To list all events, in another terminal:  npm run ops -- --local${data === '.local' ? '' : ` --data ${data}`} list
Stop with Ctrl-C; everything that was accepted stays in ${data}.
`);
}

function explainStage({ sources }: LocalSystem): void {
  const where = `--local${data === '.local' ? '' : ` --data ${data}`}`;
  const lines = Object.entries(sources).map(([name, { url, scheme, secret }]) => `  ${name}\n    ${url}\n    ${scheme}, secret ${secret}`);
  say(`The sources of stage ${stageName}, each with a secret of this machine:

${lines.join('\n')}

To see what a delivery means, without sending it:  npm run ops -- ${where} try ${Object.keys(sources)[0]} --body FILE
To send a signed test, in another terminal:        npm run ops -- ${where} send ${Object.keys(sources)[0]}
To send a delivery of yours, signed, such as the one on its page: add --body FILE --really to that
To list all events:                                npm run ops -- ${where} list
Stop with Ctrl-C; everything that was accepted stays in ${data}.
`);
}
