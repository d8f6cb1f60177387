import { beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { aFake, encode, form, putJson } from '../support/call-fake.ts';

const { fake, api, json, search, names, user } = await aFake({ behaviour: { mainAdminId: null } });
const ana = user('Ana').ID;
const ben = user('Ben').ID;
const nobody = '0'.repeat(32);

beforeEach(() => {
  fake.directory.update(user('Api').ID, { isActive: true });
  fake.directory.update(ana, { isActive: true });
  fake.calls.clear();
});

describe('credentials', () => {
  const bare = (path: string, init: RequestInit = {}) => fetch(`${fake.url}/attask/api/v21.0${path}`, init);

  it.each([
    ['key in the header', '/user/search', { headers: { apiKey: 'fake-api-key' } }],
    ['key in a header in another case', '/user/search', { headers: { APIKEY: 'fake-api-key' } }],
    ['key in the query', '/user/search?apiKey=fake-api-key', {}],
  ])('accepts a %s', async (_, path, init) => {
    expect((await bare(path, init)).status).toBe(200);
  });

  it.each([
    ['no credential', '/user/search', {}, 'You are not currently logged in.'],
    ['a bad key', '/user/search', { headers: { apiKey: 'other' } }, 'Invalid API key.'],
    ['a bad session', '/user/search', { headers: { sessionID: 'other' } }, 'Invalid session ID.'],
    ['a key in the session header', '/user/search', { headers: { sessionID: 'fake-api-key' } }, 'You are not currently logged in.'],
    ['a key in the body of a write only', `/user/${ana}`, form('PUT', { isActive: 'false', apiKey: 'fake-api-key' }), '{0}'],
    ['a bad bearer token', '/user/search', { headers: { authorization: 'Bearer other' } }, 'Invalid token.'],
    ['a log-in', '/login', form('POST', { username: 'a', password: 'b' }), 'Logging in through the API is no longer available.'],
    [
      'a key by password',
      '/USER',
      form('POST', { method: 'PUT', action: 'getApiKey', username: 'a', password: 'b' }),
      'Logging in through the API is no longer available.',
    ],
  ])('refuses %s', async (_, path, init, message) => {
    const response = await bare(path, init);

    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: { class: 'com.attask.common.AuthenticationException', message } });
    expect(user('Ana').isActive).toBe(true);
  });

  it('refuses the key of an owner who was deactivated', async () => {
    fake.directory.update(user('Api').ID, { isActive: false });

    expect((await json('/user/search')).status).toBe(401);
  });
});

describe('versions and paths', () => {
  it.each([
    ['/attask/api/v1.0/user/search', 410],
    ['/attask/api/v14.0/user/search', 410],
    ['/attask/api/v15.0/user/search', 410],
    ['/attask/api/v16.0/user/search', 200],
    ['/attask/api/v22.0/user/search', 200],
    ['/attask/api/v23.0/user/search', 404],
    ['/attask/api/user/search', 200],
    ['/attask/api/v21.0/USER/search', 200],
    ['/attask/api/v21.0/User/count', 200],
    ['/attask/api-internal/user/search', 200],
    ['/attask/api/v21.0/user/metadata', 200],
    ['/attask/api/v21.0/metadata', 200],
    ['/attask/api/v21.0/nonsense/search', 404],
    ['/attask/api/v21.0/user/a/b/c', 400],
    ['/attask/api/v21.0', 404],
    ['/elsewhere', 404],
  ])('answers GET %s with %i', async (path, status) => {
    expect((await fetch(`${fake.url}${path}`, { headers: { apiKey: fake.apiKey } })).status).toBe(status);
  });

  it('names the object type that it does not know', async () => {
    expect((await json('/nonsense/search')).body.error?.message).toBe('Unknown object type: nonsense');
  });

  it.each([
    ['v21.0', false],
    ['v22.0', true],
  ])('lists the fields of %s; has eauthUserID: %p', async (version, expected) => {
    const response = await fetch(`${fake.url}/attask/api/${version}/user/metadata`, { headers: { apiKey: fake.apiKey } });
    const { data } = z.object({ data: z.object({ fields: z.record(z.string(), z.unknown()) }) }).parse(await response.json());

    expect('eauthUserID' in data.fields).toBe(expected);
    expect(data.fields.isActive).toEqual({ fieldType: 'boolean', flags: [] });
  });
});

