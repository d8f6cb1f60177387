import type { Deployment } from '../deployment/deployment.ts';
import { Usage } from '../terminal/exit-code.ts';
import { acceptedText, askWorkfront } from './ask-workfront.ts';
import { readSecretInput } from './secret-input.ts';
import { previousText, putSecret, workfrontSecretOf, workfrontText } from './secret-store.ts';

/** What was stored, and what Workfront said of it before. */
export interface StoredKey {
  kind: string;
  /** Whether there was another one before. */
  replaced: boolean;
  accepted: boolean;
  sentence: string;
}

/**
 * Reads a Workfront credential from the operator, asks Workfront about it, and stores it.
 *
 * @param force stores it whatever Workfront says
 * @throws Usage if Workfront refuses it; the stored one stays as it is then
 */
export async function setWorkfrontSecret(deployment: Deployment, { force = false }: { force?: boolean | undefined }): Promise<StoredKey> {
  const text = await readSecretInput('the Workfront credential');
  const before = await workfrontText(deployment);
  const { kind, stored } = workfrontSecretOf(text, { before, now: deployment.clock() });
  return store(stored, { kind, before, deployment, force });
}

/** Stores the credential that was valid before the present one, if Workfront accepts it. @throws Usage if there is none */
export async function restoreWorkfrontSecret(
  deployment: Deployment,
  { force = false }: { force?: boolean | undefined },
): Promise<StoredKey> {
  const text = await previousText(deployment);
  if (text === undefined) throw new Usage('there is no former Workfront credential; use "secret set workfront"');
  const before = await workfrontText(deployment);
  const { kind, stored } = workfrontSecretOf(text, { before: text, now: deployment.clock() });
  return store(stored, { kind, before, deployment, force });
}

async function store(
  text: string,
  { kind, before, deployment, force }: { kind: string; before: string | undefined; deployment: Deployment; force: boolean },
): Promise<StoredKey> {
  const answer = await askWorkfront(text, deployment);
  const isRisk = answer.kind === 'refused' || (answer.kind === 'unknown' && before !== undefined);
  if (isRisk && !force)
    throw new Usage(`nothing was stored: ${answer.why}; give another credential, or add --force to store this one all the same`);
  await putSecret(deployment, { secretId: deployment.places.workfrontSecret, text });
  const sentence = answer.kind === 'accepted' ? acceptedText(answer.owner) : `${answer.why}; it was stored all the same.`;
  return { kind, replaced: before !== undefined, accepted: answer.kind === 'accepted', sentence };
}
