import { afterAll, describe, expect, it } from '@jest/globals';
import { DAY, toInstant } from '../../../lambda/domain/time/time.ts';
import type { VerifyScheme } from '../../../lambda/sources/scheme.ts';
import type { Source } from '../../../lambda/sources/source.ts';
import { SYSTEM_NAMES, type SystemName, schemeOf, sourceOf } from '../../../lambda/sources/systems/registry.ts';
import { proofHeaders } from '../../../lambda/sources/verify.ts';
import { judgeKept } from '../../../ops/queues/reverify.ts';
import { aFieldStage } from '../../support/a-field-stage.ts';
import { aReceiver } from '../../support/a-receiver.ts';
import { guid } from '../../support/builders.ts';
import { aProxyEvent, NOW } from '../../support/deliveries.ts';
import { BIG, configOf, IN_BODY, proven, SPECIMENS, type Specimen } from '../../support/systems.ts';

const NAMES = SYSTEM_NAMES;
const PREVIOUS: Partial<Record<SystemName, string>> = {
  canonical: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSa',
  finch: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
};
const previousOf = (name: SystemName) => PREVIOUS[name] ?? (SPECIMENS[name].secret.includes(':') ? 'old:secret' : 'the previous secret');

const SOURCES = new Map<string, Source>(NAMES.map((name) => [name, sourceOf(name, configOf(name))]));

const secrets = async (secretId: string): Promise<readonly string[]> =>
  NAMES.flatMap((name) => (secretId === `${name}-secret` ? [SPECIMENS[name].secret, previousOf(name)] : []));

type Overrides = Parameters<typeof aReceiver>[0];
type Request = { source: string; body?: string | null; headers?: Record<string, string>; [key: string]: unknown };

async function send(request: Request, overrides: Overrides = {}) {
  const { receive, seen } = aReceiver({ sources: SOURCES, secrets: { read: secrets, refresh: secrets }, ...overrides });
  const answer = await receive(aProxyEvent(request));
  return { ...seen, answer };
}

async function sendSigned(name: SystemName, body: string, sender: { secret?: string; at?: number } = {}, overrides: Overrides = {}) {
  return send({ source: name, ...proven(name, body, { secret: SPECIMENS[name].secret, ...sender }) }, overrides);
}

const table = new Map<string, Map<string, string>>();

/** A case of the contract for each system that has it. The table at the end shows which systems do not have it. */
function eachSystem(
  what: string,
  has: (specimen: Specimen, name: SystemName) => boolean,
  prove: (name: SystemName, specimen: Specimen) => Promise<void>,
): void {
  describe(what, () => {
    for (const name of NAMES) {
      const row = table.get(name) ?? new Map<string, string>();
      table.set(name, row.set(what, '-'));
      if (!has(SPECIMENS[name], name)) continue;
      it(`${name}`, async () => {
        row.set(what, 'FAILS');
        await prove(name, SPECIMENS[name]);
        row.set(what, 'ok');
      });
    }
  });
}

const all = () => true;

afterAll(() => {
  const columns = [...(table.values().next().value?.keys() ?? [])];
  const rows = [...table].map(([name, row]) => [
    name.padEnd(15),
    ...columns.map((column) => (row.get(column) ?? '-').padEnd(column.length)),
  ]);
  process.stdout.write(`\n${[['system'.padEnd(15), ...columns], ...rows].map((cells) => cells.join('  ')).join('\n')}\n\n`);
});

const answeredAsSuccess = ({ answer }: { answer: { statusCode: number; body: string } }, { answered }: Specimen) => {
  expect(answer.statusCode).toBe(answered.status);
  if (answered.body !== undefined) expect(answer.body).toMatch(answered.body);
};

eachSystem('good', all, async (name, specimen) => {
  const seen = await sendSigned(name, specimen.good);

  answeredAsSuccess(seen, specimen);
  expect(seen.sent).toMatchObject([{ source: name, kind: 'arrival' }]);
  expect(seen.sent.map(({ event }) => event)).toEqual([specimen.becomes]);
});

