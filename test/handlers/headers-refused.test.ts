import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as parsing from '../../lambda/domain/parse.ts';
import { aProxyEvent } from '../support/deliveries.ts';

/** The names that were asked for in spite of the refusal. */
const refused: string[] = [];

/** Headers that refuse every name but those that they have. Whoever goes through all of them sees no other. */
function guarded<Headers extends object>(headers: Headers): Headers {
  const check = (name: string | symbol) => {
    if (typeof name !== 'string' || Object.hasOwn(headers, name) || name in Object.prototype) return;
    refused.push(name);
    throw new Error(`the header ${name} was asked for; no system needs it`);
  };
  return new Proxy(headers, {
    get(target, name, receiver) {
      check(name);
      return Reflect.get(target, name, receiver);
    },
    has(target, name) {
      check(name);
      return Reflect.has(target, name);
    },
    getOwnPropertyDescriptor(target, name) {
      check(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
}

const isRequest = (value: unknown): value is { headers: object; multiValueHeaders: object } =>
  typeof value === 'object' && value !== null && 'headers' in value && 'multiValueHeaders' in value;

/** Parsing copies the headers: the copy refuses as much as the event did. */
const parse: typeof parsing.parse = (schema, value, what) => {
  const parsed = parsing.parse(schema, value, what);
  if (!isRequest(parsed)) return parsed;
  return { ...parsed, headers: guarded(parsed.headers), multiValueHeaders: guarded(parsed.multiValueHeaders) };
};
// Everything below is imported after this, so that it parses with the copy that refuses.
jest.unstable_mockModule('../../lambda/domain/parse.ts', () => ({ ...parsing, parse }));
const { SYSTEM_NAMES, sourceOf } = await import('../../lambda/sources/systems/registry.ts');
const { aReceiver } = await import('../support/a-receiver.ts');
const { configOf, proven, SPECIMENS } = await import('../support/systems.ts');

/** Delivers the system's own sample with guarded headers that have the allowed names and no other. */
async function deliver(name: (typeof SYSTEM_NAMES)[number], sender: { secret: string }) {
  const { good, secret } = SPECIMENS[name];
  const { body, headers } = proven(name, good, sender);
  const source = sourceOf(name, configOf(name));
  const read = async () => [secret];
  const { receive, seen } = aReceiver({ sources: new Map([[name, source]]), secrets: { read, refresh: read } });
  const allowed = [...source.proofHeaders, 'content-type', ...(name === 'okta' ? ['x-okta-verification-challenge'] : [])];
  const sent = Object.fromEntries(Object.entries(headers).filter(([header]) => allowed.includes(header.toLowerCase())));
  const all = Object.fromEntries(Object.entries(sent).map(([header, value]) => [header, [value]]));
  const { statusCode } = await receive(
    aProxyEvent({ source: name, body, headers: guarded(sent), multiValueHeaders: guarded(all), isBase64Encoded: false }),
  );
  return { statusCode, sources: seen.sent.map(({ source: of }) => of) };
}

beforeEach(() => {
  refused.length = 0;
});

describe('headers that refuse every other name', () => {
  it.each(SYSTEM_NAMES)('are enough for a genuine and for a forged delivery of %s', async (name) => {
    const genuine = await deliver(name, SPECIMENS[name]);
    const forged = await deliver(name, { secret: 'QUJD' });

    expect(refused).toEqual([]);
    expect([genuine.statusCode < 300, forged.statusCode]).toEqual([true, 401]);
    expect(new Set(genuine.sources)).toEqual(new Set([name]));
  });
});
