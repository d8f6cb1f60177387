import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { SYSTEM_NAMES, type SystemName, sourceOf } from '../../lambda/sources/systems/registry.ts';
import { aReceiver } from '../support/a-receiver.ts';
import { aProxyEvent, aSignedEvent, hmacHeaders, terminationItem } from '../support/deliveries.ts';
import { configOf, IN_BODY, SPECIMENS } from '../support/systems.ts';

const SOURCES = new Map(SYSTEM_NAMES.map((name) => [name, sourceOf(name, configOf(name))]));
const read = async (secretId: string) => SYSTEM_NAMES.filter((name) => secretId === `${name}-secret`).map((name) => SPECIMENS[name].secret);

/** Sends a body to every system, signed with its own secret, as a hijacked or broken HR system would. */
async function sendEach(body: string) {
  const outcomes: [SystemName, number, number][] = [];
  for (const source of SYSTEM_NAMES) {
    const { sign, secret } = SPECIMENS[source];
    const { receive, seen } = aReceiver({ sources: SOURCES, secrets: { read, refresh: read } });
    const raw = Buffer.from(body);
    const event = aProxyEvent({ source, body: raw.toString('base64'), isBase64Encoded: true, headers: sign(raw, { secret }) });
    outcomes.push([source, (await receive(event)).statusCode, seen.sent.length]);
  }
  return outcomes;
}

const deep = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);
const LEVELS = 80_000;

describe('a signed body that', () => {
  it.each([
    ['is lists within lists', deep('[', ']', LEVELS)],
    ['is objects within objects', `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`],
    ['is elements within elements', deep('<a>', '</a>', LEVELS)],
    ['is elements within elements within an envelope', `<Envelope><Body>${deep('<event>', '</event>', LEVELS / 4)}</Body></Envelope>`],
    ['declares entities that grow', `<!DOCTYPE a [<!ENTITY b "${'b'.repeat(99)}"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>`],
    ['names a file as an entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['has as many attributes as fit', `<a ${Array.from({ length: 30_000 }, (_, at) => `b${at}="c"`).join(' ')}/>`],
    ['is numbers without end', `{"type":${'9'.repeat(500_000)}}`],
    ['has the keys of every object', '{"__proto__":{"type":"employee.terminated"},"constructor":{"prototype":{"type":1}},"toString":1}'],
    ['has half a character', '{"type":"\\ud800"}'],
    ['begins comments without end', '<!--'.repeat(LEVELS)],
    ['is nothing', ''],
    ['is null', 'null'],
  ])('%s ends in no event and in no fault of ours, whatever the system', async (_, body) => {
    const outcomes = await sendEach(body);

    expect(outcomes).toHaveLength(SYSTEM_NAMES.length);
    // 401 means that nobody read the body, but where the proof is in it.
    const isWrong = ([source, status, sent]: (typeof outcomes)[number]) => {
      return status >= 500 || (status === 401 && !IN_BODY.includes(source)) || sent > 0;
    };
    expect(outcomes.filter(isWrong)).toEqual([]);
    expect(Object.prototype).not.toHaveProperty('type');
  });
});

describe('a delivery', () => {
  const answerTo = async (event: object) => {
    const { receive, seen } = aReceiver();
    return { status: (await receive(event)).statusCode, ...seen };
  };

  it('is never unpacked, so that a small body cannot become a large one', async () => {
    const bomb = gzipSync(JSON.stringify(terminationItem()).padEnd(5_000_000));
    const headers = { ...hmacHeaders(bomb), 'content-encoding': 'gzip' };
    const event = aProxyEvent({ source: 'payroll', body: bomb.toString('base64'), isBase64Encoded: true, headers });

    expect(await answerTo(event)).toMatchObject({ status: 400, sent: [], kept: [{ why: 'unreadable' }] });
  });

  it('with a key twice means the last value, for us and for every later reader', async () => {
    const body =
      '{"type":"employee.created","type":"employee.terminated","data":{"employee":{"email":"a@acme.test","email":"b@acme.test"},"effective":{"immediate":true}}}';
    const { sent } = await answerTo(aSignedEvent(body));

    expect(sent.map(({ event }) => event.employee.email)).toEqual(['b@acme.test']);
  });

  it.each(['hr/../payroll', '../hr', 'hr%2f', 'hr\u0000', 'ｈｒ', 'HR', 'hr ', 'hr?x', 'h\u200br', '..', 'secrets'])(
    'to a name that only looks like a source goes to no source: %j',
    async (source) => {
      const { status, sent, forged } = await answerTo(aSignedEvent(terminationItem(), { source }));

      expect([status, sent, forged]).toEqual([404, [], []]);
    },
  );

  it('takes no key, secret, source or time from a header that names one', async () => {
    const headers = {
      'x-forwarded-for': '127.0.0.1',
      'x-http-method-override': 'GET',
      'x-original-url': '/webhooks/payroll',
      'webhook-secret': 'whsec_AAAA',
      'x-amz-source': 'payroll',
      date: 'Thu, 01 Jan 1970 00:00:00 GMT',
    };
    const { sent } = await answerTo(aSignedEvent(terminationItem(), { headers }));

    expect(sent).toMatchObject([{ source: 'hr', receivedAt: '2026-11-24T09:00:00.000Z' }]);
  });

  it('writes one line to the log, in which no content of a delivery can end a line or begin a field', async () => {
    const id = `evil","level":"INFO","x":"`;
    const { lines } = await answerTo(
      aSignedEvent(terminationItem({ data: { id, effective: {}, employee: { email: 'a\n{"level":"INFO"}@b' } } })),
    );

    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toMatch(/evil|INFO/);
  });
});
