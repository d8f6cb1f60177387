import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { CredentialFailure, PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import type { CredentialOwner, User } from '../../lambda/domain/ports.ts';
import { STAGE_KEYS, tenantRecord } from '../../lambda/domain/stage/stage-state.ts';
import { DAY } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { ReadOnlyDirectory } from '../deployment/workfront-access.ts';
import { periodOf } from '../events/filter.ts';
import { bothTimes } from '../terminal/times.ts';
import { type Check, checked, green, type Health, isOurRight, red, unknown } from './check.ts';

/** In the order in which one needs the one before. */
const NAMES = ['workfront reached', 'api version', 'credential', 'users visible', 'own user', 'right to edit', 'tenant'] as const;

type Name = (typeof NAMES)[number];

interface Look {
  directory: ReadOnlyDirectory;
  policy: Policy | undefined;
  apiVersion: string;
  baseUrl: string;
  again: (command: string) => string;
}

/** What Workfront says of itself and of the credential, by reading alone. */
export async function checkWorkfront(deployment: Deployment, look: Look): Promise<Check[]> {
  try {
    const owner = await look.directory.owner();
    const own = await look.directory.read(owner.userId);
    return [
      { check: 'workfront reached', ...green(`${look.baseUrl} answers`) },
      { check: 'api version', ...green(`${look.apiVersion} is served`) },
      { check: 'credential', ...green('accepted') },
      { check: 'users visible', ...green(`${owner.activeUsers} active users`) },
      { check: 'own user', ...ownUser(owner, own) },
      await checked('right to edit', () => rightToEdit(deployment, { owner, own })),
      await checked('tenant', () => tenant(deployment, { owner, policy: look.policy })),
    ];
  } catch (failure) {
    if (isOurRight(failure)) return NAMES.map((check) => ({ check, ...unknown('you may not read the Workfront secret') }));
    const { name, cure } = placeOf(failure, look);
    const saw = failure instanceof Error ? failure.message : String(failure);
    const asked = !isUnread(failure);
    return NAMES.map((one, index): Check => {
      if (one === name) return { check: one, ...red(saw, cure) };
      const before = index < NAMES.indexOf(name);
      return { check: one, ...(before && asked ? green('so far as it goes') : unknown(`not asked: ${name} comes first`)) };
    });
  }
}

/** Which of the checks a failure is about, and what to do. */
function placeOf(failure: unknown, { again }: Look): { name: Name; cure: string } {
  if (failure instanceof TransientFailure)
    return {
      name: 'workfront reached',
      cure: 'nothing, where Workfront is in maintenance (status.adobe.com): events wait for days; else check workfront.baseUrl in lib/stages.ts',
    };
  if (failure instanceof CredentialFailure && failure.code === 'blind')
    return {
      name: 'users visible',
      cure: "give the credential's own user an access level that sees and edits users (Setup > Access Levels)",
    };
  if (isUnread(failure)) return { name: 'credential', cure: again('secret set workfront') };
  if (failure instanceof CredentialFailure)
    return { name: 'credential', cure: `make a new one and store it: ${again('secret set workfront')}` };
  if (failure instanceof PermanentFailure && failure.code === 'forbidden')
    return { name: 'credential', cure: "give the credential's own user the right to see users" };
  return { name: 'api version', cure: 'set workfront.apiVersion in lib/stages.ts to one that Workfront supports, and deploy' };
}

/** There was no credential to ask Workfront with. */
const isUnread = (failure: unknown): boolean => failure instanceof CredentialFailure && failure.code.startsWith('secret-');

function ownUser({ userId }: CredentialOwner, own: User | undefined): Health {
  if (own === undefined) return red(`${userId} cannot be read`, 'check the user and its access level in Workfront');
  const is = `${userId}${own.isAdmin ? ', a system administrator' : ''}`;
  return own.isActive ? green(is) : red(`${is}, is inactive`, 'activate the user in Workfront, or store the credential of another');
}

/** How far back it counts that a write was seen to work, or to be refused. */
const EVIDENCE = 30 * DAY;

/** Only a write could prove it; the ledger knows of the last one. */
async function rightToEdit(deployment: Deployment, { owner, own }: { owner: CredentialOwner; own: User | undefined }): Promise<Health> {
  const refused = await lastOf(deployment, 'failed', ({ reason }) => reason === 'forbidden');
  const worked = await lastOf(deployment, 'deactivated', ({ history }) => history.at(-1)?.why.includes(`as user ${owner.userId}`) ?? false);
  if (refused !== undefined && (worked === undefined || refused.updatedAt > worked.updatedAt))
    return red(
      `refused at ${bothTimes(refused.updatedAt)} (event ${refused.eventId})`,
      'give its user the right to edit all users, then replay what failed',
    );
  if (worked !== undefined) return green(`last deactivated a user at ${bothTimes(worked.updatedAt)}`);
  return unknown(
    `only a write could tell, and none was made in 30 days${own?.isAdmin ? '; its user is a system administrator, who may' : ''}`,
  );
}

async function lastOf(
  { ledger, clock }: Deployment,
  status: 'failed' | 'deactivated',
  isMeant: (entry: LedgerEntry) => boolean,
): Promise<LedgerEntry | undefined> {
  let last: LedgerEntry | undefined;
  for await (const entry of ledger.withStatus(status, periodOf({}, clock(), EVIDENCE))) if (isMeant(entry)) last = entry;
  return last;
}

async function tenant({ ledger }: Deployment, { owner, policy }: { owner: CredentialOwner; policy: Policy | undefined }): Promise<Health> {
  const pinned = policy?.customerId ?? (await ledger.readRecord(STAGE_KEYS.tenant, tenantRecord))?.value.customerId;
  if (owner.customerId === undefined) return unknown('Workfront does not say of which customer the credential is');
  if (pinned === undefined) return green(`customer ${owner.customerId}, pinned with the first event`);
  return pinned === owner.customerId
    ? green(`customer ${pinned}, as pinned`)
    : red(
        `the credential is of customer ${owner.customerId}, this stage is pinned to ${pinned}`,
        'store the credential of the right customer (production keys are copied to Preview every week)',
      );
}
