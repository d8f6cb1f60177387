import { secretReader } from '../../lambda/aws/secrets.ts';
import { CLOSED_CIRCUIT, circuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { hrCircuitKey } from '../../lambda/domain/stage/stage-state.ts';
import { checkLookUpSecret } from '../../lambda/sources/look-ups/registry.ts';
import { secretsManagerOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { FunctionSettings } from '../deployment/function-settings.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { readSecretInput } from '../secrets/secret-input.ts';
import { missingOr, putSecret } from '../secrets/secret-store.ts';
import type { Session } from '../session.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { bothTimes } from '../terminal/times.ts';
import { type Check, checked, green, type Health, red } from './check.ts';

/** How the credential of a look-up is named on the command line: no source has such a name. */
const LOOK_UP = 'look-up/';

export const isLookUp = (name: string): boolean => name.startsWith(LOOK_UP);

/** Stores the credential with which a source's HR system is asked. There is one: what it replaces is dropped. */
export async function setLookUp(name: string, { json, session }: { json: boolean | undefined; session: Session }): Promise<void> {
  const deployment = await session.deployment();
  const { LOOK_UPS: lookUps, LOOK_UP_SECRETS: secrets } = await functionSettings(deployment);
  const source = name.slice(LOOK_UP.length);
  const config = Object.hasOwn(lookUps, source) ? lookUps[source] : undefined;
  const names = Object.keys(lookUps).map((one) => `${LOOK_UP}${one}`);
  if (config === undefined) throw new Usage(`expected a look-up of ${names.join(', ') || 'a source that has one'}, got another`);

  const text = await readSecretInput(`the credential for the HR system of ${source}`);
  checkLookUpSecret(config, text);
  await putSecret(deployment, `${secrets}${source}`, text);
  const next = `The worker takes it within 5 minutes. See what it is asked with next: ${session.again('doctor')}`;
  await session.terminal.print(json ? JSON.stringify({ secret: name, stored: true }) : next);
  process.exitCode = EXIT.done;
}

/** Whether each HR system that is asked has a credential of the right form, and how it has been doing. */
export async function checkLookUps(
  deployment: Deployment,
  { settings, again }: { settings: FunctionSettings; again: (command: string) => string },
): Promise<Check[]> {
  const readSecret = secretReader(secretsManagerOf(deployment));
  const checks = Object.entries(settings.LOOK_UPS).map(([source, config]) =>
    checked(`look-up ${source}`, async () => {
      const cure = again(`secret set ${LOOK_UP}${source}`);
      const text = await missingOr(readSecret(`${settings.LOOK_UP_SECRETS}${source}`));
      if (text === undefined) return red('nobody has set its credential', cure);
      try {
        checkLookUpSecret(config, text);
      } catch (failure) {
        return red(failure instanceof Error ? failure.message : 'of no use', cure);
      }
      return circuitHealth(source, cure, deployment);
    }),
  );
  return Promise.all(checks);
}

async function circuitHealth(source: string, cure: string, { ledger }: Pick<Deployment, 'ledger'>): Promise<Health> {
  const { open, failures } = (await ledger.readRecord(hrCircuitKey(source), circuitRecord))?.value ?? CLOSED_CIRCUIT;
  if (open === undefined) return green(failures === 0 ? 'has a credential, and no trouble' : `failed ${failures} times in a row`);
  const since = `since ${bothTimes(open.since)} (${open.saw}), next try ${bothTimes(open.probeAt)}`;
  if (open.cause === 'credentials') return red(`HR refuses its credential, or shows it too little, ${since}`, cure);
  return red(`HR does not answer, ${since}`, 'wait, or ask those who run it; its events wait, and no others');
}