describe('search and count', () => {
  it('shows ID, name and object code beside a few fields', async () => {
    expect(await search({ emailAddr: 'ana@acme.test' })).toEqual([
      { ID: ana, name: 'Ana Silva', objCode: 'USER', emailAddr: 'ana@acme.test', licenseType: 'F', workHoursPerDay: 8 },
    ]);
  });

  it.each([['firstName,isActive,DE:HR ID,extRefID'], ['["firstName","isActive","DE:HR ID","extRefID"]']])(
    'shows the fields that are asked for as %s',
    async (fields) => {
      const [row] = await search({ emailAddr: 'ana@acme.test', fields });

      expect(row).toEqual({
        ID: ana,
        name: 'Ana Silva',
        objCode: 'USER',
        firstName: 'Ana',
        isActive: true,
        'DE:HR ID': 'H-1',
        extRefID: '10042',
      });
    },
  );

  it('finds inactive users too, and answers an empty list without an error', async () => {
    expect(await names({ emailAddr: 'ben@acme.test' })).toEqual(['Ben']);
    expect(await names({ emailAddr: 'nobody@acme.test' })).toEqual([]);
  });

  it('counts', async () => {
    expect((await json('/user/count?isActive=true')).body).toEqual({ data: { count: 3 } });
  });

  it('makes an object by ID of a list with map=true', async () => {
    const { body } = await json('/user/search?map=true&emailAddr=ana@acme.test&fields=ID');

    expect(body).toEqual({ data: { [ana]: { ID: ana, name: 'Ana Silva', objCode: 'USER' } } });
  });

  it('drops a plain username filter, and so finds everybody', async () => {
    expect(await names({ username: 'cem' })).toHaveLength(4);
    expect(await names({ username: 'cem', username_Mod: 'cieq' })).toHaveLength(4);
    expect(await names({ username: 'cem', isActive: 'false' })).toEqual(['Ben']);
  });

  it.each([
    ['filters=', { filters: '{"username":"cem"}' }],
    ['filters= with a modifier', { filters: '{"username":"CEM","username_Mod":"cieq"}' }],
    ['filters= with a boolean and a list', { filters: '{"isActive":true,"username":["cem","x"]}' }],
    ['filters= with an OR group', { filters: '{"OR:1:username":"cem"}' }],
  ])('filters by username with %s', async (_, parameters) => {
    expect(await names(parameters)).toEqual(['Cem']);
  });

  it('reads an unencoded plus as a space, as servers do', async () => {
    expect((await json("/user/count?emailAddr=Cem.O'Neil+x@acme.test")).body).toEqual({ data: { count: 0 } });
    expect((await json("/user/count?emailAddr=Cem.O'Neil%2Bx@acme.test")).body).toEqual({ data: { count: 1 } });
  });

  it.each([
    ['$$LIMIT=2001', 'The requested limit 2001 is greater than the maximum allowed limit of 2000'],
    ['fields=nonsense', 'APIModel V21_0 does not support field nonsense (User)'],
    ['fields=eauthUserID', 'APIModel V21_0 does not support field eauthUserID (User)'],
    ['fields=DE:Nonsense', 'APIModel V21_0 does not support field DE:Nonsense (User)'],
    ['nonsense=1', 'APIModel V21_0 does not support field nonsense (User)'],
    ['EmailAddr=ana@acme.test', 'APIModel V21_0 does not support field EmailAddr (User)'],
    ['emailAddr=ana@acme.test&emailAddr_Mod=CIEQ', 'Invalid modifier CIEQ for field emailAddr'],
    ['nonsense_Sort=asc', 'APIModel V21_0 does not support field nonsense (User)'],
    ['filters={', 'Invalid JSON in filters'],
    ['EXISTS:1:$$OBJCODE=ASSGN', 'APIModel V21_0 does not support field EXISTS:1:$$OBJCODE (User)'],
  ])('refuses %s', async (query, message) => {
    expect(await json(`/user/search?${query}`)).toMatchObject({
      status: 422,
      body: { error: { class: 'java.lang.IllegalArgumentException', message } },
    });
  });

  it('escapes slashes and less-than signs in strings', async () => {
    const text = await (await api('/user/search?firstName=Cem&fields=lastName')).text();

    expect(text).toContain('"lastName":"O\\/Neil \\u003c3"');
    expect(JSON.parse(text).data[0].lastName).toBe('O/Neil <3');
  });

  it('writes dates with a colon before the milliseconds', async () => {
    fake.directory.update(ben, { lastLoginDate: '2020-05-18T23:00:00.000Z' });

    expect((await search({ ID: ben, fields: 'lastLoginDate,entryDate' }))[0]).toMatchObject({
      lastLoginDate: '2020-05-18T17:00:00:000-0600',
      entryDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d:\d{3}-0600$/),
    });
  });

  it.each([
    ['POST with method=GET', form('POST', { method: 'GET', emailAddr: 'ana@acme.test', fields: 'ID' })],
    ['POST without method', form('POST', { emailAddr: 'ana@acme.test', fields: 'ID' })],
  ])('searches by %s, for long queries', async (_, init) => {
    expect((await json('/user/search', init)).body).toEqual({ data: [{ ID: ana, name: 'Ana Silva', objCode: 'USER' }] });
  });
});

