import type { Command } from 'commander';
import * as z from 'zod';
import { functionSettings } from '../deployment/function-settings.ts';
import { type Setting, setAdminConsole, setLookUp, stored } from '../orders/new-credential.ts';
import { ADMIN_CONSOLE } from '../secrets/admin-console-secret.ts';
import { lastUse } from '../secrets/last-use.ts';
import { isLookUp } from '../secrets/look-up-secret.ts';
import { readSecretInput } from '../secrets/secret-input.ts';
import { listText, putSecret, sourceSecretsOf, sourceValues } from '../secrets/secret-store.ts';
import { HOW_TO_MAKE_A_KEY } from '../secrets/workfront-key.ts';
import { restoreWorkfrontSecret, setWorkfrontSecret } from '../secrets/workfront-secret.ts';
import { configOf, readSourceName } from '../send/known-source.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { confirmed } from '../terminal/confirm.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { json } from '../terminal/option-values.ts';
import { readArgument, readOptions } from '../terminal/read-options.ts';

const WORKFRONT = 'workfront';
const ARGUMENT = '<workfront, source, look-up/source or admin-console>';
const MOST_VALUES = 2;

const force = z.boolean().optional();
const setOptions = z.object({ json, replace: z.boolean().optional(), generate: z.boolean().optional(), force });
const changeOptions = z.object({ json, force });
const FORCE = ['--force', 'store a Workfront credential although Workfront refuses it, or cannot be asked'] as const;
const retireOptions = z.object({ json, yes: z.boolean().optional() });

export function addSecret(program: Command, session: Session): void {
  const secret = program
    .command('secret')
    .description(
      'The secrets of Workfront, of each source, of each HR system that the worker asks, and of the Admin Console. None is ever shown.',
    );
  addSet(secret, session);
  addRotate(secret, session);
  addRestore(secret, session);
  addRetire(secret, session);
}

function addSet(secret: Command, session: Session): void {
  newCommand(secret, 'set', {
    what: 'Stores a secret from standard input, or from a prompt that does not show it. Refuses a secret that cannot work; Workfront is asked first, by reading.',
    example: '--local secret set workfront < workfront.json',
  })
    .argument(ARGUMENT)
    .option('--replace', "the source's present secret stops working at once")
    .option('--generate', 'only say how to make a Workfront key')
    .option(...FORCE)
    .action(async (argument: string, raw: unknown) => {
      const { json, replace, generate, force } = readOptions(setOptions, raw);
      const name = readSecretName(argument);
      if (generate && name !== WORKFRONT)
        throw new Usage('--generate is for workfront only; a source signs with a secret from HR, or one that HR takes');
      if (generate) return printHowToMakeAKey(session);
      const deployment = await session.deployment();
      if (isLookUp(name)) return setLookUp(name, { json, session, deployment });
      if (name === ADMIN_CONSOLE) return setAdminConsole({ json, session, deployment });
      if (name === WORKFRONT) return stored(await setWorkfrontSecret(deployment, { force }), { json, session, deployment });

      const config = configOf(name, (await functionSettings(deployment)).SOURCES, [WORKFRONT]);
      const before = await sourceValues(deployment, config);
      if (before.length > 0 && !replace)
        throw new Usage(`${name} has a secret; use "secret rotate ${name}" to keep it valid for a while, or --replace to stop it at once`);
      const values = sourceSecretsOf(await readSecretInput(`the secret of ${name}`), config);
      await putSecret(deployment, { secretId: config.secretId, text: listText(values) });
      await report({ secret: name, stored: true, values: values.length }, STORED, { json, session });
    });
}

