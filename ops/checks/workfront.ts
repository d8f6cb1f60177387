import { CredentialFailure, StageFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import type { CredentialOwner, User } from '../../lambda/domain/ports.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { tenantRecord } from '../../lambda/domain/stage/tenant.ts';
import { unsupportedVersion } from '../../lambda/workfront/api-version.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { ReadOnlyDirectory } from '../deployment/workfront-access.ts';
import { type Check, checked, green, type Health, isOurRight, red, unknown } from './check.ts';
import { ended } from './ended.ts';
import { EVIDENCE, rightToEdit } from './right-to-edit.ts';

/** The checks in their order: each needs the one before. */
const NAMES = [
  'workfront reached',
  'api version',
  'credential',
  'users visible',
  'limited sight',
  'own user',
  'account dates',
  'right to edit',
  'tenant',
] as const;

type Name = (typeof NAMES)[number];

interface Look {
  directory: ReadOnlyDirectory;
  policy: Policy | undefined;
  apiVersion: string;
  baseUrl: string;
  again: (command: string) => string;
}

/** Checks Workfront and the credential, only by reading. */
export async function checkWorkfront(deployment: Deployment, look: Look): Promise<Check[]> {
  try {
    const owner = await look.directory.owner();
    const own = await look.directory.read(owner.userId);
    return [
      { check: 'workfront reached', ...green(`${look.baseUrl} answers`) },
      { check: 'api version', ...apiVersion(deployment, look) },
      { check: 'credential', ...green('accepted') },
      { check: 'users visible', ...green(`${owner.activeUsers} active users`) },
      await checked('limited sight', () => limitedSight(deployment, { owner, again: look.again })),
      { check: 'own user', ...ownUser(owner, own) },
      { check: 'account dates', ...accountDates(own) },
      await checked('right to edit', () => rightToEdit(deployment, { owner, own, policy: look.policy })),
      await checked('tenant', () => tenant(deployment, { owner, policy: look.policy })),
    ];
  } catch (failure) {
    if (isOurRight(failure)) return NAMES.map((check) => ({ check, ...unknown('you may not read the Workfront secret') }));
    const { name, fix } = placeOf(failure, look);
    const saw = failure instanceof Error ? failure.message : String(failure);
    const asked = !isUnread(failure);
    return NAMES.map((one, index): Check => {
      if (one === name) return { check: one, ...red(saw, { fix }) };
      const before = index < NAMES.indexOf(name);
      return { check: one, ...(before && asked ? green('no trouble so far') : unknown(`not checked: ${name} comes first`)) };
    });
  }
}

/** Finds which check a failure belongs to, and what to do. */
function placeOf(failure: unknown, { again }: Look): { name: Name; fix: string } {
  if (failure instanceof TransientFailure)
    return {
      name: 'workfront reached',
      fix: 'nothing, if Workfront is in maintenance (status.adobe.com): events wait for days; else check workfront.baseUrl in your file of stages',
    };
  if (failure instanceof CredentialFailure && failure.code === 'blind')
    return {
      name: 'users visible',
      fix: `give the credential's own user an access level that sees and edits users (Setup > Access Levels), then: ${again('retry')}`,
    };
  if (isUnread(failure)) return { name: 'credential', fix: again('secret set workfront') };
  if (failure instanceof CredentialFailure)
    return { name: 'credential', fix: `make a new credential and store it: ${again('secret set workfront')}` };
  const code = failure instanceof StageFailure ? failure.code : '';
  return (
    STAGE[code] ?? {
      name: 'api version',
      fix: 'set workfront.apiVersion in your file of stages to one that Workfront supports, and deploy',
    }
  );
}

/** What Workfront refuses to everybody, by the code of the answer. */
const STAGE: Partial<Record<string, { name: Name; fix: string }>> = {
  redirected: { name: 'workfront reached', fix: 'set workfront.baseUrl in your file of stages to where Workfront answers, and deploy' },
  'not-found': { name: 'workfront reached', fix: 'check workfront.baseUrl and workfront.apiVersion in your file of stages, and deploy' },
  forbidden: {
    name: 'credential',
    fix: "give the credential's own user the right to see users, and let the address of the worker into Workfront (Setup > System > IP allowlist)",
  },
  'field-unknown': { name: 'api version', fix: 'correct the match keys in your file of stages (a custom field was renamed?), and deploy' },
};

function apiVersion({ clock }: Deployment, { apiVersion: version }: Look): Health {
  const warning = unsupportedVersion(version, clock());
  return warning === undefined ? green(`${version} is served`) : unknown(`served today; ${warning}`);
}

/** Whether the credential could not even be read. */
const isUnread = (failure: unknown): boolean => failure instanceof CredentialFailure && failure.code.startsWith('secret-');

function ownUser({ userId }: CredentialOwner, own: User | undefined): Health {
  if (own === undefined) return red(`${userId} cannot be read`, { fix: 'check the user and its access level in Workfront' });
  const is = `${userId}${own.isAdmin ? ', a system administrator' : ''}`;
  return own.isActive
    ? green(is)
    : red(`${is}, is inactive`, { fix: 'activate the user in Workfront, or store the credential of another user' });
}

/** A credential that sees a part of the users says of the others that they have no account. */
async function limitedSight(deployment: Deployment, { owner, again }: { owner: CredentialOwner; again: Look['again'] }): Promise<Health> {
  if (owner.seesEverybody) return green('none: its user is a system administrator');
  const overlooked = (await ended(deployment, 'no-account', EVIDENCE)).filter(({ reason }) => reason === 'limited-sight');
  if (overlooked.length === 0) return green('its user is no system administrator and may not see everybody; nobody was missed in 30 days');
  return red(`${overlooked.length} leavers of the last 30 days were not found by a credential that may not see everybody`, {
    fix: `make its user a system administrator, then ${again('plan replay --status no-account --reason limited-sight --note "sees everybody" --out plan.json')}`,
  });
}

/** When an account was made tells a newcomer with the address of a leaver from the leaver. */
function accountDates(own: User | undefined): Health {
  if (own === undefined) return unknown('its own user cannot be read');
  if (own.madeAt !== undefined) return green('Workfront says when a user was made');
  return red('Workfront does not say readably when a user was made (entryDate)', {
    fix: 'give the credential the right to see entryDate of users; until then, what is decided more than a day after HR recorded it is held, newcomer',
  });
}

async function tenant({ ledger }: Deployment, { owner, policy }: { owner: CredentialOwner; policy: Policy | undefined }): Promise<Health> {
  const pinned = policy?.customerId ?? (await ledger.readRecord(STAGE_KEYS.tenant, tenantRecord))?.value.customerId;
  if (owner.customerId === undefined) return unknown('Workfront does not show which customer the credential belongs to');
  if (pinned === undefined) return green(`customer ${owner.customerId}, which the first event will pin`);
  return pinned === owner.customerId
    ? green(`customer ${pinned}, as pinned`)
    : red(`the credential belongs to customer ${owner.customerId}, this stage is pinned to ${pinned}`, {
        fix: 'store the credential of the right customer (production keys are copied to Preview every week)',
      });
}