eachSystem('old secret', all, async (name, { good }) => {
  expect((await sendSigned(name, good, { secret: previousOf(name) })).sent).toHaveLength(1);
});

eachSystem('forged', all, async (name, { good, secret }) => {
  const wrongKey = await sendSigned(name, good, {
    secret: PREVIOUS[name] === undefined ? 'some:thing else' : 'C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
  });
  const unsigned = await send({ source: name, body: good });

  for (const seen of [wrongKey, unsigned]) {
    expect(seen.answer.statusCode).toBe(401);
    expect(seen.sent).toEqual([]);
    expect(seen.forged).toHaveLength(1);
  }
  const { headers } = proven(name, good, { secret });
  if (Object.keys(headers).some((header) => /signature/i.test(header))) {
    expect((await send({ source: name, body: `${good} `, headers })).answer.statusCode).toBe(401);
  }
});

eachSystem('for another', all, async (name, { good, secret }) => {
  for (const other of NAMES.filter((one) => one !== name)) {
    const seen = await send({ source: other, ...proven(name, good, { secret }) });

    expect(seen.answer.statusCode).toBe(401);
    expect(seen.sent).toEqual([]);
  }
});

eachSystem(
  'stale',
  ({ hasTime }) => hasTime === true,
  async (name, { good }) => {
    for (const at of [NOW - 301_000, NOW + 301_000]) {
      const { answer, sent } = await sendSigned(name, good, { at });

      expect(answer.statusCode).toBe(401);
      expect(sent).toEqual([]);
    }
  },
);

eachSystem('replayed', all, async (name, { good, hasTime }) => {
  const [once, again] = [await sendSigned(name, good), await sendSigned(name, good, hasTime ? { at: NOW + 60_000 } : {})];

  expect(again.sent).toEqual(once.sent);
});

eachSystem(
  'ping',
  ({ ping }) => ping !== undefined,
  async (name, { ping }) => {
    const nobody = async () => [];
    const seen = await send(
      {
        source: name,
        body: ping?.body ?? null,
        httpMethod: ping?.method ?? 'POST',
        queryStringParameters: ping?.query ?? null,
        headers: ping?.headers ?? {},
      },
      {
        secrets: { read: nobody, refresh: nobody },
      },
    );

    expect(seen.answer.statusCode).toBe(200);
    expect(seen.answer.body).toBe(ping?.answer);
    expect([seen.sent, seen.kept]).toEqual([[], []]);
  },
);

eachSystem(
  'foreign',
  ({ foreign }) => foreign !== undefined,
  async (name, specimen) => {
    const seen = await sendSigned(name, specimen.foreign ?? '');

    expect(seen.answer.statusCode).toBe(specimen.answered.status);
    expect([seen.sent, seen.kept, seen.forged]).toEqual([[], [], []]);
    expect(seen.counts.Ignored).toBe(1);
  },
);

eachSystem(
  'thin',
  ({ thin }) => thin !== undefined,
  async (name, { thin, becomes }) => {
    const [arrival] = (await sendSigned(name, thin?.body ?? '')).sent;

    expect(arrival?.event.employee.sourceId).toBe(thin?.sourceId);
    if (arrival?.event.type === 'employee.terminated' && arrival.event.unconfirmed) {
      expect(Object.keys(arrival.event.employee)).toEqual(['sourceId']);
    } else expect(arrival?.event).toEqual(becomes);
  },
);

eachSystem(
  'batch',
  ({ batch }) => batch !== undefined,
  async (name, { batch }) => {
    const { sent } = await sendSigned(name, batch?.body ?? '');

    expect(new Set(sent.map(({ eventId }) => eventId)).size).toBe(batch?.events);
  },
);