function addRotate(secret: Command, session: Session): void {
  newCommand(secret, 'rotate', {
    what: "Stores a new secret. A source's former secret stays valid until it is retired.",
    example: '--local secret rotate standard-webhooks < new-secret.txt',
  })
    .argument(ARGUMENT)
    .option(...FORCE)
    .action(async (argument: string, raw: unknown) => {
      const { force, ...options } = readOptions(changeOptions, raw);
      const name = readSecretName(argument);
      const deployment = await session.deployment();
      if (isLookUp(name)) return setLookUp(name, { ...options, session, deployment });
      if (name === ADMIN_CONSOLE) return setAdminConsole({ ...options, session, deployment });
      if (name === WORKFRONT) return stored(await setWorkfrontSecret(deployment, { force }), { ...options, session, deployment });

      const config = configOf(name, (await functionSettings(deployment)).SOURCES, [WORKFRONT]);
      const before = await sourceValues(deployment, config);
      if (before.length === 0) throw new Usage(`${name} has no secret yet; use "secret set ${name}"`);
      if (before.length >= MOST_VALUES) throw new Usage(`${name} has ${before.length} secrets; first use "secret retire ${name}"`);
      const [value, ...more] = sourceSecretsOf(await readSecretInput(`the new secret of ${name}`), config);
      if (value === undefined || more.length > 0) throw new Usage('there are several new secrets; give one');
      if (before.includes(value)) throw new Usage(`${name} has this secret already; give a new one`);
      await putSecret(deployment, { secretId: config.secretId, text: listText([value, ...before]) });
      const next = `Both secrets are accepted. Change the secret in the HR system, then: ${session.again(`secret retire ${name}`)}`;
      await report({ secret: name, stored: true, values: before.length + 1 }, next, { ...options, session });
    });
}

function addRestore(secret: Command, session: Session): void {
  newCommand(secret, 'restore', {
    what: 'Puts the former Workfront credential back, if Workfront accepts it. Once more puts the present one back.',
    example: '--local secret restore workfront',
  })
    .argument('<workfront>')
    .option(...FORCE)
    .action(async (argument: string, raw: unknown) => {
      const { json, force } = readOptions(changeOptions, raw);
      if (argument !== WORKFRONT)
        throw new Usage('only the secret of workfront has a former value to put back; use secret restore workfront');
      const deployment = await session.deployment();
      await stored(await restoreWorkfrontSecret(deployment, { force }), { json, session, deployment });
    });
}

function addRetire(secret: Command, session: Session): void {
  newCommand(secret, 'retire', {
    what: 'Deletes all secrets of a source except the newest, and shows when the deleted ones were last used, if that is known.',
    example: '--local secret retire standard-webhooks --yes',
  })
    .argument('<source>')
    .option('--yes', 'do not ask')
    .action(async (argument: string, raw: unknown) => {
      const { json, yes } = readOptions(retireOptions, raw);
      const name = readRetirable(argument);
      const deployment = await session.deployment();
      const config = configOf(name, (await functionSettings(deployment)).SOURCES);
      const [current, ...old] = await sourceValues(deployment, config);
      if (current === undefined) throw new Usage(`${name} has no secret yet; use "secret set ${name}"`);
      if (old.length === 0) return report({ secret: name, stored: false, values: 1 }, 'There is only one.', { json, session });

      const used = await lastUse(name, deployment);
      if (!json) session.terminal.say(used.sentence);
      if (!(await confirmed(`Stop accepting the former secret of ${name}?`, { yes, terminal: session.terminal }))) {
        process.exitCode = EXIT.failed;
        return;
      }
      await putSecret(deployment, { secretId: config.secretId, text: listText([current]) });
      const outcome = { secret: name, stored: true, values: 1, oldLastUsed: used.at, oldLastUsedKnown: used.known };
      await report(outcome, 'Deleted. Deliveries signed with it are refused within 5 minutes.', { json, session });
    });
}

const secretName = z
  .string()
  .regex(/^(look-up\/)?[a-z][a-z0-9-]{0,31}$/, 'workfront, the name of a source, look-up/<source>, or admin-console');

/** @throws Usage */
const readSecretName = (value: string): string => readArgument(secretName, { what: 'the secret', value });

/** Only the secrets of sources have a former value. @throws Usage */
function readRetirable(argument: string): string {
  if (argument !== WORKFRONT && argument !== ADMIN_CONSOLE && !isLookUp(argument)) return readSourceName(argument);
  throw new Usage(`${argument} has no former secret; use the name of a source`);
}

async function printHowToMakeAKey({ terminal }: Session): Promise<void> {
  await terminal.print(HOW_TO_MAKE_A_KEY);
  process.exitCode = EXIT.failed;
}

async function report(outcome: object, next: string, { json, session }: Pick<Setting, 'json' | 'session'>): Promise<void> {
  await session.terminal.print(json ? JSON.stringify(outcome) : next);
  process.exitCode = EXIT.done;
}

const STORED = 'Stored. It works from the first delivery that it signs. A replaced secret is refused within 5 minutes.';
