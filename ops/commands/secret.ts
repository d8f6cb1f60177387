import type { Command } from 'commander';
import * as z from 'zod';
import type { SourceConfig } from '../../lambda/sources/systems/registry.ts';
import { isLookUp, setLookUp } from '../checks/look-ups.ts';
import { cloudWatch, LOOKED_BACK_DAYS } from '../deployment/cloudwatch.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings, isLocal } from '../deployment/function-settings.ts';
import { readSecretInput } from '../secrets/secret-input.ts';
import { listText, putSecret, sourceSecretsOf, sourceValues, workfrontSecretOf, workfrontText } from '../secrets/secret-store.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { confirmed } from '../terminal/confirm.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { bothTimes } from '../terminal/times.ts';
import { sentenceOf } from '../terminal/trouble.ts';

const WORKFRONT = 'workfront';
const MOST_VALUES = 2;

const setOptions = z.object({ json: z.boolean().optional(), replace: z.boolean().optional(), generate: z.boolean().optional() });
const rotateOptions = z.object({ json: z.boolean().optional() });
const retireOptions = z.object({ json: z.boolean().optional(), yes: z.boolean().optional() });

export function addSecret(program: Command, session: Session): void {
  const secret = program
    .command('secret')
    .description('The secrets of Workfront, of each source, and of what HR is asked with. None is ever shown.');
  addSet(secret, session);
  addRotate(secret, session);
  addRetire(secret, session);
}

function addSet(secret: Command, session: Session): void {
  newCommand(secret, 'set', {
    what: 'Stores a secret that is read from standard input, or asked for unseen. It is looked at first: what nobody could use is refused.',
    example: '--local secret set workfront < workfront.json',
  })
    .argument('<workfront, source or look-up/source>')
    .option('--replace', "a source's secret that is there stops at once")
    .option('--generate', 'make a Workfront key: says how')
    .action(async (name: string, raw: unknown) => {
      const { json, replace, generate } = readOptions(setOptions, raw);
      if (generate) {
        if (name !== WORKFRONT) throw new Usage('expected --generate with workfront alone: a source signs with what HR gives or is given');
        await session.terminal.print(HOW_TO_MAKE_A_KEY);
        process.exitCode = EXIT.failed;
        return;
      }
      if (isLookUp(name)) return setLookUp(name, { json, session });
      const deployment = await session.deployment();
      if (name === WORKFRONT) return setWorkfront({ json, session, deployment });

      const config = await configOf(name, deployment);
      const before = await sourceValues(deployment, config);
      if (before.length > 0 && !replace)
        throw new Usage(`${name} has a secret: "secret rotate ${name}" keeps it valid for a while, --replace stops it at once`);
      const values = sourceSecretsOf(await readSecretInput(`the secret of ${name}`), config);
      await putSecret(deployment, config.secretId, listText(values));
      await report({ secret: name, stored: true, values: values.length }, OVERLAP_SET, { json, session });
    });
}

function addRotate(secret: Command, session: Session): void {
  newCommand(secret, 'rotate', {
    what: "Stores a new secret in front of the present one; a source's former one is accepted until it is retired.",
    example: '--local secret rotate standard-webhooks < new-secret.txt',
  })
    .argument('<workfront, source or look-up/source>')
    .action(async (name: string, raw: unknown) => {
      const { json } = readOptions(rotateOptions, raw);
      if (isLookUp(name)) return setLookUp(name, { json, session });
      const deployment = await session.deployment();
      if (name === WORKFRONT) return setWorkfront({ json, session, deployment });

      const config = await configOf(name, deployment);
      const before = await sourceValues(deployment, config);
      if (before.length === 0) throw new Usage(`${name} has no secret yet: secret set ${name}`);
      if (before.length >= MOST_VALUES) throw new Usage(`${name} has ${before.length} secrets: first "secret retire ${name}"`);
      const [value, ...more] = sourceSecretsOf(await readSecretInput(`the new secret of ${name}`), config);
      if (value === undefined || more.length > 0) throw new Usage('expected one new secret, got several');
      if (before.includes(value)) throw new Usage(`expected a new secret, got the one that ${name} has`);
      await putSecret(deployment, config.secretId, listText([value, ...before]));
      const next = `Both are accepted. Change it in the HR system, then: ${session.again(`secret retire ${name}`)}`;
      await report({ secret: name, stored: true, values: before.length + 1 }, next, { json, session });
    });
}

