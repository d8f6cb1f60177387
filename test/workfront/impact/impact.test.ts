import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../../lambda/domain/ports.ts';
import { DAY } from '../../../lambda/domain/time/time.ts';
import { type CredentialSource, credentialFromSecret } from '../../../lambda/workfront/credentials.ts';
import { workfrontDirectory } from '../../../lambda/workfront/directory.ts';
import { HOLDINGS } from '../../../lambda/workfront/impact/holdings.ts';
import { type FakeWorkfront, startFakeWorkfront } from '../../../local/workfront/fake-workfront.ts';
import type { Trouble } from '../../../local/workfront/http/behaviour.ts';
import { guidOf } from '../../../local/workfront/users/user.ts';
import { HOLDING_WORDS } from '../../../ops/after/holding-words.ts';
import type { Arrived, Reply } from '../../support/scripted-http.ts';
import { aTenant, closeAll, failureOf, ID, noToken, OTHER, OWNER } from '../a-directory.ts';

let fake: FakeWorkfront;
let ana: string;
/** Who reports to Ana. */
let report: string;
beforeEach(async () => {
  fake = await startFakeWorkfront({ users: 60 });
  ana = fake.directory.add({ emailAddr: 'ana@acme.test' }).ID;
  oneOfEach();
});
afterEach(async () => {
  await fake.close();
  await closeAll();
});

/** Ana owns one of each, and beside each is one that does not count. */
function oneOfEach(): void {
  const other = guidOf('somebody else');
  const objects: [string, Record<string, string | null>, Record<string, string | null>][] = [
    ['project', { ownerID: ana, status: 'CUR' }, { ownerID: ana, status: 'CPL' }],
    ['project', { ownerID: other, status: 'CUR' }, { ownerID: ana, status: 'DED' }],
    [
      'assignment',
      { assignedToID: ana, taskID: guidOf('task'), status: 'AA' },
      { assignedToID: ana, taskID: guidOf('task'), status: 'DN' },
    ],
    [
      'assignment',
      { assignedToID: other, taskID: guidOf('task'), status: 'AA' },
      { assignedToID: ana, opTaskID: guidOf('issue'), status: 'AA' },
    ],
    ['optask', { assignedToID: ana }, { assignedToID: ana, actualCompletionDate: '2026-01-01' }],
    ['awaitingapproval', { approverID: ana }, { approverID: other }],
    ['routingrule', { defaultAssignedToID: ana }, { defaultAssignedToID: null }],
    ['portalsection', { publicRunAsUserID: ana }, { enteredByID: ana }],
    ['timesheet', { approverID: ana, status: 'S' }, { approverID: ana, status: 'O' }],
    ['timesheetprofile', { approverID: ana }, { approverID: other }],
    ['document', { ownerID: ana }, { ownerID: other }],
    ['document', { ownerID: other, checkedOutByID: ana }, { ownerID: other }],
    ['team', { ownerID: ana }, { ownerID: other }],
  ];
  for (const [type, ...both] of objects) for (const fields of both) fake.objects.add(type, fields);
  report = fake.directory.add({ emailAddr: 'report@acme.test', managerID: ana }).ID;
  fake.directory.add({ emailAddr: 'left@acme.test', managerID: ana, isActive: false });
}

const aClient = ({
  clock = Date.now,
  credential = credentialFromSecret({ readSecret: async () => fake.apiKey, giveToken: noToken, clock }),
}: {
  clock?: Clock;
  credential?: CredentialSource;
} = {}) =>
  workfrontDirectory({
    baseUrl: fake.url,
    apiVersion: 'v21.0',
    credential,
    clock,
    callsInFlight: 2,
    customFields: [],
    extraFields: [],
  });

const names = HOLDINGS.map(({ name }) => name);
const ONE_OF_EACH = Object.fromEntries(names.map((name) => [name, 1]));
const count = (directory = aClient()) => directory.countHoldings(ana, Date.now() + 60_000);