eachSystem('unknown fields', all, async (name, { good, becomes }) => {
  const more = good.startsWith('<')
    ? good.replace('<ns7:events>', '<ns7:later>x</ns7:later><ns7:events>')
    : good.startsWith('{')
      ? good.replace('{', '{"later":{"type":"employee.terminated"},')
      : `${good}&later=x`;

  expect((await sendSigned(name, more)).sent.map(({ event }) => event)).toEqual([becomes]);
});

const MAY_BE_LIST: readonly SystemName[] = ['factorial', 'paylocity', 'remote', 'rippling', 'workday'];

eachSystem('wrong types', all, async (name, specimen) => {
  const nothing = IN_BODY.includes(name)
    ? []
    : specimen.good.startsWith('<')
      ? ['<a/>', '<a', 'x']
      : ['null', '[]', '5', '{}', '{"', '"x"'];
  // Some bodies may be a list, and an empty one is a day without leavers.
  for (const body of [specimen.wrong, ...nothing].filter((one) => !MAY_BE_LIST.includes(name) || one !== '[]')) {
    const seen = await sendSigned(name, body);

    expect(specimen.refused ?? [specimen.answered.status]).toContain(seen.answer.statusCode);
    expect(seen.sent).toEqual([]);
    expect(seen.kept).toMatchObject([{ why: 'unreadable', source: name }]);
    expect(JSON.stringify([seen.lines, seen.answer])).not.toMatch(/ana@acme\.test|Silva/);
    expect(JSON.stringify(seen.kept)).not.toContain(specimen.secret);
  }
});

eachSystem(
  'nobody',
  ({ nobody }) => nobody !== undefined,
  async (name, specimen) => {
    const seen = await sendSigned(name, specimen.nobody ?? '');

    expect(seen.answer.statusCode).toBe(specimen.answered.status);
    expect([seen.sent, seen.kept, seen.forged, seen.counts.Ignored, seen.counts.Unreadable]).toEqual([[], [], [], 0, undefined]);
  },
);

eachSystem(
  'one bad record among good ones',
  ({ oneBad }) => oneBad !== undefined,
  async (name, specimen) => {
    const seen = await sendSigned(name, specimen.oneBad ?? '');

    expect(seen.answer.statusCode).toBe(specimen.answered.status);
    expect(new Set(seen.sent.map(({ eventId }) => eventId)).size).toBe(2);
    expect(seen.kept).toMatchObject([
      { why: 'unreadable', source: name, detail: expect.stringMatching(/^2 accepted, 1 left out; \w+ 1: /) },
    ]);
    expect(seen.counts).toMatchObject({ Queued: 2, Unreadable: 1 });
    expect(seen.lines).toMatchObject([{ level: 'error', sentence: 'delivery accepted in part, and kept' }]);
    expect(JSON.stringify([seen.lines, seen.answer])).not.toMatch(/ana@acme\.test|Silva/);

    const [kept] = seen.kept;
    if (kept === undefined) throw new Error('expected a kept delivery, got none');
    const again = await judgeKept(kept, { sources: { [name]: configOf(name) }, secrets: { read: secrets } });
    expect(again).toMatchObject({ kind: 'accepted', arrivals: [{}, {}], leftOut: [expect.stringMatching(/^\w+ 1: /)] });

    const broken = { keep: async () => Promise.reject(new Error('down')), keepForged: async () => false };
    const unkept = await sendSigned(name, specimen.oneBad ?? '', {}, { quarantine: broken });
    expect([unkept.answer.statusCode, unkept.sent.length]).toEqual([503, 2]);
  },
);

eachSystem(
  'unknown word',
  ({ unknownWord }) => unknownWord !== undefined,
  async (name, { unknownWord }) => {
    const seen = await sendSigned(name, unknownWord ?? '');

    expect(seen.sent.map(({ event }) => event)).toEqual(
      seen.sent.map(() => expect.objectContaining({ type: 'employee.terminated', unconfirmed: true })),
    );
    expect(seen.sent.length + seen.kept.length).toBe(1);
  },
);

