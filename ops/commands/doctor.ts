import type { Command } from 'commander';
import * as z from 'zod';
import { secretReader } from '../../lambda/aws/secrets.ts';
import { type Policy, policy as policySchema } from '../../lambda/domain/policy.ts';
import { checkAdminConsole } from '../checks/admin-console.ts';
import { checkBrought } from '../checks/brought.ts';
import { type Check, checked, green, type Health, red } from '../checks/check.ts';
import { checkClock, checkNode } from '../checks/clock.ts';
import { checkEvents } from '../checks/events.ts';
import { checkLookUps } from '../checks/look-ups.ts';
import { checkQueues } from '../checks/queues.ts';
import { checkRestoredTable } from '../checks/restored-table.ts';
import { checkSecrets } from '../checks/secrets.ts';
import { checkWorkfront } from '../checks/workfront.ts';
import { dynamoOf, kmsOf, schedulerOf, secretsManagerOf, snsOf, sqsOf } from '../deployment/clients.ts';
import { cloudWatch, type Signals } from '../deployment/cloudwatch.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings, isLocal } from '../deployment/function-settings.ts';
import { openWorkfront } from '../deployment/workfront-access.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { folded } from '../terminal/folded.ts';
import { json } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { printable, type Style } from '../terminal/terminal.ts';
import { sentenceOf } from '../terminal/trouble.ts';

export function addDoctor(program: Command, session: Session): void {
  newCommand(program, 'doctor', {
    what: 'Checks everything that a leaver depends on, and shows how to fix what is red. Changes nothing. Exit code 3 if anything is red.',
    example: '--local doctor',
  }).action(async (raw: unknown) => {
    const options = readOptions(z.object({ json }), raw);
    const checks: Check[] = [];
    for await (const check of examine(session)) {
      checks.push(check);
      session.terminal.progress('');
      if (!options.json) for (const line of linesOf(check, session)) await session.terminal.print(line);
      session.terminal.progress('checking ...');
    }
    session.terminal.progress('');
    if (options.json) await session.terminal.print(JSON.stringify(checks, null, 2));
    process.exitCode = checks.some(({ health }) => health === 'red') ? EXIT.attention : EXIT.done;
  });
}

/** Makes one check after the other, and ends after the second if there is no deployment. */
async function* examine(session: Session): AsyncGenerator<Check> {
  yield checkNode(process.versions.node);
  let deployment: Deployment;
  try {
    deployment = await session.deployment();
  } catch (error) {
    if (error instanceof Usage) throw error;
    yield { check: 'deployment', ...red(sentenceOf(error), { fix: 'check --local, --data, --stage, --region, and your AWS identity' }) };
    return;
  }
  yield { check: 'deployment', ...green(`${deployment.name}, ${deployment.places.webhooksUrl}`) };
  yield checkClock({ check: 'webhooks', url: deployment.places.webhooksUrl }, deployment);
  yield* insideOf(deployment, session);
}

async function* insideOf(deployment: Deployment, { again }: Session): AsyncGenerator<Check> {
  const sqs = sqsOf(deployment);
  const signals = isLocal(deployment) ? undefined : cloudWatch(deployment);
  let rules: Policy | undefined;
  yield checked('rules', async () => {
    rules = await deployment.policy();
    if (rules === undefined) return { health: 'unknown', saw: 'you may not read the template, which has the rules' };
    return green(rules.dryRun ? 'dry run: nothing is written to Workfront' : 'deactivates users');
  });
  yield* await groupOf('events', () => checkEvents(deployment, { scheduler: schedulerOf(deployment), again }));
  yield* await groupOf('queues', () => checkQueues(deployment, { client: sqs, signals, again }));
  if (signals !== undefined) yield checked('alarms', async () => alarmsHealth(await signals.ringing()));
  yield* await groupOf('key and topic', () =>
    checkBrought(deployment, { dynamo: dynamoOf(deployment), kms: kmsOf(deployment), sns: snsOf(deployment) }),
  );
  yield* await groupOf('restored ledger', () => checkRestoredTable(deployment, dynamoOf(deployment)));
  yield* await groupOf('settings', async () => {
    const settings = await functionSettings(deployment);
    const { matchKeys } = rules ?? policySchema.parse({});
    const directory = openWorkfront(deployment, { settings, matchKeys });
    return [
      ...(await checkSecrets(deployment, { settings, readSecret: secretReader(secretsManagerOf(deployment)), again })),
      ...(await checkLookUps(deployment, { settings, again })),
      ...(await checkAdminConsole(deployment, { settings, again })),
      await checkClock({ check: 'workfront clock', url: settings.WORKFRONT_BASE_URL }, deployment),
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
  if (ringing.length === 0) return green('none');
  return red(ringing.map(({ name }) => name).join(', '), { fix: ringing.map(({ means }) => means).join('\n') });
}

/** Makes the checks of a group. If none of them can be made, that is one line. */
async function groupOf(name: string, look: () => Promise<Check[]>): Promise<Check[]> {
  let checks: Check[] = [];
  const all = await checked(name, async () => {
    checks = await look();
    return green('');
  });
  return all.health === 'green' ? checks : [all];
}

const STYLES: Record<Check['health'], Style> = { green: 'green', red: 'red', amber: 'yellow', unknown: 'yellow' };

function linesOf(check: Check, { terminal }: Session): string[] {
  const { health, saw } = check;
  const head = `  ${check.check.padEnd(26)}  `;
  const room = { width: terminal.width, hang: health.padEnd(7).length + head.length };
  const [first = '', ...more] = folded(`${health.padEnd(7)}${head}${printable(saw)}`, room);
  const lines = [terminal.style(STYLES[health], first.slice(0, 7)) + first.slice(7), ...more];
  if (check.health !== 'red' && check.health !== 'amber') return lines;
  const fix = check.cure.split('\n').flatMap((one) => folded(`${' '.repeat(room.hang)}${printable(one)}`, room));
  return [...lines, ...fix];
}
