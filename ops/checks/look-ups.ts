import { secretReader } from '../../lambda/aws/secrets.ts';
import { CLOSED_CIRCUIT, circuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { hrCircuitKey } from '../../lambda/domain/stage/gate.ts';
import { checkLookUpSecret } from '../../lambda/sources/look-ups/registry.ts';
import { secretsManagerOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { FunctionSettings } from '../deployment/function-settings.ts';
import { LOOK_UP } from '../secrets/look-up-secret.ts';
import { missingOr } from '../secrets/secret-store.ts';
import { bothTimes } from '../terminal/times.ts';
import { type Check, checked, green, type Health, red } from './check.ts';

/** Checks that each HR system that the worker asks has a credential of the right form, and that it answers. */
export async function checkLookUps(
  deployment: Deployment,
  { settings, again }: { settings: FunctionSettings; again: (command: string) => string },
): Promise<Check[]> {
  const readSecret = secretReader(secretsManagerOf(deployment));
  const checks = Object.entries(settings.LOOK_UPS).map(([source, config]) =>
    checked(`look-up ${source}`, async () => {
      const fix = again(`secret set ${LOOK_UP}${source}`);
      const text = await missingOr(readSecret(`${settings.LOOK_UP_SECRETS}${source}`));
      if (text === undefined) return red('its credential is not set', { fix });
      try {
        checkLookUpSecret(config, text);
      } catch (failure) {
        return red(failure instanceof Error ? failure.message : 'its credential cannot be used', { fix });
      }
      return circuitHealth({ source, fix }, deployment);
    }),
  );
  return Promise.all(checks);
}

async function circuitHealth({ source, fix }: { source: string; fix: string }, { ledger }: Pick<Deployment, 'ledger'>): Promise<Health> {
  const { open, failures } = (await ledger.readRecord(hrCircuitKey(source), circuitRecord))?.value ?? CLOSED_CIRCUIT;
  if (open === undefined) return green(failures === 0 ? 'has a credential, no trouble' : `failed ${failures} times in a row`);
  const since = `since ${bothTimes(open.since)} (${open.saw}), next try ${bothTimes(open.probeAt)}`;
  if (open.cause === 'credentials') return red(`HR refuses its credential, or shows it too little, ${since}`, { fix });
  return red(`HR does not answer, ${since}`, { fix: 'wait, or ask the people who run it; only events of this source wait' });
}
