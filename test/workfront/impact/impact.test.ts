import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { credentialFromSecret } from '../../../lambda/workfront/credentials.ts';
import { workfrontDirectory } from '../../../lambda/workfront/directory.ts';
import { HOLDINGS } from '../../../lambda/workfront/impact/holdings.ts';
import { type FakeWorkfront, startFakeWorkfront } from '../../../local/workfront/fake-workfront.ts';
import type { Trouble } from '../../../local/workfront/http/behaviour.ts';
import { guidOf } from '../../../local/workfront/users/user.ts';
import { HOLDING_WORDS } from '../../../ops/after/holding-words.ts';
import { noToken } from '../a-directory.ts';

let fake: FakeWorkfront;
let ana: string;
beforeEach(async () => {
  fake = await startFakeWorkfront({ users: 60 });
  ana = fake.directory.add({ emailAddr: 'ana@acme.test' }).ID;
  oneOfEach();
});
afterEach(() => fake.close());

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
  fake.directory.add({ emailAddr: 'report@acme.test', managerID: ana });
  fake.directory.add({ emailAddr: 'left@acme.test', managerID: ana, isActive: false });
}

const aClient = () =>
  workfrontDirectory({
    baseUrl: fake.url,
    apiVersion: 'v21.0',
    credential: credentialFromSecret({ readSecret: async () => fake.apiKey, giveToken: noToken, clock: Date.now }),
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

    expect(lists.map((ids) => ids.length)).toEqual(names.map(() => 1));
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