describe('what a user owns', () => {
  it('has words for people, each kind', () => {
    expect(Object.keys(HOLDING_WORDS)).toEqual(names);
  });

  it('is one of each, in at most twelve counts, one after another, that change nothing', async () => {
    const directory = aClient();

    await expect(count(directory)).resolves.toEqual({ counts: ONE_OF_EACH, unknown: [] });

    const ofAna = fake.calls.entries.filter(({ kind, path }) => kind === 'count' && !path.endsWith('/user/count?isActive=true'));
    expect(ofAna.length).toBeLessThanOrEqual(12);
    expect(fake.calls.maxInFlight).toBe(1);
    expect(fake.calls.byKind.write).toBe(0);
  });

  it('costs twelve calls alone when the fields of the tenant are known', async () => {
    const directory = aClient();
    await count(directory);
    fake.calls.clear();

    await count(directory);

    expect(fake.calls.byKind).toMatchObject({ count: 12, metadata: 0, search: 0 });
    expect(fake.calls.total).toBe(12);
  });

  it('has ids only on demand, of what is counted', async () => {
    const directory = aClient();
    const lists = await Promise.all(names.map((name) => directory.listHoldings(ana, name)));

    const theFirst = (type: string) => [fake.objects.of(type)[0]?.ID];
    expect(Object.fromEntries(lists.map((ids, index) => [names[index], ids]))).toEqual({
      projects: theFirst('project'),
      // Of an assignment the task is what has to be given to somebody else.
      tasks: [guidOf('task')],
      issues: theFirst('optask'),
      approvals: theFirst('awaitingapproval'),
      routingRules: theFirst('routingrule'),
      reports: theFirst('portalsection'),
      timesheets: theFirst('timesheet'),
      timesheetProfiles: theFirst('timesheetprofile'),
      documents: theFirst('document'),
      checkedOut: [fake.objects.of('document')[2]?.ID],
      teams: theFirst('team'),
      directReports: [report],
    });
  });

  it('is listed in the order of the ids, so that a long list begins alike each time', async () => {
    for (let number = 0; number < 20; number++) fake.objects.add('team', { ownerID: ana });
    const ids = await aClient().listHoldings(ana, 'teams');

    expect(ids).toHaveLength(21);
    expect(ids).toEqual([...ids].sort());
  });

  it.each([
    { what: 'no such thing', name: 'paintings', unknownFields: [] },
    { what: 'no field that names the user', name: 'teams', unknownFields: ['team.ownerID'] },
    { what: 'no field that says what is still open', name: 'issues', unknownFields: ['optask.actualCompletionDate'] },
  ])('is not listed, and nothing else instead of it, if the tenant has $what', async ({ name, unknownFields }) => {
    fake.behaviour.unknownFields = unknownFields;

    expect(await failureOf(aClient().listHoldings(ana, name))).toMatchObject({
      name: 'PermanentFailure',
      code: 'not-askable',
      message: `Workfront does not know ${name}; leave it out`,
    });
    expect(fake.calls.byKind.search).toBe(0);
  });

  it('is asked by what the tenant has, which is looked up again after a day', async () => {
    const begun = Date.now();
    let now = begun;
    const directory = aClient({ clock: () => now });
    fake.behaviour.unknownFields = ['team.ownerID'];
    const teams = () => directory.listHoldings(ana, 'teams').catch(({ code }) => code);
    expect(await teams()).toBe('not-askable');

    fake.behaviour.unknownFields = [];
    now = begun + DAY - 1;
    expect(await teams()).toBe('not-askable');
    now = begun + DAY;
    expect(await teams()).toEqual([fake.objects.of('team')[0]?.ID]);
  });

  it('says so if the credential sees only a part', async () => {
    const owner = fake.directory.owner?.ID ?? '';
    fake.directory.update(owner, { isAdmin: false });

    await expect(count()).resolves.toMatchObject({ partial: true });
  });

  it('asks for no field that the tenant does not have, and names what it could not count', async () => {
    fake.behaviour.unknownFields = [
      'awaitingapproval.userID',
      'portalsection.publicRunAsUserID',
      'team.ownerID',
      'optask.actualCompletionDate',
    ];

    const { counts, unknown } = await count();

    expect(unknown).toEqual(['issues', 'teams']);
    expect(counts).toMatchObject({ approvals: 1, reports: 0, projects: 1 });
    expect(fake.calls.entries.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('is asked by the first field alone in a tenant that does not answer OR groups', async () => {
    fake.behaviour.orGroups = 'too-many';

    await expect(count()).resolves.toMatchObject({ counts: { approvals: 1, reports: 0 } });
  });

  it('leaves out what is refused alone', async () => {
    const directory = aClient();
    await count(directory);
    fake.behaviour.failNext = ['403', '422-field'];

    const { counts, unknown } = await count(directory);

    expect(unknown).toEqual(['projects', 'tasks']);
    expect(counts).toMatchObject({ issues: 1, directReports: 1 });
  });

  it.each<[Trouble, string]>([
    ['429', 'throttled'],
    ['500', 'server-error'],
    ['reset', 'unreachable'],
    ['302', 'redirected'],
    ['410', 'api-version-gone'],
    ['503-html', 'server-error'],
  ])('drops the rest at the first trouble: %s', async (trouble, dropped) => {
    const directory = aClient();
    await count(directory);
    fake.calls.clear();
    fake.behaviour.failNext = [{ trouble, times: 20 }];

    await expect(count(directory)).resolves.toEqual({ counts: {}, unknown: [], dropped });
    expect(fake.calls.total).toBe(1);
  });

  it('drops the rest if the credential is refused', async () => {
    const directory = aClient();
    await count(directory);
    fake.behaviour.rejectCredential = true;

    await expect(count(directory)).resolves.toEqual({ counts: {}, unknown: [], dropped: 'rejected' });
  });

  it('hides no mistake of ours', async () => {
    const secret = { kind: 'adobe-ims', clientId: 'client', clientSecret: 'secret-of-the-client', organizationId: 'ACME@AdobeOrg' };
    const giveToken = () => Promise.reject(new TypeError('a mistake'));
    const credential = credentialFromSecret({ readSecret: async () => JSON.stringify(secret), giveToken, clock: Date.now });

    await expect(count(aClient({ credential }))).rejects.toThrow('a mistake');
  });

  it.each([
    { what: 'in the last millisecond', left: 0, end: { counts: ONE_OF_EACH, unknown: [] } },
    { what: 'a millisecond later', left: -1, end: { counts: {}, unknown: [], dropped: 'out-of-time' } },
  ])('is counted for as long as there is time: $what', async ({ left, end }) => {
    const now = Date.now();

    await expect(aClient({ clock: () => now }).countHoldings(ana, now + left)).resolves.toEqual(end);
  });

  it('gives way to others, and stops when its time is over', async () => {
    const directory = aClient();
    await count(directory);
    fake.calls.clear();
    fake.behaviour.latencyMs = 500;
    const others = [directory.read(ana), directory.read(ana)];
    while (fake.calls.total < 2) await new Promise(setImmediate);

    await expect(count(directory)).resolves.toEqual({ counts: {}, unknown: [], dropped: 'busy' });
    await Promise.all(others);
    await expect(directory.countHoldings(ana, Date.now() - 1)).resolves.toEqual({ counts: {}, unknown: [], dropped: 'out-of-time' });
  });
});

describe('a question about what a user owns', () => {
  const HAS = {
    project: ['ownerID', 'status'],
    portalsection: ['runAsUserID', 'publicRunAsUserID'],
    assignment: ['assignedToID', 'status', 'taskID'],
  };

  /** A tenant that has these fields, and in which the user owns one thing of each kind. */
  const answers =
    (has: Record<string, readonly string[]>) =>
    ({ path }: Arrived): Reply => {
      const [service = '', object = ''] = path.split('/').reverse();
      if (service === 'search') return { json: { data: [{ ID: OTHER, taskID: OTHER }] } };
      return { json: { data: { fields: Object.fromEntries((has[object] ?? []).map((field) => [field, {}])) } } };
    };

  const searched = (asked: Arrived[]) =>
    asked.filter(({ path }) => path.endsWith('/search')).map(({ path, rawUrl }) => [path, [...new URL(rawUrl, 'http://x').searchParams]]);

  it.each<{
    what: string;
    name: string;
    has?: Record<string, readonly string[]>;
    orGroups?: string[];
    query: string[][];
    object: string;
    checks: number;
  }>([
    {
      what: 'the only field',
      name: 'projects',
      object: 'project',
      query: [
        ['status', 'CPL'],
        ['status', 'DED'],
        ['status_Mod', 'notin'],
        ['ownerID', ID],
        ['fields', 'ID'],
      ],
      checks: 0,
    },
    {
      what: 'the only field, and for its own id',
      name: 'tasks',
      object: 'assignment',
      query: [
        ['status', 'DN'],
        ['status_Mod', 'ne'],
        ['taskID', ''],
        ['taskID_Mod', 'notnull'],
        ['assignedToID', ID],
        ['fields', 'ID,taskID'],
      ],
      checks: 0,
    },
    {
      what: 'either of two fields, by groups',
      name: 'reports',
      object: 'portalsection',
      query: [
        ['OR:1:runAsUserID', ID],
        ['OR:2:publicRunAsUserID', ID],
        ['fields', 'ID'],
      ],
      checks: 1,
    },
    {
      what: 'the first of two fields, in a tenant that does not answer groups',
      name: 'reports',
      object: 'portalsection',
      orGroups: [OWNER, OTHER],
      query: [
        ['runAsUserID', ID],
        ['fields', 'ID'],
      ],
      checks: 1,
    },
    {
      what: 'that of two fields which the tenant has',
      name: 'reports',
      object: 'portalsection',
      has: { portalsection: ['publicRunAsUserID'] },
      query: [
        ['publicRunAsUserID', ID],
        ['fields', 'ID'],
      ],
      checks: 0,
    },
  ])('about $name asks for $what', async (row) => {
    const { name, has = HAS, orGroups = [OWNER], query, object, checks } = row;
    const tenant = await aTenant(answers(has), { orGroups });

    expect(await tenant.directory.listHoldings(ID, name)).toEqual([OTHER]);
    const settings = [
      ['$$LIMIT', '2000'],
      ['ID_Sort', 'asc'],
    ];
    const sent = [...query.slice(0, -1), ...settings, ...query.slice(-1)];
    expect(searched(tenant.asked())).toEqual([[`/attask/api/v21.0/${object}/search`, sent]]);
    expect(tenant.checks()).toHaveLength(checks);
  });
});
