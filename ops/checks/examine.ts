import { secretReader } from '../../lambda/aws/secrets.ts';
import { type Policy, policy as policySchema } from '../../lambda/domain/policy.ts';
import { dynamoOf, kmsOf, schedulerOf, secretsManagerOf, snsOf, sqsOf } from '../deployment/clients.ts';
import { cloudWatch, type Signals } from '../deployment/cloudwatch.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings, isLocal } from '../deployment/function-settings.ts';
import { openWorkfront } from '../deployment/workfront-access.ts';
import type { Session } from '../session.ts';
import { Usage } from '../terminal/exit-code.ts';
import { sentenceOf } from '../terminal/trouble.ts';
import { checkAdminConsole } from './admin-console.ts';
import { checkBrought } from './brought.ts';
import { type Check, checked, green, type Health, red } from './check.ts';
import { checkClock, checkNode } from './clock.ts';
import { checkEvents } from './events.ts';
import { checkLookUps } from './look-ups.ts';
import { checkQueues } from './queues.ts';
import { checkRestoredTable } from './restored-table.ts';
import { checkSecrets } from './secrets.ts';
import { checkWorkfront } from './workfront.ts';

/** Looks at everything that a leaver depends on: makes one check after the other, and ends after the second if there is no deployment. */
export async function* examine(session: Pick<Session, 'deployment' | 'again'>): AsyncGenerator<Check> {
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

async function* insideOf(deployment: Deployment, { again }: Pick<Session, 'again'>): AsyncGenerator<Check> {
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
