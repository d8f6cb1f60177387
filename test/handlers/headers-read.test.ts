import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { SYSTEM_NAMES, sourceOf } from '../../lambda/sources/systems/registry.ts';
import { aReceiver } from '../support/a-receiver.ts';
import { aProxyEvent, aSignedEvent, standardHeaders, terminationItem } from '../support/deliveries.ts';
import { configOf, IN_BODY, proven, SPECIMENS } from '../support/systems.ts';

const MARKER = 'x-marker-of-the-headers';

/** Notes the name of every header that is looked up, in whatever way the headers are passed on: they are the map with the marker. */
function headersAsked(): Set<string> {
  const asked = new Set<string>();
  const { get, has } = Map.prototype;
  const isHeaders = (map: Map<unknown, unknown>) => typeof get.call(map, MARKER) === 'string';
  jest.spyOn(Map.prototype, 'get').mockImplementation(function (this: Map<unknown, unknown>, name) {
    if (isHeaders(this)) asked.add(String(name));
    return get.call(this, name);
  });
  jest.spyOn(Map.prototype, 'has').mockImplementation(function (this: Map<unknown, unknown>, name) {
    if (isHeaders(this)) asked.add(String(name));
    return has.call(this, name);
  });
  return asked;
}

/** Every text in quotes in our code: a header that the code reads is one of them. */
function textsInOurCode(): string[] {
  const files = readdirSync('lambda', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const texts = files.flatMap((file) => [...readFileSync(join('lambda', file), 'utf8').matchAll(/(['"`])([A-Za-z][\w-]*)\1/g)]);
  return [...new Set(texts.map(([, , text = '']) => text.toLowerCase()))];
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('of the headers of a delivery', () => {
  it.each(SYSTEM_NAMES)('from %s only those that prove it, its content type and the challenge of its system are read', async (name) => {
    const { good, secret } = SPECIMENS[name];
    const source = sourceOf(name, configOf(name));
    const read = async () => [secret];
    const { receive, seen } = aReceiver({ sources: new Map([[name, source]]), secrets: { read, refresh: read } });
    const delivery = (body: string, sender: { secret: string }) => {
      const { body: sent, headers } = proven(name, body, sender);
      return receive(aProxyEvent({ source: name, body: sent, headers: { ...headers, [MARKER]: 'here' } }));
    };
    const asked = headersAsked();

    const genuine = await delivery(good, { secret });
    const forged = await delivery(good, { secret: 'QUJD' });
    const unreadable = await delivery(IN_BODY.includes(name) ? '{"value":[{"clientState":"","resource":7}]}' : '?', { secret });
    jest.restoreAllMocks();

    expect([genuine.statusCode < 300, forged.statusCode, seen.kept.length]).toEqual([true, 401, 1]);
    expect(unreadable.statusCode).not.toBe(401);
    const allowed = [...source.proofHeaders, 'content-type', ...(name === 'okta' ? ['x-okta-verification-challenge'] : [])];
    expect(asked.size > 0).toBe(!IN_BODY.includes(name));
    expect([...asked].filter((one) => !allowed.includes(one))).toEqual([]);
  });

  it('none but those changes where it goes, what it says or when it came, whatever name our code may know', async () => {
    const names = textsInOurCode();
    const body = JSON.stringify(terminationItem());
    const known = Object.keys(standardHeaders(body));
    const answerTo = async (headers: Record<string, string>) => {
      const { receive, seen } = aReceiver();
      const { statusCode, body: answer } = await receive(aSignedEvent(body, { headers }));
      return { statusCode, answer, ...seen };
    };

    const plain = await answerTo({});
    expect(plain.sent).toHaveLength(1);
    expect(names).toEqual(expect.arrayContaining(known));
    for (const value of ['payroll', 'GET', '1970-01-01T00:00:00Z']) {
      const hostile = names.filter((name) => !known.includes(name)).map((name) => [name, value]);
      expect(await answerTo(Object.fromEntries(hostile))).toEqual(plain);
    }
  });
});
