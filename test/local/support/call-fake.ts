import { afterAll, afterEach } from '@jest/globals';
import * as z from 'zod';
import { type FakeWorkfront, type FakeWorkfrontOptions, startFakeWorkfront } from '../../../local/workfront/fake-workfront.ts';
import { DEFAULT_BEHAVIOUR } from '../../../local/workfront/http/behaviour.ts';
import { createDirectory, type FakeDirectory } from '../../../local/workfront/users/directory.ts';
import type { FakeUser } from '../../../local/workfront/users/user.ts';

const row = z.record(z.string(), z.unknown());
const answer = z.looseObject({ data: z.unknown().optional(), error: z.object({ class: z.string(), message: z.string() }).optional() });

export type Row = z.infer<typeof row>;
export type Parameters = Record<string, string | string[]>;

/** Encodes parameters as `a=1&b=2&b=3`. */
export function encode(parameters: Parameters): string {
  const pairs = Object.entries(parameters).flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value]));
  return new URLSearchParams(pairs).toString();
}

/** Owner (an administrator), Ana (active), Ben (inactive), Cem (active), each under acme.test. */
export function aSmallDirectory(): FakeDirectory {
  const directory = createDirectory();
  directory.add({ firstName: 'Api', lastName: 'Owner', emailAddr: 'api@acme.test', isAdmin: true });
  directory.add({
    firstName: 'Ana',
    lastName: 'Silva',
    emailAddr: 'ana@acme.test',
    extRefID: '10042',
    customFields: { 'DE:HR ID': 'H-1' },
  });
  directory.add({ firstName: 'Ben', lastName: 'Smith', emailAddr: 'ben@acme.test', isActive: false, ssoUsername: 'bsmith' });
  directory.add({ firstName: 'Cem', lastName: 'O/Neil <3', emailAddr: "Cem.O'Neil+x@acme.test", username: 'cem' });
  return directory;
}

/** Starts a fake for the tests of one file. After each test it resets the switches and forgets the calls. */
export async function aFake(options: FakeWorkfrontOptions = {}) {
  const fake = await startFakeWorkfront({ directory: aSmallDirectory(), ...options });
  const initial = { ...structuredClone(DEFAULT_BEHAVIOUR), apiKeys: [fake.apiKey], ...options.behaviour };
  afterEach(() => {
    Object.assign(fake.behaviour, structuredClone(initial));
    fake.calls.clear();
  });
  afterAll(() => fake.close());
  return { fake, ...callsTo(fake) };
}

export function callsTo(fake: FakeWorkfront) {
  const api = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has('apiKey')) headers.set('apiKey', fake.apiKey);
    return fetch(`${fake.url}/attask/api/v21.0${path}`, { ...init, headers });
  };

  return {
    /** Calls with the good key; the path begins after the version. */
    api,
    /** Calls, and parses the body. */
    async json(path: string, init: RequestInit = {}) {
      const response = await api(path, init);
      return { status: response.status, headers: response.headers, body: answer.parse(await response.json()) };
    },
    /** The rows that a search finds. @throws if it is refused */
    async search(parameters: Parameters): Promise<Row[]> {
      const response = await api(`/user/search?${encode(parameters)}`);
      return z.object({ data: z.array(row) }).parse(await response.json()).data;
    },
    /** The first names that a search finds, sorted. */
    async names(parameters: Parameters): Promise<string[]> {
      const response = await api(`/user/search?${encode({ fields: 'firstName', ...parameters })}`);
      const { data } = z.object({ data: z.array(z.object({ firstName: z.string() })) }).parse(await response.json());
      return data.map(({ firstName }) => firstName).sort();
    },
    user(firstName: string): FakeUser {
      const found = fake.directory.find((user) => user.firstName === firstName);
      if (found === undefined) throw new Error(`the fake has no user named ${firstName}`);
      return found;
    },
  };
}

export const putJson = (body: unknown): RequestInit => ({
  method: 'PUT',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const form = (method: string, parameters: Parameters): RequestInit => ({
  method,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: encode(parameters),
});
