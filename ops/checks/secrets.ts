import { type secretReader, sourceSecrets } from '../../lambda/aws/secrets.ts';
import { type SourceConfig, schemeOf } from '../../lambda/sources/systems/registry.ts';
import { keyDaysLeft } from '../../lambda/workfront/key-age.ts';
import { parseSecret } from '../../lambda/workfront/workfront-secret.ts';
import { secretsManagerOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { FunctionSettings } from '../deployment/function-settings.ts';
import { whyUnusable } from '../secrets/source-secret.ts';
import { type Check, checked, green, type Health, red } from './check.ts';

/** How long before a key expires the check is red. */
const WARN_DAYS = 7;

interface Reading {
  settings: FunctionSettings;
  readSecret: ReturnType<typeof secretReader>;
  again: (command: string) => string;
}

/** Checks that the Workfront credential is set, can be used, and does not expire soon. */
export const checkWorkfrontSecret = (deployment: Deployment, { settings, readSecret, again }: Reading): Promise<Check> =>
  checked('secret workfront', async () => {
    const text = await readSecret(deployment.places.workfrontSecret).catch(asMissing);
    return text === undefined || text === ''
      ? red('not set', { fix: again('secret set workfront') })
      : workfrontHealth(text, { settings, again, now: deployment.clock() });
  });

/** Checks that each secret is set, and that it can be used. */
export async function checkSecrets(deployment: Deployment, { settings, readSecret, again }: Reading): Promise<Check[]> {
  const secrets = sourceSecrets({ client: secretsManagerOf(deployment), clock: deployment.clock });
  return [
    await checkWorkfrontSecret(deployment, { settings, readSecret, again }),
    ...(await Promise.all(
      Object.entries(settings.SOURCES).map(([name, config]) =>
        checked(`secret ${name}`, async () => {
          const values = await secrets.read(config.secretId).catch(asMissing);
          if (values !== undefined) return sourceHealth(values, { name, config, again });
          const text = await readSecret(config.secretId).catch(asMissing);
          const fix = again(`secret set ${name} --replace`);
          return text?.trim() ? red(WRONG_FORM, { fix }) : red('not set', { fix: again(`secret set ${name}`) });
        }),
      ),
    )),
  ];
}

const WRONG_FORM = 'set, and in a form that nobody can use: expected the secret itself, or {"secrets": ["current", "former"]}';

function workfrontHealth(
  text: string,
  { settings, again, now }: { settings: FunctionSettings; again: (command: string) => string; now: number },
): Health {
  const fix = again('secret set workfront');
  try {
    const { kind } = parseSecret(text);
    const left = keyDaysLeft(text, { lifetimeDays: settings.WORKFRONT_KEY_LIFETIME_DAYS, now });
    if (left === undefined) return green(`${kind}, of unknown age: no alarm warns before it expires`);
    if (left === Number.POSITIVE_INFINITY) return green(kind);
    const days = Math.floor(left);
    return left <= WARN_DAYS ? red(`${kind}, expires in ${days} days`, { fix }) : green(`${kind}, expires in ${days} days`);
  } catch (failure) {
    return red(failure instanceof Error ? failure.message : String(failure), { fix });
  }
}

function sourceHealth(
  values: readonly string[],
  { name, config, again }: { name: string; config: SourceConfig; again: (command: string) => string },
): Health {
  const [why] = values.flatMap((value, index) => {
    const problem = whyUnusable(schemeOf(config), value);
    return problem === undefined ? [] : [`secret ${index + 1} of ${values.length}: ${problem}`];
  });
  if (why !== undefined) return red(why, { fix: again(`secret set ${name}`) });
  return green(
    values.length === 1
      ? 'usable'
      : `${values.length} secrets are accepted; when HR signs with the newest: ${again(`secret retire ${name}`)}`,
  );
}

function asMissing(failure: unknown): undefined {
  if (failure instanceof Error && 'code' in failure && failure.code === 'secret-missing') return undefined;
  // The cause, from Secrets Manager, says more than the failure of our reader.
  throw failure instanceof Error && failure.cause instanceof Error ? failure.cause : failure;
}
