import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { dynamoLedger } from '../../../lambda/aws/ledger.ts';
import { withStatus } from '../../../lambda/domain/event/transition.ts';
import { aBody, allUsers, type FakeRow, listEvents, post, type StartedSystem, startSystem } from '../../support/started-system.ts';
import { runOps } from '../run-ops.ts';

const checks = z.array(
  z.object({ check: z.string(), health: z.enum(['green', 'amber', 'red', 'unknown']), saw: z.string(), cure: z.string().optional() }),
);
const environment = z.record(z.string(), z.string());

/** What is red, by the name of its check, and what it found and says to do. */
type Red = Record<string, RegExp>;

/** One local system: each test makes a fault, lets the doctor find it, and fixes it. */
describe('the doctor', () => {
  let system: StartedSystem;
  let leavers: FakeRow[];
  let settings: Record<string, string>;

  beforeAll(async () => {
    system = await startSystem({ users: 100, policy: { brake: { perHour: 2 } } });
    leavers = (await allUsers(system)).filter(({ isActive, isAdmin }) => isActive && !isAdmin);
    settings = environment.parse(JSON.parse(readFileSync(file(), 'utf8')));
  }, 60_000);
  afterAll(async () => {
    await system.stop();
  });

  const file = () => join(system.dataDir, 'environment.json');
  const ops = (...args: string[]) => runOps(system.dataDir, ...args);
  async function examine(dataDir = system.dataDir) {
    const { code, stdout } = await runOps(dataDir, 'doctor', '--json');
    return { code, all: checks.parse(JSON.parse(stdout)) };
  }
  async function expectRed(expected: Red) {
    const { code, all } = await examine();
    const red = all.filter(({ health }) => health === 'red');
    expect(red.map(({ check }) => check).sort()).toEqual(Object.keys(expected).sort());
    for (const { check, saw, cure } of red) expect(`${saw} -> ${cure}`).toMatch(expected[check] ?? '');
    expect(code).toBe(3);
  }
  const behave = (behaviour: object) => fetch(`${system.workfront}/_fake/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) });
  const deploy = (changes: Record<string, string>) => writeFileSync(file(), JSON.stringify({ ...settings, ...changes }));
  const terminate = (index: number, data: object = {}) =>
    post(system, aBody(leavers[index]?.emailAddr ?? '', data), { id: `msg_${index}` });
  const client = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const endpoint = (service: string) => settings[`AWS_ENDPOINT_URL_${service}`] ?? '';

  it('finds nothing wrong, and says what only a write can show', async () => {
    const { code, all } = await examine();

    expect(code).toBe(0);
    expect(all.filter(({ health }) => health === 'red')).toEqual([]);
    expect(all.filter(({ health }) => health === 'unknown').map(({ check }) => check)).toEqual(['oldest message', 'right to edit']);
    expect(all.find(({ check }) => check === 'users visible')?.saw).toMatch(/^\d+ active users$/);
  }, 30_000);

  it('finds no deployment', async () => {
    const { code, all } = await examine('/nowhere');

    expect(code).toBe(3);
    expect(all.filter(({ health }) => health === 'red')).toEqual([
      expect.objectContaining({ check: 'deployment', saw: expect.stringContaining('run npm start first') }),
    ]);
  }, 30_000);

  it.each<{ what: string; behaviour: object; red: Red }>([
    {
      what: 'a credential that is refused',
      behaviour: { rejectCredential: true },
      red: { credential: /status 401.*-> .*secret set workfront/ },
    },
    {
      what: 'a blind credential',
      behaviour: { blindCredential: true },
      red: { 'users visible': /not even its own user.*-> .*access level/ },
    },
    {
      what: 'Workfront down',
      behaviour: { down: true },
      red: { 'workfront reached': /503.*-> nothing, if Workfront is in maintenance/ },
    },
  ])(
    'finds $what',
    async ({ behaviour, red }) => {
      await behave(behaviour);
      try {
        await expectRed(red);
      } finally {
        await behave(Object.fromEntries(Object.keys(behaviour).map((name) => [name, false])));
      }
    },
    30_000,
  );

  it.each<{ what: string; changes: Record<string, string>; red: Red }>([
    {
      what: 'a version that Workfront withdrew',
      changes: { WORKFRONT_API_VERSION: 'v14.0' },
      red: { 'api version': /410.*-> set workfront.apiVersion/ },
    },
    {
      what: 'the Workfront of another customer',
      changes: { POLICY: JSON.stringify({ customerId: 'e'.repeat(32) }) },
      red: { tenant: /pinned to e{32} -> store the credential of the right customer/ },
    },
    {
      what: 'an address where no Workfront is',
      changes: { WORKFRONT_BASE_URL: 'http://127.0.0.1:9' },
      red: { 'workfront reached': /ECONNREFUSED/, 'workfront clock': /no answer/ },
    },
  ])(
    'finds $what',
    async ({ changes, red }) => {
      deploy(changes);
      try {
        await expectRed(red);
      } finally {
        deploy({});
      }
    },
    30_000,
  );

  it('finds secrets that cannot be used', async () => {
    const secrets = new SecretsManagerClient({ ...client, endpoint: endpoint('SECRETS_MANAGER') });
    const put = (SecretId: string, SecretString: string) => secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
    const source = 'offboarding/local/source/standard-webhooks';
    await put(settings.WORKFRONT_SECRET_ID ?? '', '{"kind":"api-key"}');
    await put(source, 'not base64!');
    await put('offboarding/local/source/hmac', '{"secret":"x"}');
    try {
      await expectRed({
        'secret workfront': /apiKey.*-> .*secret set workfront/,
        credential: /apiKey.*-> .*secret set workfront/,
        'secret hmac': /set, and in a form that nobody can use.*-> .*secret set hmac --replace/,
        'secret standard-webhooks': /secret 1 of 1: it must be base64.*-> .*secret set standard-webhooks/,
      });
      // Without a credential Workfront is not called.
      expect((await examine()).all.find(({ check }) => check === 'workfront reached')?.health).toBe('unknown');
    } finally {
      await put(settings.WORKFRONT_SECRET_ID ?? '', JSON.stringify({ kind: 'api-key', apiKey: system.apiKey }));
      await put(source, system.sources['standard-webhooks']?.secret ?? '');
      await put('offboarding/local/source/hmac', system.sources.hmac?.secret ?? '');
    }
  }, 60_000);

  it('finds a pause', async () => {
    await ops('pause', '--reason', 'HR sent the wrong list');

    await expectRed({ pause: /HR sent the wrong list -> .*resume/ });

    await ops('resume', '--yes');
  }, 60_000);

  it('finds dead letters and deliveries that were not accepted', async () => {
    const sqs = new SQSClient({ ...client, endpoint: endpoint('SQS') });
    await sqs.send(new SendMessageCommand({ QueueUrl: settings.DEAD_LETTER_QUEUE_URL, MessageBody: 'poison' }));
    await post(system, aBody('nobody@acme.test'), { secret: 'whsec_ZGlmZmVyZW50IGtleSBvZiBIUiBzeXN0ZW0h' });

    await expectRed({ 'dead letters': /^1 messages.*-> .*dlq list/ });
    const quarantine = (await examine()).all.find(({ check }) => check === 'quarantine');
    expect(quarantine).toMatchObject({
      health: 'amber',
      saw: '1 of standard-webhooks not proven',
      cure: expect.stringMatching(/quarantine list/),
    });
  }, 30_000);

  const REST = { 'dead letters': /./ };

  it('finds an event whose schedule did not fire, and one that has none', async () => {
    const dynamo = new DynamoDBClient({ ...client, endpoint: endpoint('DYNAMODB') });
    const ledger = dynamoLedger({ client: dynamo, table: settings.LEDGER_TABLE ?? '', keepDays: 400, clock: Date.now });
    await terminate(0, { effective: { at: '2099-01-01T00:00:00Z' } });
    const scheduled = await until(async () => {
      const entry = await ledger.readEntry({ source: 'standard-webhooks', eventId: 'msg_0' });
      return entry?.status === 'scheduled' ? entry : undefined;
    });
    const late = await ledger.writeEntry({ ...scheduled, effectiveAt: new Date(Date.now() - 16 * 60_000).toISOString() });

    await expectRed({ ...REST, schedules: /did not fire -> .*replay msg_0/ });

    await ledger.writeEntry(withStatus(late, 'cancelled', { why: 'test', now: Date.now() }));
    await ledger.writeEntry({ ...scheduled, version: 0, eventId: 'msg_unscheduled' });
    await expectRed({ ...REST, schedules: /have no schedule.*-> .*replay msg_unscheduled/ });
    await ops('cancel', 'msg_unscheduled', '--reason', 'test', '--yes');
  }, 60_000);

  it('finds the brake latched and what it holds, and that users could be edited', async () => {
    await Promise.all([1, 2, 3].map((index) => terminate(index)));
    await until(async () => (await listEvents(system, '--status', 'held')).length === 1);

    await expectRed({ ...REST, brake: /latched.*-> .*brake status/, held: /^1 events.*-> .*list --status held/ });

    expect((await examine()).all.find(({ check }) => check === 'right to edit')).toMatchObject({ health: 'green' });
    await ops('brake', 'release', '--events', '--reason', 'test', '--yes');
  }, 60_000);

  it('finds that the right to edit users is gone', async () => {
    await behave({ readOnlyCredential: true });
    await terminate(4);
    await until(async () => (await listEvents(system, '--status', 'failed')).length === 1);

    await expectRed({
      ...REST,
      failed: /^1 events.*-> .*list --status failed/,
      'right to edit': /refused.*msg_4.*-> give the credential's own user the right/,
    });
  }, 60_000);
});

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (const deadline = Date.now() + 20_000; ; ) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > deadline) throw new Error('expected an answer within 20 s');
  }
}
