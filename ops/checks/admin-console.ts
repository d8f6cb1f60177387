import type { ConsoleOptions } from '../../lambda/admin-console/ask.ts';
import { umapiConsole } from '../../lambda/admin-console/console.ts';
import { type ConsoleGroup, consoleGroups } from '../../lambda/admin-console/groups.ts';
import { parseConsoleSecret } from '../../lambda/admin-console/secret.ts';
import type { AdminConsoleSettings } from '../../lambda/admin-console/settings.ts';
import { secretReader } from '../../lambda/aws/secrets.ts';
import { CONSOLE_CIRCUIT } from '../../lambda/domain/console-access/wait-for-console.ts';
import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { CLOSED_CIRCUIT, circuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { secretsManagerOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { FunctionSettings } from '../deployment/function-settings.ts';
import { ADMIN_CONSOLE } from '../secrets/admin-console-secret.ts';
import { missingOr } from '../secrets/secret-store.ts';
import { bothTimes } from '../terminal/times.ts';
import { amber, type Check, checked, green, type Health, red } from './check.ts';

/** An address that nobody can have (RFC 2606, section 2). Test mode does not report a user who does not exist. */
const NOBODY = 'doctor@workfront-offboarding.invalid';

/**
 * Checks that the Admin Console has a credential, accepts it, and knows every name of the stage: by the request that the worker sends, in
 * Adobe's test mode and about nobody. It costs one of the ten requests a minute for each ten names. Also looks which product a profile belongs to.
 */
export async function checkAdminConsole(
  deployment: Deployment,
  { settings, again }: { settings: FunctionSettings; again: (command: string) => string },
): Promise<Check[]> {
  const { ADMIN_CONSOLE: named, ADMIN_CONSOLE_SECRET_ID: secretId } = settings;
  if (named === undefined) return [];
  const fix = again(`secret set ${ADMIN_CONSOLE}`);
  return [
    await checked('admin console', async () => {
      const text = await missingOr(secretReader(secretsManagerOf(deployment))(secretId));
      if (text === undefined) return red('its credential is not set', { fix });
      try {
        parseConsoleSecret(text);
        const options = { settings: named, readSecret: async () => text, fetch, clock: deployment.clock };
        await testNames(named, options);
        return doubtAbout(named, await consoleGroups(options)) ?? (await circuitHealth(deployment));
      } catch (failure) {
        return refusedHealth(failure, fix);
      }
    }),
  ];
}

async function testNames(named: AdminConsoleSettings, options: ConsoleOptions): Promise<void> {
  const console = umapiConsole(options);
  const names = [...named.groups, ...named.profiles];
  for (let at = 0; at < names.length; at += 10)
    await console.remove({ user: { name: NOBODY, isAdobeId: false }, names: names.slice(at, at + 10), testOnly: true });
}

/** A profile of another product, or a group that cannot be changed from here. @returns undefined if there is none */
export function doubtAbout({ profiles, groups }: AdminConsoleSettings, known: readonly ConsoleGroup[]): Health | undefined {
  const other = known.find(({ groupName, productName }) => profiles.includes(groupName) && !/workfront/i.test(productName ?? 'workfront'));
  if (other !== undefined) {
    const saw = `${other.groupName} is a profile of ${other.productName}: leavers would lose that product`;
    return red(saw, { fix: 'take it out of adminConsole.profiles, then deploy' });
  }
  const shared = known.find(({ groupName, isReadOnly }) => groups.includes(groupName) && isReadOnly);
  if (shared === undefined) return undefined;
  const saw = `${shared.groupName} is shared from another console: leavers in it will be held`;
  return amber(saw, { fix: 'have its owners remove leavers, or take it out of adminConsole.groups' });
}

function refusedHealth(failure: unknown, fix: string): Health {
  if (failure instanceof TransientFailure) return amber(`could not be asked (${failure.code})`, { fix: 'wait, then run doctor again' });
  if (failure instanceof CredentialFailure) return red(failure.message, { fix });
  if (failure instanceof StageFailure) return red(failure.message, { fix: 'correct adminConsole in the stage, then deploy' });
  if (failure instanceof PermanentFailure) return red(failure.message, { fix: 'see docs/admin-console.md' });
  throw failure;
}

async function circuitHealth({ ledger }: Pick<Deployment, 'ledger'>): Promise<Health> {
  const { open } = (await ledger.readRecord(CONSOLE_CIRCUIT, circuitRecord))?.value ?? CLOSED_CIRCUIT;
  const knows = 'accepts the credential and knows every name of the stage';
  if (open === undefined) return green(`${knows} (asked in test mode)`);
  return amber(`${knows}, but the worker had trouble since ${bothTimes(open.since)} (${open.saw})`, {
    fix: 'nothing: it tries again by itself',
  });
}
