import { CredentialFailure } from '../domain/failures.ts';
import type { Clock, CredentialOwner, UserDirectory } from '../domain/ports.ts';
import { HOUR } from '../domain/time/time.ts';
import type { CredentialSource } from './credentials.ts';
import { misread } from './refusals.ts';
import type { Ask } from './requests.ts';
import { countAnswer, ownUserAnswer, parseAnswer } from './wire.ts';

const REMEMBERED = HOUR;

/**
 * Proves which user the credential belongs to, once for each secret, and remembers it for an hour. A technical account without rights
 * gets a success without users, which must not be read as "nobody of that name works here".
 *
 * @throws CredentialFailure `blind`; it is not remembered
 */
export function provenOwner({ ask, credential, clock }: { ask: Ask; credential: CredentialSource; clock: Clock }): UserDirectory['owner'] {
  let proven: { credentialId: string; at: number; owner: CredentialOwner } | undefined;
  let proving: Promise<CredentialOwner> | undefined;

  async function proveAndRemember(): Promise<CredentialOwner> {
    const before = await credential.current();
    const owner = await prove(ask);
    // A secret that was replaced in the meantime may belong to another user, who is looked up the next time.
    const after = await credential.current();
    proven = before.id === after.id ? { credentialId: after.id, at: clock(), owner } : undefined;
    return owner;
  }

  return async () => {
    const { id } = await credential.current();
    if (proven?.credentialId === id && clock() - proven.at < REMEMBERED) return proven.owner;
    proving ??= proveAndRemember().finally(() => {
      proving = undefined;
    });
    return proving;
  };
}

async function prove(ask: Ask): Promise<CredentialOwner> {
  const expected = "the credential's own user";
  const query = { ID: '$$USER.ID', $$LIMIT: '2', fields: 'ID,customerID,isActive,isAdmin' };
  const search = { method: 'GET', path: 'user/search', query, expected, call: 'question' } as const;
  const [own, ...more] = parseAnswer(ownUserAnswer, await ask(search), search).data;
  if (own === undefined) throw blind('not even its own user');
  if (more.length > 0) throw misread('filter-dropped', 'question', { line: `expected ${expected}, got several` });

  const count = {
    method: 'GET',
    path: 'user/count',
    query: { isActive: 'true' },
    expected: 'the count of users',
    call: 'question',
  } as const;
  const activeUsers = parseAnswer(countAnswer, await ask(count), count);
  if (activeUsers === 0) throw blind('no active user');
  return { userId: own.ID, customerId: own.customerID, activeUsers, seesEverybody: own.isAdmin === true };
}

function blind(seen: string): CredentialFailure {
  return new CredentialFailure(
    'blind',
    `expected a credential that sees users, got one that sees ${seen}; raise its access level in Workfront`,
  );
}
