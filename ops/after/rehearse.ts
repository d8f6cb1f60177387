import type { LedgerEntry, Placement } from '../../lambda/domain/event/ledger-entry.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { matchKeys, resolveLeaver } from '../../lambda/domain/person/leaver-match.ts';
import { matchKeyRules, type Policy } from '../../lambda/domain/policy.ts';
import type { User } from '../../lambda/domain/ports.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { openWorkfront, type ReadOnlyDirectory } from '../deployment/workfront-access.ts';
import { periodOf } from '../events/filter.ts';
import { followEvent, sendTermination } from '../events/send-termination.ts';
import { awaitOutcomes } from '../orders/await-outcomes.ts';
import { carryOut } from '../orders/carry-out.ts';
import { EVER } from '../orders/selection.ts';
import { configOf } from '../send/known-source.ts';
import { quoted } from '../terminal/quoted.ts';

/** One step of a rehearsal, and how long it took, in milliseconds. */
export interface Step {
  step: string;
  ms: number;
  saw: string;
}

export interface Rehearsal {
  userId: string;
  eventId: string;
  steps: Step[];
}

interface Stage {
  deployment: Deployment;
  directory: ReadOnlyDirectory;
  policy: Policy;
  test: NonNullable<Policy['rehearsal']>;
}

/**
 * Opens what a rehearsal needs, and makes sure that it can be about nobody but the test user of the stage.
 *
 * @throws PermanentFailure `no-test-user`, `test-user-inactive`, `not-the-test-user`
 */
export async function openRehearsal(deployment: Deployment): Promise<Stage & { user: User }> {
  const policy = await deployment.policy();
  if (policy?.rehearsal === undefined)
    throw new PermanentFailure('no-test-user', 'this stage has no test user; set policy.rehearsal in your file of stages, and deploy');
  const settings = await functionSettings(deployment);
  const { user: userId, source } = policy.rehearsal;
  configOf(source, settings.SOURCES);
  const directory = openWorkfront(deployment, { settings, matchKeys: [...matchKeyRules(source, policy)] });
  const stage = { deployment, directory, policy, test: policy.rehearsal };
  const user = await directory.read(userId);
  if (user === undefined) throw new PermanentFailure('no-test-user', `Workfront has no user ${userId}; correct policy.rehearsal.user`);
  if (!user.isActive) throw new PermanentFailure('test-user-inactive', `the test user is inactive; ${await wayBack(userId, deployment)}`);
  await mustLeadToNobodyElse(user, stage);
  return { ...stage, user };
}

/** A rehearsal that was cut short left an event to undo. */
async function wayBack(userId: string, { ledger, clock }: Deployment): Promise<string> {
  for await (const { eventId, workfrontUserId } of ledger.withStatus('deactivated', periodOf({}, clock(), EVER)))
    if (workfrontUserId === userId) return `a rehearsal was cut short: undo ${quoted(eventId)} --reason "the rehearsal was cut short"`;
  return 'activate them in Workfront';
}

/** The worker goes by what the event says: if that leads to anybody else, nothing is sent. */
async function mustLeadToNobodyElse({ id, emailAddr }: User, { directory, policy, test }: Stage): Promise<void> {
  const keys = matchKeys(emailAddr === undefined ? {} : { email: emailAddr }, matchKeyRules(test.source, policy));
  const { users } = keys.length === 0 ? { users: [] } : await resolveLeaver(keys, directory);
  if (users.length === 1 && users[0]?.id === id) return;
  const found = users.map((user) => user.id).join(', ') || 'nobody';
  throw new PermanentFailure('not-the-test-user', `the address of the test user leads to ${found}; give them an address of their own`);
}

/**
 * Sends a signed termination of the test user through the real endpoint, sees them off, and switches them on again by an undo. Whatever
 * stops it once the user is inactive, it tries the undo.
 *
 * @param onStep gets each step as soon as it is done
 * @throws PermanentFailure with the step that was not reached
 */
export async function rehearse(
  { deployment, directory, test, user }: Stage & { user: User },
  { seconds, signal, onStep }: { seconds: number; signal: AbortSignal; onStep: (step: Step) => Promise<void> },
): Promise<Rehearsal> {
  const steps: Step[] = [];
  const timed = async <T>(step: string, act: () => Promise<T>, saw: (result: T) => string): Promise<T> => {
    const begun = deployment.clock();
    const result = await act();
    const done = { step, ms: deployment.clock() - begun, saw: saw(result) };
    steps.push(done);
    await onStep(done);
    return result;
  };

  const { SOURCES } = await functionSettings(deployment);
  const config = configOf(test.source, SOURCES);
  const testId = `ops-rehearsal-${crypto.randomUUID()}`;
  const { eventId } = await timed(
    'sent',
    () => sendTermination({ name: test.source, config, testId, employee: user.emailAddr }, deployment),
    (sent) => `the endpoint answered ${sent.status} to a signed termination`,
  );
  const ref = { source: test.source, eventId };
  const off = await timed('off', () => followEvent(ref, { deployment, seconds }), sawOff);
  const gone = mustBeOff(off, user.id);
  await timed(
    'read',
    () => directory.read(user.id),
    (now) => (now?.isActive === false ? 'Workfront shows the user inactive' : 'Workfront shows the user ACTIVE'),
  );
  const undone = await timed(
    'on',
    () => undo(gone, { deployment, seconds, signal }),
    (entry) => entry.history.at(-1)?.why ?? '',
  );
  if (undone.status !== 'undone') throw notReached('on', undone);
  await timed(
    'read',
    () => directory.read(user.id),
    (now) => sawOn(user.placement, now),
  );
  return { userId: user.id, eventId, steps };
}

const sawOff = (entry: LedgerEntry | undefined): string => entry?.history.at(-1)?.why ?? 'the worker has not begun';

/** @throws PermanentFailure `rehearsal-stopped` */
function mustBeOff(entry: LedgerEntry | undefined, userId: string): LedgerEntry {
  if (entry?.status === 'deactivated' && entry.workfrontUserId === userId) return entry;
  throw notReached('off', entry);
}

function notReached(step: string, entry: LedgerEntry | undefined): PermanentFailure {
  if (entry === undefined)
    return new PermanentFailure('rehearsal-stopped', `step ${step}: the worker has not begun the event; see why with doctor`);
  const saw = entry.undoing?.refused?.saw ?? entry.hold?.saw ?? entry.waiting?.saw ?? entry.history.at(-1)?.why ?? '';
  return new PermanentFailure('rehearsal-stopped', `step ${step}: event ${entry.eventId} is ${entry.status}: ${saw}; look at it with show`);
}

async function undo(
  entry: LedgerEntry,
  { deployment, seconds, signal }: { deployment: Deployment; seconds: number; signal: AbortSignal },
): Promise<LedgerEntry> {
  const order = { kind: 'undo' as const, reason: 'the rehearsal is over' };
  const begun = await carryOut([entry], order, { deployment, signal, onStep: () => undefined });
  const [deed] = await awaitOutcomes(begun, { deployment, signal, seconds, onStep: () => undefined });
  return deed?.after ?? entry;
}

function sawOn(before: Placement = {}, now: User | undefined): string {
  if (now?.isActive !== true) return 'Workfront shows the user INACTIVE';
  const fields = Object.entries(before).filter(([, value]) => value !== undefined);
  const lost = fields.filter(([field, value]) =>
    Object.entries(now.placement ?? {}).every(([name, other]) => name !== field || other !== value),
  );
  return lost.length === 0
    ? 'Workfront shows the user active, as before'
    : `Workfront shows the user active, without ${lost.map(([field]) => field).join(', ')}`;
}
