import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import type { LeaverMessage } from '../../lambda/domain/event/leaver-message.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { MINUTE } from '../../lambda/domain/time/time.ts';
import { ANSWERS, type Call, type Consequence, type Row } from '../../lambda/workfront/answers.ts';
import { credentialFromSecret } from '../../lambda/workfront/credentials.ts';
import { workfrontDirectory } from '../../lambda/workfront/directory.ts';
import { CREDENTIALS, REGION } from '../../local/aws/account.ts';
import { type FakeWorkfront, startFakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import type { Behaviour, Trouble } from '../../local/workfront/http/behaviour.ts';
import { createDirectory } from '../../local/workfront/users/directory.ts';
import { aUser, guidOf } from '../../local/workfront/users/user.ts';
import { checkEvents } from '../../ops/checks/events.ts';
import { checkWorkfront } from '../../ops/checks/workfront.ts';
import { addStatus } from '../../ops/commands/status.ts';
import { aDeployment, type TestDeployment } from '../ops/a-deployment.ts';
import { aRecord, aWorker } from '../support/a-worker.ts';
import { anArrival, aTermination } from '../support/builders.ts';
import { type EmptyQueues, emptyQueues } from '../support/empty-queues.ts';

/** How the fake answers so: a trouble of every such call, or another switch. */
type Switch = Trouble | Partial<Behaviour>;

/** The switches of each row of the table, by its name. */
const SWITCHES: readonly (readonly [string, Switch[]])[] = [
  ['401, an authentication error, or a session that is over', ['401', '403-session', { rejectCredential: true }]],
  ['429, or "Too many concurrent API requests" with any status', ['429', '200-429']],
  ['408', ['408']],
  ['5xx', ['500', '503-html']],
  ['3xx', ['302', '307']],
  ['410', ['410']],
  ['a page with any other status', ['200-html']],
  ['"does not support field" with any status', ['422-field']],
  ['409', ['409']],
  ['403', ['403']],
  ['404 without a user in the call', ['404']],
  ['404 of a user', ['404']],
  ['any other error', ['422', '200-error']],
  ['no JSON', ['200-half']],
  ['JSON of another shape', ['200-number', '200-other']],
  ['more than a megabyte', ['200-large']],
  ['users who were not asked for', [{ dropFilters: ['emailAddr', 'isActive'] }]],
  ['a success that does not show the user inactive, and a read neither', [{ ignoreWrites: true }]],
];

interface Cell {
  row: Row;
  call: Call;
  consequence: Consequence;
  how: Switch;
  name: string;
}

const CELLS: Cell[] = ANSWERS.flatMap((row: Row) =>
  (['question', 'read', 'write'] as const).flatMap((call) => {
    const consequence = row[call];
    if (consequence === undefined) return [];
    return (SWITCHES.find(([name]) => name === row.answer)?.[1] ?? []).map((how) => ({
      row,
      call,
      consequence,
      how,
      name: `${row.answer} (${typeof how === 'string' ? how : Object.keys(how).join()}), to a ${call}: ${consequence}`,
    }));
  }),
);

const LEAVERS = [1, 2, 3, 4, 5];
const eventOf = (number: number) => `evt-${number}`;
const arrivalOf = (number: number) =>
  anArrival(aTermination({ employee: { email: `leaver${number}@acme.test` } }), { eventId: eventOf(number) });

/** Worker, ledger and operators' commands in this process, with a clock that a test moves; Workfront is the fake, over real HTTP. */
function aStage(fake: FakeWorkfront) {
  const deployment = aDeployment({ users: [], rules: { brake: { perHour: 500, shareOfActivePerDay: 1 } } });
  const { desk } = deployment;
  const directory = workfrontDirectory({
    baseUrl: fake.url,
    apiVersion: 'v21.0',
    credential: credentialFromSecret({
      readSecret: async () => fake.apiKey,
      giveToken: () => Promise.reject(new Error('no token is needed')),
      clock: desk.clock,
    }),
    callsInFlight: 4,
    customFields: [],
    extraFields: [],
    clock: desk.clock,
  });
  Object.assign(desk, { directory });
  const waiting: { message: LeaverMessage; at: number }[] = LEAVERS.map((number) => ({ message: arrivalOf(number), at: desk.now }));
  let postponed = 0;
  const postpone = async (_: string, seconds: number) => {
    postponed = seconds;
  };
  const worker = aWorker(desk, { queue: { postpone } });

  return {
    deployment,
    worker,
    directory,
    /** Lets the worker take every message whose time comes. */
    async playFor(millis: number): Promise<void> {
      const until = desk.now + millis;
      const next = () => waiting.sort((one, other) => one.at - other.at)[0];
      for (let first = next(); first !== undefined && first.at <= until; first = next()) {
        waiting.shift();
        desk.now = Math.max(desk.now, first.at);
        const [back] = await worker.process([aRecord(first.message, { sentAt: desk.now })]);
        if (back !== undefined) waiting.push({ message: first.message, at: desk.now + postponed * 1000 });
      }
      desk.now = until;
    },
  };
}

type Stage = ReturnType<typeof aStage>;

const entriesOf = ({ deployment }: Stage) => LEAVERS.map((number) => deployment.desk.ledger.entries.get(`acme-hr/${eventOf(number)}`));
const endsOf = (stage: Stage) => entriesOf(stage).map((entry) => [entry?.status, entry?.reason].filter(Boolean).join(' '));
const everFailed = (stage: Stage) =>
  entriesOf(stage)
    .flatMap((entry) => entry?.history ?? [])
    .some(({ to }) => to === 'failed');
const openOf = ({ deployment }: Stage) => Object(deployment.desk.ledger.records.get(STAGE_KEYS.circuit)?.value).open;

let queues: EmptyQueues;
const environment = { ...process.env };
beforeAll(async () => {
  queues = await emptyQueues({ visibilitySeconds: 60 });
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
});
afterAll(async () => {
  process.env = environment;
  await queues.close();
});

async function statusText(made: TestDeployment): Promise<string> {
  const places = { ...made.places, deadLetterQueueUrl: queues.deadLetter, quarantineQueueUrl: queues.quarantine };
  const deployment = { ...made, region: REGION, places };
  const lines: string[] = [];
  const program = new Command();
  const session = {
    deployment: async () => deployment,
    terminal: { print: async (line: string) => void lines.push(line) },
    again: (command: string) => `ops ${command}`,
  };
  const { exitCode } = process;
  addStatus(program, session as unknown as Parameters<typeof addStatus>[1]);
  await program.parseAsync(['status'], { from: 'user' });
  process.exitCode = exitCode;
  return lines.join('\n');
}

/** What is red, with what to do. */
async function doctorText({ deployment, directory }: Stage): Promise<string> {
  const again = (command: string) => `ops ${command}`;
  const scheduler = { send: async () => ({ Schedules: [] }) } as unknown as Parameters<typeof checkEvents>[1]['scheduler'];
  const look = { directory, policy: deployment.desk.policy, apiVersion: 'v21.0', baseUrl: 'https://acme.test', again };
  const checks = [...(await checkEvents(deployment, { scheduler, again })), ...(await checkWorkfront(deployment, look))];
  return checks.flatMap((check) => (check.health === 'red' ? [`${check.check}: ${check.saw} -> ${check.cure}`] : [])).join('\n');
}

/** Which code an answer has in the end: a write is looked at again, and a read shows that nothing was done. */
const codeOf = ({ row, call, how }: Cell): string => (call === 'write' && how === '200-other' ? 'not-confirmed' : row.code);

let fake: FakeWorkfront;
beforeEach(async () => {
  const directory = createDirectory();
  const others = Array.from({ length: 20 }, (_, index) => `other${index}`);
  for (const name of ['api', ...LEAVERS.map((number) => `leaver${number}`), ...others]) {
    const emailAddr = `${name}@acme.test`;
    directory.add(
      aUser({ ID: guidOf(name), emailAddr, isAdmin: name === 'api', customerID: directory.customerId, entryDate: '2020-01-01T08:00:00Z' }),
    );
  }
  fake = await startFakeWorkfront({ directory });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await fake.close();
});

/** Makes Workfront answer so. @param users only about these, or about all */
function answer({ how, call }: Cell, users?: string[]): void {
  if (typeof how !== 'string') Object.assign(fake.behaviour, how);
  else fake.behaviour.failAlways = [{ trouble: how, calls: [call], ...(users && { users }) }];
}

const repair = () =>
  Object.assign(fake.behaviour, {
    failAlways: [],
    rejectCredential: false,
    dropFilters: [],
    ignoreWrites: false,
  } satisfies Partial<Behaviour>);

/** A read of a user comes only after a write whose answer is missing. */
async function untilRead(stage: Stage): Promise<void> {
  fake.behaviour.failAlways = [{ trouble: 'reset', calls: ['write', 'read'] }];
  await stage.playFor(1);
  fake.behaviour.failAlways = [];
  stage.deployment.desk.ledger.records.delete(STAGE_KEYS.circuit);
}

describe('Workfront answers', () => {
  it('in a way that the fake can play, for each row', () => {
    expect(SWITCHES.map(([name]) => name)).toEqual(ANSWERS.map(({ answer: name }) => name));
  });

  it.each(CELLS)('$name: nobody fails, and all are done within five minutes of the repair', async (cell) => {
    const stage = aStage(fake);
    if (cell.call === 'read') await untilRead(stage);
    answer(cell);

    await stage.playFor(40 * MINUTE);

    expect(everFailed(stage)).toBe(false);
    const code = codeOf(cell);
    const counted = stage.worker.metrics();
    if (cell.consequence === 'nobody') {
      // Whoever is gone is looked for again, and found.
      expect(endsOf(stage)).toEqual(LEAVERS.map(() => 'deactivated'));
      return;
    }
    expect(endsOf(stage)).not.toContain('deactivated');
    if (cell.consequence === 'again') expect(openOf(stage)).toBeUndefined();
    else {
      expect(openOf(stage)).toMatchObject({
        saw: code,
        cause: { credential: 'credentials', trouble: 'trouble' }[cell.consequence as string] ?? 'stage',
      });
      expect(await statusText(stage.deployment)).toMatch(new RegExp(`STOPPED since .* \\(${code}\\)`));
      expect(await doctorText(stage)).toMatch(new RegExp(`circuit: open since .* \\(${code}\\)`));
    }
    const isStage = ['stage', 'refused', 'doubt'].includes(cell.consequence);
    expect([(counted.StageTrouble ?? 0) > 0, (counted.CredentialTrouble ?? 0) > 0, counted.Failed]).toEqual([
      isStage,
      cell.consequence === 'credential',
      undefined,
    ]);
    if (isStage) expect(await statusText(stage.deployment)).toContain(`; all events go on by themselves within 5 minutes`);

    repair();
    await stage.playFor(5 * MINUTE);

    expect(endsOf(stage)).toEqual(LEAVERS.map(() => 'deactivated'));
    expect(openOf(stage)).toBeUndefined();
    expect(fake.calls.changingWrites).toBe(LEAVERS.length);
  });

  it.each(
    CELLS.filter(({ consequence, call, how }) => call === 'write' && ['refused', 'doubt'].includes(consequence) && typeof how === 'string'),
  )('$name of one user: that one fails alone, and the others are done', async (cell) => {
    const stage = aStage(fake);
    answer(cell, [guidOf('leaver2')]);

    await stage.playFor(5 * MINUTE);

    const failed = `failed ${codeOf(cell)}`;
    expect(endsOf(stage)).toEqual(['deactivated', failed, 'deactivated', 'deactivated', 'deactivated']);
    expect([stage.worker.metrics().StageTrouble, stage.worker.metrics().Failed]).toEqual([0, 1]);
    expect(fake.directory.byId(guidOf('leaver2'))?.isActive).toBe(true);
  });

  it('with a user who is deleted between search and write: looked for again, and nobody found', async () => {
    const stage = aStage(fake);
    fake.behaviour.failAlways = [{ trouble: 'deleted', calls: ['write'], users: [guidOf('leaver2')] }];

    await stage.playFor(5 * MINUTE);

    expect(endsOf(stage)).toEqual(['deactivated', 'no-account', 'deactivated', 'deactivated', 'deactivated']);
  });

  it.each(['null', 'absent'] as const)('without a readable isAdmin (%s): every leaver is held for a person', async (isAdminField) => {
    const stage = aStage(fake);
    fake.behaviour.isAdminField = isAdminField;

    await stage.playFor(MINUTE);

    expect(endsOf(stage)).toEqual(LEAVERS.map(() => 'held administrator'));
  });

  it('that a user is pending approval: said so, and not written', async () => {
    const stage = aStage(fake);
    fake.directory.update(guidOf('leaver2'), { isActive: false });
    fake.behaviour.pendingApprovalIds = [guidOf('leaver2')];

    await stage.playFor(MINUTE);

    expect(endsOf(stage)[1]).toBe('already-inactive pending-approval');
    expect(stage.worker.metrics().PendingApproval).toBe(1);
  });

  it('with a stale state after each write: read again later, and no user is written twice', async () => {
    const stage = aStage(fake);
    fake.behaviour.staleForMs = 200;
    await stage.playFor(1);
    await new Promise((resolve) => setTimeout(resolve, 300));

    await stage.playFor(MINUTE);

    expect(endsOf(stage)).toEqual(LEAVERS.map(() => 'deactivated'));
    expect(fake.calls.byKind.write).toBe(LEAVERS.length);
  });
});

describe('docs/answers.md', () => {
  it('has the same table', () => {
    const rows = [...readFileSync('docs/answers.md', 'utf8').matchAll(/^\| (.+?) \| `([a-z-]+)` \|(.*)\|$/gm)].map(
      ([, name, code, cells = '']) => [name, code, ...cells.split('|').map((text) => text.trim())],
    );

    expect(rows).toEqual(ANSWERS.map((row: Row) => [row.answer, row.code, row.question ?? '', row.read ?? '', row.write ?? '']));
  });
});
