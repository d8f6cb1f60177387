import assert from 'node:assert/strict';
import { join } from 'node:path';
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { FakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import type { Deployed } from '../aws-emulator/deployed.ts';
import { REGION, STACK, STAGE } from '../aws-emulator/emulator.ts';
import { orThrow, type Ran, type Shell } from '../aws-emulator/shell.ts';
import { type Step, tellStory } from '../aws-emulator/story.ts';
import { COMMANDS, VERSION } from './fixture.ts';

/** The most deactivations in an hour in this run: the next one latches the brake. */
export const PER_HOUR = 6;

/** The leavers, by their number in the story. An event's id is `msg_` and the name. */
const FINISHED = [0, 1, 2, 3, 4, 5];
const LEAVER = { brake: 6, waiting: 7, paused: 8, due: 9, withdrawn: 10 };
const DAY_MS = 24 * 60 * 60_000;

/** A schedule is set at least a minute ahead. What comes due earlier waits for the end of the pause. */
const DUE_AFTER_MS = 30_000;

type Commands = (args: readonly string[], input?: string) => Promise<Ran>;

/** The commands of the version in the fixture. */
export const formerCommands =
  (shell: Shell, folder: string): Commands =>
  (args, input) =>
    shell.run('node', [join(folder, COMMANDS), '--stage', STAGE, '--region', REGION, ...args], input);

/** Every resource of the stack that holds data: its logical and its physical id. */
export async function placesOfData(): Promise<string[]> {
  const { StackResourceSummaries = [] } = await new CloudFormationClient().send(new ListStackResourcesCommand({ StackName: STACK }));
  return StackResourceSummaries.filter(({ ResourceType }) => HOLDS_DATA.includes(ResourceType ?? ''))
    .map(({ LogicalResourceId, PhysicalResourceId }) => `${LogicalResourceId} is ${PhysicalResourceId}`)
    .sort();
}

const HOLDS_DATA = [
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::SQS::Queue',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::Secret',
];

/** What happens before the upgrade, and what has to become of it afterwards. */
export function upgradeStory(system: Deployed, workfront: FakeWorkfront) {
  const { termination, rescission, isActive } = tellStory(system, workfront);
  const admin = workfront.directory.all().find((user) => user.isActive && user.isAdmin && user.ID !== workfront.directory.owner?.ID);
  assert(admin !== undefined);
  const ofAdmin = { ...termination(0), data: { employee: { email: admin.emailAddr }, effective: { immediate: true } } };
  const deliver = (name: keyof typeof LEAVER, effective?: object) => system.accepted(termination(LEAVER[name], effective), `msg_${name}`);
  const waits = (name: string, code?: string) =>
    system.until({
      what: `wait of ${name}`,
      seconds: 30,
      ask: async () => (await system.entryOf(`msg_${name}`))?.waiting?.code,
      isGood: (seen) => seen !== undefined && (code === undefined || seen === code),
    });
  const heldBy = async (name: string, guard: string) => {
    const { reason } = await system.becomes(`msg_${name}`, 'held', 90);
    assert.equal(reason, guard);
  };

  const before = (former: Commands): Step[] => [
    [
      `${VERSION} finishes events until its brake latches`,
      async () => {
        for (const number of FINISHED) await system.accepted(termination(number), `msg_finished-${number}`);
        for (const number of FINISHED) await system.becomes(`msg_finished-${number}`, 'deactivated');
        await deliver('brake');
        await heldBy('brake', 'brake');
        return `${FINISHED.length} deactivated, then held`;
      },
    ],
    [
      'it holds one for a person, and schedules two',
      async () => {
        await system.accepted(ofAdmin, 'msg_held');
        await heldBy('held', 'administrator');
        await deliver('due', { at: new Date(Date.now() + DUE_AFTER_MS).toISOString() });
        await deliver('withdrawn', { at: new Date(Date.now() + DAY_MS).toISOString() });
        for (const name of ['due', 'withdrawn']) await system.becomes(`msg_${name}`, 'scheduled');
        return 'held, scheduled, scheduled';
      },
    ],
    [
      'one waits for Workfront, and one for the end of a pause',
      async () => {
        workfront.behaviour.down = true;
        await deliver('waiting');
        const code = await waits('waiting');
        orThrow(await former(['pause', '--reason', 'before the upgrade']), 'pause');
        workfront.behaviour.down = false;
        await deliver('paused');
        await waits('paused', 'paused');
        return `${code}, paused`;
      },
    ],
  ];

  const after: Step[] = [
    [
      'the pause and the latched brake are still there, and nobody was deactivated meanwhile',
      async () => {
        const { out } = await system.ops(['status', '--json']);
        const status = JSON.parse(out);
        assert.match(status.paused.reason, /before the upgrade/);
        assert.notEqual(status.brake.latched ?? null, null);
        assert.deepEqual(Object.values(LEAVER).map(isActive), [true, true, true, true, true]);
        return 'paused, latched';
      },
    ],
    [
      'a repetition of what is finished does nothing',
      async () => {
        const past = await system.entryOf('msg_finished-0');
        await system.accepted(termination(0), 'msg_finished-0');
        await system.accepted(termination(1), 'msg_probe');
        await system.until({ what: 'wait of msg_probe', seconds: 30, ask: () => system.entryOf('msg_probe'), isGood: Boolean });
        assert.deepEqual(await system.entryOf('msg_finished-0'), past);
        return 'unchanged';
      },
    ],
    [
      'after the pause, what waited goes on to the brake; after its release all are deactivated',
      async () => {
        orThrow(await system.ops(['resume', '--reason', 'after the upgrade', '--yes']), 'resume');
        for (const name of ['waiting', 'paused']) await heldBy(name, 'brake');
        orThrow(await system.ops(['brake', 'release', '--events', '--reason', 'a real lay-off', '--yes']), 'brake release');
        for (const name of ['brake', 'waiting', 'paused']) await system.becomes(`msg_${name}`, 'deactivated');
        return '3 deactivated';
      },
    ],
    [
      'what was held is released, what was withdrawn is cancelled, and what comes due is deactivated',
      async () => {
        orThrow(await system.ops(['release', 'msg_held', '--reason', 'has left', '--yes']), 'release');
        await system.becomes('msg_held', 'deactivated');
        await system.becomes(await system.accepted(rescission(LEAVER.withdrawn), 'msg_rescission'), 'rescinded');
        await system.becomes('msg_withdrawn', 'cancelled');
        assert.equal(await system.hasSchedule('msg_withdrawn'), false);
        await system.becomes('msg_due', 'deactivated', 100);
        return 'deactivated, cancelled, deactivated';
      },
    ],
    [
      'HR hears that a finished one cannot be withdrawn, and the report has them all',
      async () => {
        const late = await system.becomes(await system.accepted(rescission(2), 'msg_too-late'), 'held');
        assert.equal(late.reason, 'rescinded-after-deactivation');
        const { out } = await system.ops(['report', '--since', '1h', '--json']);
        const { outcomes } = JSON.parse(out).report;
        assert.equal(outcomes.deactivated, DEACTIVATED);
        return `${DEACTIVATED} deactivated`;
      },
    ],
    [
      'each of them was written once, and nobody else',
      async () => {
        const inactive = (id: string | undefined) => id !== undefined && workfront.directory.byId(id)?.isActive === false;
        const ids = await Promise.all([...FINISHED.map((number) => `msg_finished-${number}`), ...NAMED].map((id) => system.entryOf(id)));
        assert.deepEqual(
          ids.map((entry: LedgerEntry | undefined) => inactive(entry?.workfrontUserId)),
          ids.map(() => true),
        );
        assert.equal(isActive(LEAVER.withdrawn), true);
        assert.equal(workfront.calls.changingWrites, DEACTIVATED);
        return `${workfront.calls.changingWrites} writes`;
      },
    ],
  ];
  return { before, after };
}

const NAMED = ['brake', 'waiting', 'paused', 'due', 'held'].map((name) => `msg_${name}`);
const DEACTIVATED = FINISHED.length + NAMED.length;