describe('one user', () => {
  it('is an object', async () => {
    expect((await json(`/user/${ben}?fields=isActive`)).body).toEqual({
      data: { ID: ben, name: 'Ben Smith', objCode: 'USER', isActive: false },
    });
  });

  it.each([
    [`id=${ben},${ana}`, 2],
    [`id=${ben}&id=${ana}`, 2],
    [`id=${ben},${nobody}`, 1],
  ])('is in a list if asked for by id=, way %#', async (query, length) => {
    expect((await json(`/user?${query}`)).body.data).toHaveLength(length);
  });

  it.each(['GET', 'PUT'])('is refused with 404 if nobody has the ID (%s)', async (method) => {
    expect(await json(`/user/${nobody}?${method === 'PUT' ? 'isActive=false' : ''}`, { method })).toMatchObject({
      status: 404,
      body: { error: { message: `User with primary key value(s) "${nobody}" not found` } },
    });
  });
});

describe('update', () => {
  const updates = '{"isActive":"false"}';

  it.each([
    ['a query field', `/user/${ana}?isActive=false`, { method: 'PUT' }],
    ['a query field and id=', `/user?id=${ana}&isActive=false`, { method: 'PUT' }],
    ['updates= in the query', `/user/${ana}?updates=${encodeURIComponent(updates)}`, { method: 'PUT' }],
    ['updates= with a boolean', `/user/${ana}?updates=${encodeURIComponent('{"isActive":false}')}`, { method: 'PUT' }],
    ['updates= in a form', `/user/${ana}`, form('PUT', { updates })],
    ['a field in a form', `/user/${ana}`, form('PUT', { isActive: 'FALSE' })],
    ['a JSON body', `/user/${ana}`, putJson({ isActive: false })],
    ['a JSON body with a string', `/user/${ana}`, putJson({ isActive: 'false' })],
    ['a JSON body that names the user', `/user/${ana}`, putJson({ ID: ana, isActive: false })],
    ['GET with method=put', `/USER/${ana}?isActive=false&method=put`, {}],
    ['GET with method=PUT and updates=', `/user/${ana}?method=PUT&updates=${encodeURIComponent(updates)}`, {}],
    ['POST with method=Put in the form', `/user/${ana}`, form('POST', { method: 'Put', updates })],
  ])('deactivates by %s', async (_, path, init) => {
    const sign = path.includes('?') ? '&' : '?';

    const { status, body } = await json(`${path}${sign}fields=isActive`, init);

    expect({ status, body }).toEqual({ status: 200, body: { data: { ID: ana, name: 'Ana Silva', objCode: 'USER', isActive: false } } });
    expect(user('Ana')).toMatchObject({ isActive: false, actualDeactivationDate: expect.any(String), lastUpdatedByID: user('Api').ID });
    expect(fake.calls).toMatchObject({ total: 1, changingWrites: 1, byKind: { write: 1 } });
  });

  it('answers the same for a user who is already inactive, and changes nothing', async () => {
    const before = user('Ben');

    const { status, body } = await json(`/user/${ben}?fields=isActive`, putJson({ isActive: false }));

    expect({ status, data: body.data }).toEqual({ status: 200, data: { ID: ben, name: 'Ben Smith', objCode: 'USER', isActive: false } });
    expect(user('Ben')).toBe(before);
    expect(fake.calls.changingWrites).toBe(0);
  });

  it.each([
    [
      'updates= beside a plain field',
      `/user/${ana}?updates=%7B%7D&isActive=false`,
      { method: 'PUT' },
      "Cannot mix 'updates' JSON parameter with non-JSON update parameter 'isActive'",
    ],
    ['an unknown field', `/user/${ana}`, putJson({ isActiv: false }), 'APIModel V21_0 does not support field isActiv (User)'],
    ['a read-only field', `/user/${ana}`, putJson({ isAdmin: true }), 'Field isAdmin (User) cannot be edited'],
    ['a value of another kind', `/user/${ana}`, putJson({ isActive: 'no' }), 'Invalid value for field isActive (User)'],
    ['text that is not JSON', `/user/${ana}?updates=no`, { method: 'PUT' }, 'Invalid JSON in updates'],
    ['a write without an ID', '/user', putJson({ isActive: false }), 'ID is required'],
    ['an action', `/user/${ana}/deactivate`, { method: 'PUT' }, 'APIModel V21_0 does not support action deactivate (User)'],
    [
      'more than 100 at once',
      '/user',
      putJson(Array.from({ length: 101 }, () => ({ ID: ana, isActive: false }))),
      'The requested 101 updates are more than the maximum of 100',
    ],
  ])('refuses %s', async (_, path, init, message) => {
    const { status, body } = await json(path, init);

    expect({ status, message: body.error?.message }).toEqual({ status: 422, message });
    expect(user('Ana').isActive).toBe(true);
  });

  it('updates several users, or none if one cannot be updated', async () => {
    const both = [
      { ID: ana, isActive: false },
      { ID: ben, title: 'Former' },
    ];

    expect((await json('/user', putJson([...both, { ID: nobody, isActive: false }]))).status).toBe(404);
    expect(user('Ana').isActive).toBe(true);
    expect((await json('/user', putJson(both))).body.data).toHaveLength(2);
    expect([user('Ana').isActive, user('Ben').title]).toEqual([false, 'Former']);
    expect((await json(`/user?${encode({ updates: JSON.stringify(both), atomic: 'true' })}`, { method: 'PUT' })).body).toEqual({
      data: { success: true },
    });
  });

  it('edits names and custom fields', async () => {
    const { ID } = fake.directory.add({ firstName: 'Dee', lastName: 'Old', customFields: { 'DE:HR ID': 'H-2' } });

    const { body } = await json(`/user/${ID}?fields=DE:HR ID`, putJson({ lastName: 'New', 'DE:HR ID': 'H-3' }));

    expect(body.data).toEqual({ ID, name: 'Dee New', objCode: 'USER', 'DE:HR ID': 'H-3' });
    fake.directory.update(ID, { isActive: false });
  });

  it('refuses a second active user with one address', async () => {
    const { ID } = fake.directory.add({ firstName: 'Twin', emailAddr: 'ANA@acme.test', isActive: false });

    expect((await json(`/user/${ID}`, putJson({ isActive: true }))).status).toBe(422);
    fake.directory.update(ana, { isActive: false });
    expect((await json(`/user/${ID}`, putJson({ isActive: true }))).status).toBe(200);
    fake.directory.update(ID, { isActive: false });
  });

  it.each(['DELETE', 'POST'])('does not offer %s', async (method) => {
    expect(await json(`/user/${ana}`, { method })).toMatchObject({
      status: 400,
      body: { error: { class: 'java.lang.UnsupportedOperationException' } },
    });
  });
});