function addRetire(secret: Command, session: Session): void {
  newCommand(secret, 'retire', {
    what: "Drops all of a source's secrets but the first, and says when they were last used, where that is known.",
    example: '--local secret retire standard-webhooks --yes',
  })
    .argument('<source>')
    .option('--yes', 'do not ask')
    .action(async (name: string, raw: unknown) => {
      const { json, yes } = readOptions(retireOptions, raw);
      const deployment = await session.deployment();
      const config = await configOf(name, deployment);
      const [current, ...old] = await sourceValues(deployment, config);
      if (current === undefined) throw new Usage(`${name} has no secret yet: secret set ${name}`);
      if (old.length === 0) return report({ secret: name, stored: false, values: 1 }, 'There is only one.', { json, session });

      const lastUsed = await lastUse(name, deployment);
      if (!json) session.terminal.say(lastUsed.text);
      if (!(await confirmed(`Stop accepting the former secret of ${name}?`, { yes, terminal: session.terminal }))) {
        process.exitCode = EXIT.failed;
        return;
      }
      await putSecret(deployment, config.secretId, listText([current]));
      const outcome = { secret: name, stored: true, values: 1, oldLastUsed: lastUsed.at, oldLastUsedKnown: lastUsed.known };
      await report(outcome, 'Dropped: what it signs is refused within 5 minutes.', { json, session });
    });
}

async function setWorkfront({ json, session, deployment }: { json: boolean | undefined; session: Session; deployment: Deployment }) {
  const text = await readSecretInput('the Workfront credential');
  const before = await workfrontText(deployment);
  const { kind, stored } = workfrontSecretOf(text, { before, now: deployment.clock() });
  await putSecret(deployment, deployment.places.workfrontSecret, stored);
  const next = `The worker takes it within 5 minutes. See whether Workfront does: ${session.again('doctor')}`;
  await report({ secret: WORKFRONT, stored: true, kind, replaced: before !== undefined }, next, { json, session });
}

async function configOf(name: string, deployment: Deployment): Promise<SourceConfig> {
  const { SOURCES: sources } = await functionSettings(deployment);
  const config = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (config === undefined) throw new Usage(`expected a source of ${Object.keys(sources).join(', ')}, got another`);
  return config;
}

/** The receiver counts what only a former secret proves; where nobody keeps the count, nobody knows. */
async function lastUse(name: string, deployment: Deployment): Promise<{ known: boolean; at: string | null; text: string }> {
  const unknown = (why: string) => ({ known: false, at: null, text: `When the former secret was last used is unknown: ${why}.` });
  if (isLocal(deployment)) return unknown('CloudWatch keeps the count, on a stage');
  try {
    const signals = cloudWatch(deployment);
    const at = await signals.oldSecretLastUsed(name);
    if (at === undefined) return { known: true, at: null, text: `The former secret was not used in the last ${LOOKED_BACK_DAYS} days.` };
    return { known: true, at, text: `The former secret was last used within the hour from ${bothTimes(at)}.` };
  } catch (error) {
    return unknown(sentenceOf(error));
  }
}

async function report(outcome: object, next: string, { json, session }: { json: boolean | undefined; session: Session }): Promise<void> {
  await session.terminal.print(json ? JSON.stringify(outcome) : next);
  process.exitCode = EXIT.done;
}

const OVERLAP_SET = 'Stored. It works with the first delivery that it signs; what it replaced is refused within 5 minutes.';

const HOW_TO_MAKE_A_KEY = `Nothing was made: the API gives out no keys for a user name and password any more, since Workfront signs in by Adobe.

Signed in to Workfront as the user that the key is to act as:
  Setup > System > Customer Info > API Key Settings > Generate API Key
On the same page stands after how long keys expire. Then store it:
  npm run ops -- --stage NAME secret set workfront
docs/credentials.md has the two kinds of credential that do not expire so soon.`;
