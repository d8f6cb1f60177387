import { expect, it } from '@jest/globals';
import { NodeApi } from 'workfront-api';
import { aFake } from '../support/call-fake.ts';

// Workfront itself published this client, so it cannot share our mistakes about the API.
const { fake, user } = await aFake();
const ana = user('Ana').ID;

it.each([
  ['JSON bodies', { version: '21.0' }],
  ['method= on GET', { version: '21.0', alwaysUseGet: true }],
  ['the internal API', {}],
])('serves the published client, with %s: find, read, deactivate, read again', async (_, options) => {
  const client = new NodeApi({ url: fake.url, apiKey: fake.apiKey, ...options });
  fake.directory.update(ana, { isActive: true });

  const found = await client.search('user', { emailAddr: 'ANA@acme.test', emailAddr_Mod: 'cieq' }, ['isActive', 'emailAddr']);
  const edited = await client.edit('user', ana, { isActive: false }, 'isActive');
  const read = await client.get('user', ana, ['isActive']);

  expect(found).toEqual([{ ID: ana, name: 'Ana Silva', objCode: 'USER', isActive: true, emailAddr: 'ana@acme.test' }]);
  expect(edited).toEqual({ ID: ana, name: 'Ana Silva', objCode: 'USER', isActive: false });
  expect(read).toEqual(edited);
  expect(fake.calls.changingWrites).toBe(1);
});

it('serves its other calls: count, several users by ID, search by POST, bulk edit, metadata', async () => {
  const client = new NodeApi({ url: fake.url, version: '21.0', apiKey: fake.apiKey });
  fake.directory.update(ana, { isActive: true });

  expect(await client.count('USER', { isActive: true })).toBe(3);
  expect(await client.get('user', [ana, user('Ben').ID], 'firstName')).toMatchObject([{ firstName: 'Ana' }, { firstName: 'Ben' }]);
  expect(await client.search('user', { firstName: 'Ana' }, 'ID', true)).toMatchObject([{ ID: ana }]);
  expect(await client.editMultiple('user', [{ ID: ana, isActive: false }], 'isActive')).toMatchObject([{ ID: ana, isActive: false }]);
  expect(await client.metadata('user')).toMatchObject({ objCode: 'USER' });
});

it.each([
  ['a bad key', { apiKey: 'other' }, 'Invalid API key.'],
  ['a missing key', {}, 'You are not currently logged in.'],
])('answers errors in the form that the client reads: %s', async (_, key, message) => {
  const client = new NodeApi({ url: fake.url, version: '21.0', ...key });

  await expect(client.search('user', {})).rejects.toEqual({ status: 401, message });
});

it('refuses its log-in with a password', async () => {
  const client = new NodeApi({ url: fake.url, version: '21.0' });

  await expect(client.login('api@acme.test', 'secret')).rejects.toMatchObject({ status: 401 });
  await expect(client.getApiKey('api@acme.test', 'secret')).rejects.toMatchObject({ status: 401 });
});
