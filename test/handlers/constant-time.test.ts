import * as crypto from 'node:crypto';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { aProxyEvent } from '../support/deliveries.ts';

const compare = jest.fn(crypto.timingSafeEqual);
// Everything below is imported after this, so that it compares with the spy.
jest.unstable_mockModule('node:crypto', () => ({ ...crypto, timingSafeEqual: compare }));
const { SYSTEM_NAMES, sourceOf } = await import('../../lambda/sources/systems/registry.ts');
const { aReceiver } = await import('../support/a-receiver.ts');
const { configOf, proven, SPECIMENS } = await import('../support/systems.ts');

const OTHER_SECRETS = new Map(
  SYSTEM_NAMES.map((name) => {
    const { secret } = SPECIMENS[name];
    // Of the same length and form, with another letter at its end.
    return [name, secret.replace(/.(=*)$/, (end, padding: string) => `${end.startsWith('A') ? 'Q' : 'A'}${padding}`)];
  }),
);

/** Delivers the system's own sample, signed by this secret. */
async function deliver(name: (typeof SYSTEM_NAMES)[number], secret = SPECIMENS[name].secret): Promise<number> {
  const read = async () => [SPECIMENS[name].secret];
  const { receive } = aReceiver({ sources: new Map([[name, sourceOf(name, configOf(name))]]), secrets: { read, refresh: read } });
  return (await receive(aProxyEvent({ source: name, ...proven(name, SPECIMENS[name].good, { secret }) }))).statusCode;
}

beforeEach(() => {
  compare.mockReset();
  compare.mockImplementation(crypto.timingSafeEqual);
});

describe.each(SYSTEM_NAMES)('the secret of %s', (name) => {
  it('decides with nothing but a comparison in constant time', async () => {
    expect(await deliver(name)).toBeLessThan(300);
    expect(await deliver(name, OTHER_SECRETS.get(name))).toBe(401);
    expect(compare).toHaveBeenCalled();

    compare.mockReturnValue(false);
    expect(await deliver(name)).toBe(401);
    compare.mockReturnValue(true);
    expect(await deliver(name, OTHER_SECRETS.get(name))).toBeLessThan(300);
  });

  it('is compared as digests of one length, so that timing does not reveal how long it is', async () => {
    await deliver(name);
    await deliver(name, 'QUJD');

    compare.mockReturnValue(true);
    expect(await deliver(name, 'QUJD')).toBeLessThan(300);

    const sizes = compare.mock.calls.flatMap(([one, other]) => [one.byteLength, other.byteLength]);
    expect(new Set(sizes)).toEqual(new Set([32]));
  });
});

it('is not compared with thousands of secrets that a forger put into one body', async () => {
  const value = Array.from({ length: 5000 }, (_, at) => ({ clientState: `guess ${at}` }));
  const read = async () => [SPECIMENS.entra.secret];
  const { receive } = aReceiver({ sources: new Map([['entra', sourceOf('entra', configOf('entra'))]]), secrets: { read, refresh: read } });

  expect((await receive(aProxyEvent({ source: 'entra', body: JSON.stringify({ value }) }))).statusCode).toBe(401);
  expect(compare.mock.calls.length).toBeLessThan(10);
});
