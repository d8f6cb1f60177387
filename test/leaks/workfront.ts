import { generateKeyPairSync } from 'node:crypto';
import * as z from 'zod';
import { FAKE_CLIENT } from '../../local/workfront/http/tokens.ts';
import { allUsers } from '../support/started-system.ts';
import { aPerson, type Person } from './canaries.ts';
import type { LoggedSystem } from './logged-system.ts';

const owner = z.object({ data: z.object({ customerID: z.string() }) });

/** Gives users of the fake Workfront names, addresses and numbers that occur nowhere else. */
export async function someUsers(system: LoggedSystem, count: number): Promise<Person[]> {
  const users = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin).slice(0, count);
  return Promise.all(
    users.map(async ({ ID }) => {
      const person = aPerson();
      const { email: emailAddr, employeeNumber: extRefID, givenName: firstName, familyName: lastName } = person;
      const answer = await fetch(`${system.workfront}/attask/api/${system.apiVersion}/user/${ID}`, {
        method: 'PUT',
        body: JSON.stringify({ emailAddr, extRefID, firstName, lastName }),
        headers: { apiKey: system.apiKey, 'content-type': 'application/json' },
      });
      if (!answer.ok) throw new Error(`the fake refused to rename a user: ${await answer.text()}`);
      return person;
    }),
  );
}

/** Sets switches of the fake Workfront. */
export async function behave({ workfront }: LoggedSystem, behaviour: object): Promise<void> {
  const answer = await fetch(`${workfront}/_fake/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) });
  if (!answer.ok) throw new Error(`the fake refused the switches ${JSON.stringify(behaviour)}: ${await answer.text()}`);
}

/** Makes a credential of Workfront's OAuth2 that the fake accepts, in the form for `secret set workfront`. */
export async function aPrivateKeyCredential(system: LoggedSystem): Promise<string> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await behave(system, { oauthPublicKey: publicKey, failNext: [] });
  const userId = (await allUsers(system)).find(({ emailAddr }) => emailAddr.startsWith('workfront-api'))?.ID;
  const url = `${system.workfront}/attask/api/${system.apiVersion}/user/${userId}?fields=customerID`;
  const { customerID } = owner.parse(await (await fetch(url, { headers: { apiKey: system.apiKey } })).json()).data;
  const { id: clientId, secret: clientSecret } = FAKE_CLIENT;
  return JSON.stringify({ kind: 'workfront-oauth2', clientId, clientSecret, customerId: customerID, userId, privateKey });
}