describe('limits of size', () => {
  it('refuses a URI longer than 8,892 bytes', async () => {
    const path = '/attask/api/v21.0/user/search?emailAddr=';
    const statusAt = async (bytes: number) =>
      (await fetch(`${fake.url}${path}${'a'.repeat(bytes - path.length)}`, { headers: { apiKey: fake.apiKey } })).status;

    expect([await statusAt(8892), await statusAt(8893)]).toEqual([200, 414]);
  });

  it('refuses a body of more than 1 MB', async () => {
    expect((await json(`/user/${ana}`, putJson({ title: 'x'.repeat(1_000_001) }))).status).toBe(413);
  });
});

describe('the log of calls', () => {
  it('has path, user and outcome of each call, without the values of filters', async () => {
    await json(`/user/search?emailAddr=ana@acme.test&emailAddr_Mod=cieq&$$LIMIT=2&apiKey=${fake.apiKey}`);
    await json(`/user/${ana}?fields=isActive`, putJson({ isActive: false }));

    expect(fake.calls.entries).toMatchObject([
      {
        kind: 'search',
        method: 'GET',
        path: '/attask/api/v21.0/user/search?emailAddr=...&emailAddr_Mod=cieq&$$LIMIT=2&apiKey=...',
        status: 200,
        changed: false,
      },
      { kind: 'write', method: 'PUT', path: `/attask/api/v21.0/user/${ana}?fields=isActive`, userId: ana, status: 200, changed: true },
    ]);
    expect(JSON.stringify(fake.calls.entries)).not.toContain('acme.test');
    expect(JSON.stringify(fake.calls.entries)).not.toContain(fake.apiKey);
  });
});