eachSystem('big number', all, async (name, { bigNumber }) => {
  const seen = await sendSigned(name, bigNumber);

  expect(seen.sent.length + seen.kept.length).toBe(1);
  for (const { event } of seen.sent) expect(JSON.stringify(event.employee)).toContain(`"${BIG}"`);
});

eachSystem('huge', all, async (name, { good }) => {
  const { answer, sent } = await sendSigned(name, good.padEnd(512 * 1024 + 1));

  expect(answer.statusCode).toBe(413);
  expect(sent).toEqual([]);
});

eachSystem('empty', all, async (name, specimen) => {
  const seen = await sendSigned(name, '');

  expect(seen.sent).toEqual([]);
  expect((await send({ source: name, body: null })).answer.statusCode).toBe(401);
  if (IN_BODY.includes(name)) {
    expect([seen.answer.statusCode, seen.forged.length]).toEqual([401, 1]);
    return;
  }
  expect(seen.kept).toHaveLength(1);
  expect(specimen.refused ?? [specimen.answered.status]).toContain(seen.answer.statusCode);
});

eachSystem('our fault', all, async (name, { good }) => {
  const broken = async () => {
    throw new Error('down');
  };
  const none = async () => [];
  const empty = async () => [''];
  const outages: Overrides[] = [
    { secrets: { read: broken, refresh: broken } },
    { secrets: { read: none, refresh: none } },
    { secrets: { read: empty, refresh: empty } },
    { queue: { sendAll: broken } },
  ];
  for (const outage of outages) {
    expect((await sendSigned(name, good, {}, outage)).answer.statusCode).toBeGreaterThanOrEqual(500);
  }
});

eachSystem('last try', all, async (name, { good }) => {
  const full = { keep: async () => undefined, keepForged: async () => false };
  const isFinal = SOURCES.get(name)?.answers.refusalIsFinal;
  const forged = await send({ source: name, ...proven(name, good, { secret: 'AAAA' }) }, { quarantine: full });
  const unsigned = await send({ source: name, body: good }, { quarantine: full });

  expect(forged.answer.statusCode).toBe(isFinal ? 503 : 401);
  expect(unsigned.answer.statusCode).toBe(401);
});

const A_YEAR = 365 * DAY;

eachSystem('delivered again a year later', all, async (name, { good, becomes, secret, hasTime }) => {
  const { email = 'ana@acme.test', employeeNumber, customFields = {}, sourceId } = becomes.employee;
  const ana = {
    id: guid(1),
    emailAddr: email,
    ssoUsername: email,
    extRefID: employeeNumber,
    customFields,
    firstName: 'Ana',
    lastName: 'Silva',
  };
  const matchKeys = [
    { field: 'emailAddr', from: 'email' },
    { field: 'extRefID', from: 'employeeNumber' },
    ...Object.keys(customFields).map((field) => ({ field, from: 'customField' })),
  ];
  const isAsked = becomes.type === 'employee.terminated' && becomes.unconfirmed === true;
  const config = configOf(name);
  const settings =
    becomes.type === 'employee.terminated' && becomes.doubt !== undefined ? { ...config.settings, unasked: 'act' } : config.settings;
  const field = aFieldStage({
    sources: { [name]: { ...config, settings } },
    users: [ana],
    lookUps: isAsked ? [name] : [],
    rules: { matchKeys },
    now: NOW,
    secrets: [secret],
  });
  const hrSays = (standing: 'left' | 'employed') =>
    field.desk.hr.says.set(sourceId ?? '', {
      employee: { sourceId: sourceId ?? '', email },
      standing,
      lastDay: undefined,
      startedOn: undefined,
    });
  hrSays('left');
  const deliver = ({ at }: { at: number }) => {
    const { body, headers } = proven(name, good, { secret, at });
    return field.send(name, body, headers);
  };
  await deliver({ at: NOW });
  await field.moveTo('2027-01-01T00:00:00Z');
  expect(field.deactivated()).toEqual([ana.id]);

  hrSays('employed');
  const user = field.desk.directory.users.get(ana.id);
  if (user === undefined) throw new Error('expected the user, got none');
  Object.assign(user, { isActive: true, lastLoginAt: toInstant(NOW + A_YEAR - DAY) });
  field.desk.now = NOW + A_YEAR;
  await deliver({ at: hasTime ? field.desk.now : NOW });
  await field.moveTo(toInstant(NOW + A_YEAR + 60 * DAY));

  expect(field.deactivated()).toEqual([ana.id]);
  expect(field.rests().filter((rest) => /^(received|processing|scheduled)/.test(rest))).toEqual([]);
});

