import * as z from 'zod';
import { type Employee, employee } from '../../lambda/domain/event/hr-event.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { parse } from '../../lambda/domain/parse.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { openWorkfront } from '../deployment/workfront-access.ts';
import { Usage } from '../terminal/exit-code.ts';
import { type Resolution, resolveNow } from './resolution.ts';

const { email, employeeNumber, ssoUsername, givenName, familyName } = employee.shape;

/** What an operator may say of a leaver. */
export const leaverOptions = z.object({
  email,
  number: employeeNumber,
  sso: ssoUsername,
  givenName,
  familyName,
  field: z.array(z.string().regex(/^DE:[^=\p{Cc}]{1,128}=[^\p{Cc}]{1,256}$/u, '"DE:<custom field>=<value>"')).optional(),
});

export type LeaverOptions = z.infer<typeof leaverOptions>;

/** The leaver that an operator names. @throws Usage if nobody is named */
export function leaverOf({ sso, field = [], number, ...names }: LeaverOptions): Employee {
  const customFields = Object.fromEntries(field.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
  const leaver = { ...names, employeeNumber: number, ssoUsername: sso, ...(field.length > 0 && { customFields }) };
  if ([leaver.email, number, sso, ...field].every((one) => one === undefined))
    throw new Usage('nobody is named; use an e-mail address, an employee number, --sso or --field');
  return parse(employee, leaver, 'leaver');
}

/**
 * Every step of the decision on a leaver, by the rules and the credential of the deployment. Changes nothing.
 *
 * @throws PermanentFailure `no-policy`, `no-match-key`; the failures of the directory
 */
export async function resolveIn(deployment: Deployment, leaver: Employee): Promise<{ resolution: Resolution; dryRun: boolean }> {
  const policy = await deployment.policy();
  if (policy === undefined)
    throw new PermanentFailure(
      'no-policy',
      `your AWS identity may not read the template of ${deployment.name}, which has its rules; it needs cloudformation:GetTemplate`,
    );
  const settings = await functionSettings(deployment);
  const directory = openWorkfront(deployment, { settings, matchKeys: policy.matchKeys });
  const resolution = await resolveNow(leaver, { ledger: deployment.ledger, directory, policy, now: deployment.clock() });
  return { resolution, dryRun: policy.dryRun };
}
