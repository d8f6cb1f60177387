import type { Command } from 'commander';
import * as z from 'zod';
import { secretReader } from '../../lambda/aws/secrets.ts';
import { type Policy, policy as policySchema } from '../../lambda/domain/policy.ts';
import { type Check, checked, green, type Health, red } from '../checks/check.ts';
import { checkClock, checkNode } from '../checks/clock.ts';
import { checkEvents } from '../checks/events.ts';
import { checkLookUps } from '../checks/look-ups.ts';
import { checkQueues } from '../checks/queues.ts';
import { checkSecrets } from '../checks/secrets.ts';
import { checkWorkfront } from '../checks/workfront.ts';
import { schedulerOf, secretsManagerOf, sqsOf } from '../deployment/clients.ts';
import { cloudWatch, type Signals } from '../deployment/cloudwatch.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings, isLocal } from '../deployment/function-settings.ts';
import { openWorkfront } from '../deployment/workfront-access.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { folded } from '../terminal/folded.ts';
import { printable, type Style } from '../terminal/terminal.ts';
import { sentenceOf } from '../terminal/trouble.ts';

const doctorOptions = z.object({ json: z.boolean().optional() });

export function addDoctor(program: Command, session: Session): void {
  newCommand(program, 'doctor', {
    what: 'Looks at everything that a leaver depends on, changes nothing, and says how to cure what is red. Ends with 3 where anything is.',
    example: '--local doctor',
  }).action(async (raw: unknown) => {
    const { json } = readOptions(doctorOptions, raw);
    const checks: Check[] = [];
    for await (const check of examine(session)) {
      checks.push(check);
      session.terminal.progress('');
      if (!json) for (const line of linesOf(check, session)) await session.terminal.print(line);
      session.terminal.progress('looking ...');
    }
    session.terminal.progress('');
    if (json) await session.terminal.print(JSON.stringify(checks, null, 2));
    process.exitCode = checks.some(({ health }) => health === 'red') ? EXIT.attention : EXIT.done;
  });
}

/** One check after the other; without a deployment there is nothing more to look at. */
async function* examine(session: Session): AsyncGenerator<Check> {
  yield checkNode(process.versions.node);
  let deployment: Deployment;
  try {
    deployment = await session.deployment();
  } catch (error) {
    if (error instanceof Usage) throw error;
    yield { check: 'deployment', ...red(sentenceOf(error), 'check --local, --data, --stage, --region, and who you are for AWS') };
    return;
  }
  yield { check: 'deployment', ...green(`${deployment.name}, ${deployment.places.webhooksUrl}`) };
  yield checkClock('webhooks', deployment.places.webhooksUrl, deployment);
  yield* insideOf(deployment, session);
}

async function* insideOf(deployment: Deployment, { again }: Session): AsyncGenerator<Check> {
  const sqs = sqsOf(deployment);
  const signals = isLocal(deployment) ? undefined : cloudWatch(deployment);
  let rules: Policy | undefined;
  yield checked('rules', async () => {
    rules = await deployment.policy();
    if (rules === undefined) return { health: 'unknown', saw: 'you may not read the template' };
    return green(rules.dryRun ? 'dry run: nothing is written to Workfront' : 'deactivates');
  });
  yield* await groupOf('events', () => checkEvents(deployment, { scheduler: schedulerOf(deployment), again }));
  yield* await groupOf('queues', () => checkQueues(deployment, { client: sqs, signals, again }));
  if (signals !== undefined) yield checked('alarms', async () => alarmsHealth(await signals.ringing()));
  yield* await groupOf('settings', async () => {
    const settings = await functionSettings(deployment);
    const { matchKeys } = rules ?? policySchema.parse({});
    const directory = openWorkfront(deployment, { settings, matchKeys });
    return [
      ...(await checkSecrets(deployment, { settings, readSecret: secretReader(secretsManagerOf(deployment)), again })),
      ...(await checkLookUps(deployment, { settings, again })),
      await checkClock('workfront clock', settings.WORKFRONT_BASE_URL, deployment),
      ...(await checkWorkfront(deployment, {
        directory,
        policy: rules,
        apiVersion: settings.WORKFRONT_API_VERSION,
        baseUrl: settings.WORKFRONT_BASE_URL,
        again,
      })),
    ];
  });
}

function alarmsHealth(ringing: Awaited<ReturnType<Signals['ringing']>>): Health {
  if (ringing.length === 0) return green('none rings');
  return red(ringing.map(({ name }) => name).join(', '), ringing.map(({ means }) => means).join('\n'));
}

/** Where a whole group cannot be looked at, that is one line. */
async function groupOf(name: string, look: () => Promise<Check[]>): Promise<Check[]> {
  let checks: Check[] = [];
  const all = await checked(name, async () => {
    checks = await look();
    return green('');
  });
  return all.health === 'green' ? checks : [all];
}

const STYLES: Record<Check['health'], Style> = { green: 'green', red: 'red', unknown: 'yellow' };

function linesOf(check: Check, { terminal }: Session): string[] {
  const { health, saw } = check;
  const head = `  ${check.check.padEnd(26)}  `;
  const room = { width: terminal.width, hang: health.padEnd(7).length + head.length };
  const [first = '', ...more] = folded(`${health.padEnd(7)}${head}${printable(saw)}`, room);
  const lines = [terminal.style(STYLES[health], first.slice(0, 7)) + first.slice(7), ...more];
  if (check.health !== 'red') return lines;
  const cure = check.cure.split('\n').flatMap((one) => folded(`${' '.repeat(room.hang)}${printable(one)}`, room));
  return [...lines, ...cure];
}