/** The scheme of a system with another name for each header that proves a delivery; undefined if its name is fixed. */
function renamedScheme(scheme: VerifyScheme): VerifyScheme | undefined {
  switch (scheme.kind) {
    case 'standard-webhooks':
      return { ...scheme, idHeader: 'renamed-id', timestampHeader: 'renamed-timestamp', signatureHeader: 'renamed-signature' };
    case 'hmac':
      return {
        ...scheme,
        header: 'Renamed-Signature',
        ...(scheme.timestampHeader !== undefined && { timestampHeader: 'Renamed-Timestamp' }),
      };
    case 'bearer':
      return { ...scheme, header: 'X-Renamed' };
    case 'basic':
    case 'in-body':
      return undefined;
  }
}

eachSystem(
  'header renamed',
  (_, name) => renamedScheme(schemeOf(configOf(name))) !== undefined,
  async (name, { good, sign, secret }) => {
    const [config, reader] = [configOf(name), { read: secrets }];
    const scheme = renamedScheme(schemeOf(config)) ?? { kind: 'basic' };
    const known = SOURCES.get(name)?.proofHeaders ?? [];
    const names = new Map(known.map((header, at) => [header, proofHeaders(scheme)[at] ?? '']));
    const headers = Object.fromEntries(
      Object.entries(sign(good, { secret })).map(([header, value]) => [names.get(header.toLowerCase()) ?? header, value]),
    );
    const seen = await send({ source: name, body: good, headers });

    expect([seen.answer.statusCode, seen.sent]).toEqual([401, []]);
    expect(seen.forged).toMatchObject([{ detail: expect.stringContaining('none of the headers of this scheme came') }]);
    const [kept] = seen.forged;
    if (kept === undefined) throw new Error('expected a kept delivery, got none');
    const before = await judgeKept(kept, { sources: { [name]: config }, secrets: reader });
    expect(before).toMatchObject({ kind: 'refused', why: expect.stringContaining('none of the headers of') });
    const after = await judgeKept(kept, { sources: { [name]: { ...config, scheme } }, secrets: reader });
    expect(after).toMatchObject({ kind: 'accepted', arrivals: [{ source: name }], leftOut: [] });
  },
);

it("keeps the token that is the key of Gusto's signatures, for a person to take", async () => {
  const body = '{"verification_token":"abc123","webhook_subscription_uuid":"d2b8"}';
  const full = { keep: async () => undefined, keepForged: async () => false };

  const { forged } = await send({ source: 'gusto', body });
  expect(forged.map(({ bodyBase64 }) => Buffer.from(bodyBase64, 'base64').toString())).toEqual([body]);
  expect((await send({ source: 'gusto', body }, { quarantine: full })).answer.statusCode).toBe(503);
});

it('does not keep a ping', async () => {
  expect((await send({ source: 'hibob', body: '{"text": "Ping test"}' })).forged).toEqual([]);
});

it('has a case for every system', () => {
  expect(NAMES.every((name) => SOURCES.has(name))).toBe(true);
  expect(NAMES.filter((name) => SOURCES.get(name)?.answers.refusalIsFinal)).toEqual(['bamboohr', 'okta', 'personio']);
});
