import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../lambda/domain/failures.ts';
import { readStage } from '../../lib/read-stage.ts';
import type { StageInput } from '../../lib/stage.ts';
import { stages } from '../../lib/stages.ts';
import { ACCESS, NETWORK } from './synthesise.ts';

const aStage = {
  workfront: { baseUrl: 'https://acme.my.workfront.com' },
  sources: { hr: { scheme: { kind: 'standard-webhooks' } } },
  throttle: { ratePerSecond: 10, burst: 20 },
  dropResourcesOnDelete: false,
} satisfies StageInput;

/** People are found by a custom field, which is a match key of the source. */
const BY_FIELD = { system: 'gusto', settings: { employeeIdIs: 'DE:Gusto ID' } } as const;
const MAPPING = { type: { path: 'type', terminated: ['left'] } };
const GUSTO_KEY = { field: 'DE:Gusto ID', from: 'customField' } as const;

const workfront = (changes: object) => ({ workfront: { ...aStage.workfront, ...changes } });

describe('a stage', () => {
  it('is valid in lib/stages.ts, whatever an operator has written there', () => {
    for (const name of Object.keys(stages)) expect(() => readStage(name, stages)).not.toThrow();
  });

  it('has safe defaults for all that it leaves out', () => {
    const stage = readStage('test', { test: aStage });

    expect(stage.workfront).toEqual({
      baseUrl: 'https://acme.my.workfront.com',
      apiVersion: 'v21.0',
      keyLifetimeDays: 30,
      callsInFlight: 4,
    });
    expect(stage.logRetentionDays).toBe(400);
    expect(stage).toMatchObject({ access: {}, reserveConcurrency: false });
    expect(stage.policy).toMatchObject({ dryRun: false, holdAdministrators: true, brake: { perHour: 20 } });
  });

  it.each([['https://acme.preview.workfront.com'], ['https://acme.sb01.workfront.com'], ['https://acme.my.workfront.adobe.com']])(
    'may name any Workfront environment: %s',
    (baseUrl) => {
      expect(readStage('test', { test: { ...aStage, ...workfront({ baseUrl }) } }).workfront.baseUrl).toBe(baseUrl);
    },
  );

  it('knows of every source what its system sends', () => {
    const { policy } = readStage('test', {
      test: {
        ...aStage,
        policy: { sources: { gusto: { matchKeys: [GUSTO_KEY] } } },
        sources: {
          hr: aStage.sources.hr,
          gusto: BY_FIELD,
          numbered: { system: 'gusto', settings: { employeeIdIs: 'employeeNumber' } },
          hibob: { system: 'hibob' },
          asked: { system: 'hibob', lookUp: {} },
          workday: { system: 'workday', settings: { mapping: { type: { path: 't', terminated: ['T'] }, employeeNumber: 'n' } } },
        },
      },
    });

    expect(Object.entries(policy.sources).map(([name, rules]) => [name, rules.sendsNumbers, rules.sendsAgainForDays])).toEqual([
      ['gusto', false, 7],
      ['hr', true, 7],
      ['numbered', true, 7],
      ['hibob', false, 7],
      ['asked', true, 7],
      ['workday', true, 7],
    ]);
  });

  it('has the rules of a source as they are written, whatever its system sends', () => {
    const written = { hr: { sendsNumbers: false, approval: true }, gusto: { sendsAgainForDays: 30, matchKeys: [GUSTO_KEY] } };
    const sources = { hr: aStage.sources.hr, gusto: BY_FIELD };

    expect(readStage('test', { test: { ...aStage, sources, policy: { sources: written } } }).policy.sources).toMatchObject({
      hr: { sendsNumbers: false, approval: true, sendsAgainForDays: 7 },
      gusto: { sendsNumbers: false, sendsAgainForDays: 30 },
    });
  });

  it.each([
    ['a mapping has the address in place of the number', { system: 'dayforce', settings: { mapping: { ...MAPPING, email: 'mail' } } }],
    ['a mapping has the number in place of the id', { system: 'remote', settings: { mapping: { ...MAPPING, employeeNumber: 'number' } } }],
    [
      'a workflow has the address and the date',
      { system: 'rippling', settings: { workflow: { email: 'email', effectiveDate: 'lastDay' } } },
    ],
  ] as const)('may have a system that sends only ids if people are found by other fields: %s', (_, hr) => {
    expect(readStage('test', { test: { ...aStage, sources: { hr } } }).sources.hr).toMatchObject(hr);
  });

  it.each([
    ['an unknown key', { retention: 3 }, /^stages\.test: unknown key "retention"; use workfront, policy, sources, /],
    ['an unknown key further in', workfront({ baseURL: 'x' }), 'stages.test.workfront: unknown key "baseURL"; did you mean "baseUrl"?'],
    ['an unknown rule', { policy: { dryrun: true } }, 'stages.test.policy: unknown key "dryrun"; did you mean "dryRun"?'],
    ['a rule of the wrong kind', { policy: { dryRun: 'yes' } }, 'stages.test.policy.dryRun: expected a boolean, got "yes"'],
    ['http', workfront({ baseUrl: 'http://acme.my.workfront.com' }), /^stages\.test\.workfront\.baseUrl: expected an https origin/],
    [
      'a path',
      workfront({ baseUrl: 'https://acme.my.workfront.com/attask' }),
      /^stages\.test\.workfront\.baseUrl: expected an https origin/,
    ],
    [
      'another domain',
      workfront({ baseUrl: 'https://acme.my.workfront.com.evil.test' }),
      /^stages\.test\.workfront\.baseUrl: expected an https/,
    ],
    [
      'a mistyped domain',
      workfront({ baseUrl: 'https://acme.my.workfornt.com' }),
      /^stages\.test\.workfront\.baseUrl: expected an https origin/,
    ],
    [
      'a domain that only ends like it',
      workfront({ baseUrl: 'https://evilworkfront.com' }),
      /^stages\.test\.workfront\.baseUrl: expected an https/,
    ],
    [
      'a credential in the URL',
      workfront({ baseUrl: 'https://me@acme.my.workfront.com' }),
      /^stages\.test\.workfront\.baseUrl: expected an https/,
    ],
    [
      'the withdrawn version',
      workfront({ apiVersion: 'v15.0' }),
      /^stages\.test\.workfront\.apiVersion: expected an API version of v16\.0 or later/,
    ],
    [
      'a version without v',
      workfront({ apiVersion: '21.0' }),
      /^stages\.test\.workfront\.apiVersion: expected an API version of v16\.0 or later/,
    ],
    ['half a call', workfront({ callsInFlight: 2.5 }), 'stages.test.workfront.callsInFlight: expected a whole number, got 2.5'],
    ['no calls', workfront({ callsInFlight: 0 }), 'stages.test.workfront.callsInFlight: expected at least 2, got 0'],
    ['too many calls', workfront({ callsInFlight: 102 }), 'stages.test.workfront.callsInFlight: expected at most 100, got 102'],
    ['a key that expires at once', workfront({ keyLifetimeDays: 0 }), /^stages\.test\.workfront\.keyLifetimeDays: expected/],
    [
      'a silence longer than an alarm looks back',
      { sources: { hr: { ...aStage.sources.hr, silentAfterDays: 8 } } },
      'stages.test.sources.hr.silentAfterDays: expected at most 7, got 8',
    ],
    [
      'a bad bus',
      { outcomeBus: 'a bus' },
      'stages.test.outcomeBus: expected the name of an event bus, such as default, or its ARN, got "a bus"',
    ],
    [
      'a bus of another region',
      { outcomeBus: 'arn:aws:events:eu-west-1:111122223333:event-bus/people', account: '111122223333', region: 'us-east-1' },
      /^stages\.test\.outcomeBus: expected one in the region of the stage, us-east-1, got /,
    ],
    [
      'a topic of another region',
      { alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:on-call', account: '111122223333', region: 'us-east-1' },
      /^stages\.test\.alarmTopicArn: expected one in the region of the stage, us-east-1, got /,
    ],
    [
      'a prefix without a hyphen at its end',
      { namePrefix: 'acme' },
      'stages.test.namePrefix: expected at most 20 lower-case letters, digits and hyphens that end with a hyphen, got "acme"',
    ],
    ['a table by its ARN', { restoredLedger: 'arn:aws:dynamodb:x' }, /^stages\.test\.restoredLedger: expected the name of a table/],
    ['an objective of all', { objective: { percent: 100 } }, 'stages.test.objective.percent: expected below 100, got 100'],
    [
      'a class that logs do not have',
      { accessLogClass: 'infrequent' },
      /^stages\.test\.accessLogClass: expected "standard" or "infrequent-access", got "infrequent"/,
    ],
    ['no source', { sources: {} }, 'stages.test.sources: expected at least one source, got an object'],
    ['an unknown scheme', { sources: { hr: { scheme: { kind: 'none' } } } }, /^stages\.test\.sources\.hr\.scheme\.kind: expected/],
    [
      'a look-up of a system that cannot be asked',
      { sources: { hr: { system: 'gusto', lookUp: {} } } },
      /^stages\.test\.sources\.hr\.lookUp: expected no look-up, because only bamboohr, entra, finch/,
    ],
    [
      'a look-up at a host of its own',
      { sources: { hr: { system: 'bamboohr', lookUp: { companyDomain: 'evil.test/' } } } },
      /^stages\.test\.sources\.hr\.lookUp\.companyDomain: expected the part before \.bamboohr\.com, got "evil\.test/,
    ],
    [
      'a mistyped setting of a look-up',
      { sources: { hr: { system: 'merge', lookUp: { regoin: 'eu' } } } },
      'stages.test.sources.hr.lookUp: unknown key "regoin"; did you mean "region"?',
    ],
    [
      'a source name unfit for a URL',
      { sources: { 'My HR': aStage.sources.hr } },
      /^stages\.test\.sources: expected each key to be a source name/,
    ],
    [
      'a retention that CloudWatch does not offer',
      { logRetentionDays: 42 },
      /^stages\.test\.logRetentionDays: expected a period that CloudWatch Logs offers/,
    ],
    [
      'a wait longer than the queue keeps messages',
      { policy: { waitLimitHours: 336 } },
      /^stages\.test\.policy\.waitLimitHours: expected at most 312 h/,
    ],
    [
      'a policy too long for a template',
      { policy: { protected: Array.from({ length: 9999 }, (_, index) => `person-${index}@acme.test`) } },
      /^stages\.test\.policy: expected at most 200000 bytes as JSON/,
    ],
    [
      'rules of a source that there is not',
      { policy: { sources: { hmac: { approval: true } } } },
      'stages.test.policy.sources.hmac: expected a source of the stage: hr, got an object',
    ],
    [
      'a source that speaks for one that there is not',
      { policy: { sources: { hr: { speaksFor: ['payroll'] } } } },
      'stages.test.policy.sources.hr.speaksFor.0: expected a source of the stage: hr, got "payroll"',
    ],
    [
      'a mistyped rule of a source',
      { policy: { sources: { hr: { aproval: true } } } },
      'stages.test.policy.sources.hr: unknown key "aproval"; did you mean "approval"?',
    ],
    [
      'a custom field that is no match key, so that nobody is found',
      { sources: { gusto: BY_FIELD } },
      /^stages\.test\.sources\.gusto\.settings\.employeeIdIs: expected a field among the match keys, .*: add \{"field":"DE:Gusto ID","from":"customField"\} to policy\.sources\.gusto\.matchKeys, got "DE:Gusto ID"$/,
    ],
    [
      'a custom field that is a match key of another source only',
      { sources: { gusto: BY_FIELD, deel: BY_FIELD }, policy: { sources: { deel: { matchKeys: [GUSTO_KEY] } } } },
      /^stages\.test\.sources\.gusto\.settings\.employeeIdIs: expected a field among the match keys/,
    ],
    [
      'an employee number that is no match key',
      {
        sources: { gusto: { system: 'gusto', settings: { employeeIdIs: 'employeeNumber' } } },
        policy: { matchKeys: [{ field: 'emailAddr', from: 'email' }] },
      },
      /add \{"field":"extRefID","from":"employeeNumber"\} to policy\.sources\.gusto\.matchKeys/,
    ],
    [
      'a system that sends only ids, of which Workfront knows nothing',
      { sources: { hr: { system: 'personio' } } },
      /^stages\.test\.sources\.hr\.settings\.employeeIdIs: expected the Workfront field that has the system's own id, or a lookUp/,
    ],
    [
      'a system that sends only its own numbers, of which Workfront knows nothing',
      { sources: { hr: { system: 'dayforce', settings: { timeZone: 'America/Toronto' } } } },
      "stages.test.sources.hr.settings.employeeIdIs: expected the Workfront field that has the system's own id, since nobody is found otherwise, got nothing",
    ],
    [
      'a system that sends only ids, and that nobody can ask',
      { sources: { hr: { system: 'remote', settings: { unasked: 'act' } } } },
      /^stages\.test\.sources\.hr\.settings\.employeeIdIs: expected the Workfront field that has the system's own id, since nobody/,
    ],
    [
      'a mapping that has only an id, of which Workfront knows nothing',
      { sources: { hr: { system: 'workday', settings: { mapping: { ...MAPPING, sourceId: 'worker' } } } } },
      /^stages\.test\.sources\.hr\.settings\.employeeIdIs: expected the Workfront field that has the system's own id, since nobody/,
    ],
    [
      'a mapping that names nobody, in place of fields that do',
      { sources: { hr: { system: 'factorial', settings: { mapping: { ...MAPPING, givenName: 'first', familyName: 'last' } } } } },
      /^stages\.test\.sources\.hr\.settings\.mapping: expected a path of email, employeeNumber, ssoUsername or sourceId, since nobody/,
    ],
    [
      'an id beside the address that is no match key',
      { sources: { hr: { system: 'employment-hero', settings: { employeeIdIs: 'DE:Payroll ID' } } } },
      /add \{"field":"DE:Payroll ID","from":"customField"\} to policy\.sources\.hr\.matchKeys/,
    ],
    [
      'a system that never says that somebody left and is not asked',
      { sources: { hr: { system: 'finch' } } },
      /^stages\.test\.sources\.hr\.lookUp: expected a look-up/,
    ],
    [
      'a system that may send ahead and cannot be asked',
      { sources: { hr: { system: 'rippling', settings: { employeeIdIs: 'employeeNumber' } } } },
      /^stages\.test\.sources\.hr\.settings\.comes: expected "when-due"/,
    ],
    ['no choice on deletion', { dropResourcesOnDelete: undefined }, 'stages.test.dropResourcesOnDelete: expected a boolean, got nothing'],
    ['an unknown key of access', { access: { ips: [] } }, 'stages.test.access: unknown key "ips"; use allowedIps, webAclArn, mutualTls'],
    [
      'an address without a range',
      { access: { allowedIps: ['203.0.113.7'] } },
      'stages.test.access.allowedIps.0: expected an IPv4 range such as 203.0.113.0/24, got "203.0.113.7"',
    ],
    [
      'a VPC by its name',
      { network: { ...NETWORK, vpcId: 'main' } },
      'stages.test.network.vpcId: expected the id of a VPC, such as vpc-0a1b2c3d4e5f60718, got "main"',
    ],
    [
      'no subnet',
      { network: { ...NETWORK, subnetIds: [] } },
      'stages.test.network.subnetIds: expected at least one subnet, got a list of 0',
    ],
    [
      'an address for a subnet',
      { network: { ...NETWORK, subnetIds: ['10.0.0.0/24'] } },
      /^stages\.test\.network\.subnetIds\.0: expected the id of a subnet/,
    ],
    [
      'a subnet twice',
      { network: { ...NETWORK, subnetIds: ['subnet-0a1b2c3d', 'subnet-0a1b2c3d'] } },
      /^stages\.test\.network\.subnetIds: expected each subnet once/,
    ],
    [
      'more subnets than Lambda takes',
      { network: { ...NETWORK, subnetIds: Array.from({ length: 17 }, (_, index) => `subnet-0a1b2c${10 + index}`) } },
      /^stages\.test\.network\.subnetIds: expected at most 16 subnets/,
    ],
    [
      'an unknown key of the network',
      { network: { ...NETWORK, eip: '1.2.3.4' } },
      'stages.test.network: unknown key "eip"; use vpcId, subnetIds',
    ],
    ['a list of no ranges', { access: { allowedIps: [] } }, 'stages.test.access.allowedIps: expected at least 1, got a list of 0'],
    [
      'a web ACL of CloudFront',
      { access: { webAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/hooks/0a1b' } },
      /^stages\.test\.access\.webAclArn: expected the ARN of a regional web ACL/,
    ],
    [
      'a truststore by https',
      { access: { mutualTls: { ...ACCESS.mutualTls, truststore: 'https://acme-trust/truststore.pem' } } },
      /^stages\.test\.access\.mutualTls\.truststore: expected an S3 URL/,
    ],
    [
      'a domain that is an address',
      { access: { mutualTls: { ...ACCESS.mutualTls, name: 'https://hooks.acme.test' } } },
      /^stages\.test\.access\.mutualTls\.name: expected a domain name/,
    ],
    [
      'a key by its alias',
      { encryptionKeyArn: 'alias/mine' },
      /^stages\.test\.encryptionKeyArn: expected the ARN of a KMS key, not of an alias, got "alias\/mine"$/,
    ],
    ['a topic by name', { alarmTopicArn: 'on-call' }, /^stages\.test\.alarmTopicArn: expected the ARN of a topic of SNS/],
    [
      'an address beside a topic',
      { alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:on-call', alarmEmail: 'ops@acme.test' },
      'stages.test.alarmEmail: expected no address beside a topic of yours: subscribe it to the topic, got a string of 13 characters',
    ],
    [
      'a tag of AWS',
      { tags: { 'aws:x': 'y' } },
      'stages.test.tags: expected each key to be the name of a tag, at most 128 characters and not beginning with aws:, got one that is not',
    ],
    ['a boundary by name', { permissionsBoundary: 'boundary' }, /^stages\.test\.permissionsBoundary: expected the ARN of a managed policy/],
    ['a bad address', { alarmEmail: 'ops' }, 'stages.test.alarmEmail: expected an e-mail address, got "ops"'],
    ['an account without a region', { account: '123456789012' }, 'stages.test: expected account and region both or neither, got an object'],
    ['a bad account', { account: '123' }, 'stages.test.account: expected an AWS account id of 12 digits, got "123"'],
  ])('is refused in one line that names the place: %s', (_, changes, line) => {
    const message = messageOf(() => readStage('test', { test: { ...aStage, ...changes } }));

    expect(message).toMatch(/^lib\/stages\.ts: [^\n]+$/);
    expect(message.replace('lib/stages.ts: ', '')).toEqual(typeof line === 'string' ? line : expect.stringMatching(line));
  });

  it('with a mistake stops every other stage as well', () => {
    expect(() => readStage('test', { test: aStage, production: {} })).toThrow(InvalidInput);
  });

  it.each(['prod', '', 'toString', '__proto__'])('that does not exist is refused: %j', (name) => {
    expect(messageOf(() => readStage(name, { test: aStage, production: aStage }))).toBe(
      `stage: expected test or production, got ${JSON.stringify(name)}; see lib/stages.ts`,
    );
  });
});

describe('the app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stages-'));
  const FILE = join(folder, 'ours.json');
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs bin/app.ts in a folder. @param context beside the stage */
  const runIn = (cwd: string, stage: string, context: object = {}) => {
    const CDK_CONTEXT_JSON = JSON.stringify({ stage, 'aws:cdk:bundling-stacks': [], ...context });
    const env = { ...process.env, NODE_OPTIONS: '', CDK_CONTEXT_JSON };
    const { status, stderr } = spawnSync(process.execPath, [resolve('bin/app.ts')], { cwd, env, encoding: 'utf8' });
    return { status, stderr };
  };
  const run = (stage: string, ours: Record<string, StageInput>) => {
    writeFileSync(FILE, JSON.stringify({ stages: ours }));
    return runIn(folder, stage, { stages: FILE });
  };

  it('warns if the stage has the Workfront address of the example: a credential would be sent there', () => {
    expect(run('test', { test: aStage })).toEqual({
      status: 0,
      stderr: `https://acme.my.workfront.com is the example's Workfront; put your own address into ${FILE} before you set the secret\n`,
    });
  });

  it('says nothing if the stage has an address of its own', () => {
    const own = { ...aStage, workfront: { baseUrl: 'https://globex.my.workfront.com' } };

    expect(run('test', { test: own })).toEqual({ status: 0, stderr: '' });
  });

  it('stops on a wrong stage with one line and exit code 1', () => {
    expect(run('prod', { test: aStage, live: aStage })).toEqual({
      status: 1,
      stderr: `stage: expected test or live, got "prod"; see ${FILE}\n`,
    });
  });

  it('takes the file that is there by convention, and the examples if there is none', () => {
    const own = { ...aStage, workfront: { baseUrl: 'https://globex.my.workfront.com' } };
    const found = mkdtempSync(join(folder, 'found-'));

    expect(runIn(found, 'test').stderr).toContain('put your own address into stages.json (npm run ops -- init writes it) before');
    writeFileSync(join(found, 'stages.json'), JSON.stringify({ stages: { mine: own } }));
    expect(runIn(found, 'mine')).toEqual({ status: 0, stderr: '' });
    writeFileSync(join(found, 'stages.ts'), `export const stages = ${JSON.stringify({ mine: own })};`);
    expect(runIn(found, 'mine')).toEqual({
      status: 1,
      stderr: 'there are both stages.json and stages.ts; keep one, or name it by -c stages=FILE\n',
    });
    rmSync(join(found, 'stages.json'));
    expect(runIn(found, 'mine')).toEqual({ status: 0, stderr: '' });
  });
});

function messageOf(attempt: () => unknown): string {
  try {
    attempt();
  } catch (failure) {
    if (failure instanceof InvalidInput) return failure.message;
    throw failure;
  }
  return 'nothing was thrown';
}
