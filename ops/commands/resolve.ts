import type { Command } from 'commander';
import * as z from 'zod';
import { type Employee, employee } from '../../lambda/domain/event/hr-event.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { parse } from '../../lambda/domain/parse.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { openWorkfront } from '../deployment/workfront-access.ts';
import { type Resolution, resolveNow } from '../events/resolution.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { folded } from '../terminal/folded.ts';
import { json } from '../terminal/option-values.ts';
import { readArgument, readOptions } from '../terminal/read-options.ts';
import { printable } from '../terminal/terminal.ts';

const { email, employeeNumber, ssoUsername, givenName, familyName } = employee.shape;
const resolveOptions = z.object({
  json,
  email,
  number: employeeNumber,
  sso: ssoUsername,
  givenName,
  familyName,
  field: z.array(z.string().regex(/^DE:[^=\p{Cc}]{1,128}=[^\p{Cc}]{1,256}$/u, '"DE:<custom field>=<value>"')).optional(),
});

export function addResolve(program: Command, session: Session): void {
  newCommand(program, 'resolve', {
    what: 'Shows every step of the decision on a leaver, and what a termination would do now. Changes nothing.',
    example: '--local resolve ana@acme.test --number 10042',
  })
    .argument('[e-mail address or employee number]')
    .option('--email <address>', 'the e-mail address in HR')
    .option('--number <number>', 'the employee number')
    .option('--sso <name>', 'the SSO name')
    .option('--given-name <name>', 'compared with the name in Workfront')
    .option('--family-name <name>', 'compared with the name in Workfront')
    .option('--field <field=value...>', 'a custom field, such as "DE:HR ID=10042"')
    .action(async (who: string | undefined, raw: unknown) => {
      const { json, ...options } = readOptions(resolveOptions, raw);
      const leaver = employeeOf(who, options);
      const deployment = await session.deployment();
      const policy = await deployment.policy();
      if (policy === undefined)
        throw new PermanentFailure(
          'no-policy',
          `your AWS identity may not read the template of ${deployment.name}, which has its rules; it needs cloudformation:GetTemplate`,
        );
      const settings = await functionSettings(deployment);
      const directory = openWorkfront(deployment, { settings, matchKeys: policy.matchKeys });
      const resolution = await resolveNow(leaver, { ledger: deployment.ledger, directory, policy, now: deployment.clock() });

      const { print } = session.terminal;
      if (json) await print(JSON.stringify({ ...resolution, dryRun: policy.dryRun }, null, 2));
      else {
        for (const text of linesOf(resolution))
          for (const line of folded(printable(text), { width: session.terminal.width, hang: 14 })) await print(line);
      }
      process.exitCode = resolution.would.become === 'held' || resolution.stopped.length > 0 ? EXIT.attention : EXIT.done;
    });
}

/** @throws Usage */
function employeeOf(who: string | undefined, options: Omit<z.infer<typeof resolveOptions>, 'json'>): Employee {
  const { sso, field = [], number, ...names } = options;
  const keys = { ...names, employeeNumber: number, ssoUsername: sso };
  const isAddress = who?.includes('@') ?? false;
  const key = isAddress ? ('email' as const) : ('employeeNumber' as const);
  if (who !== undefined && keys[key] !== undefined)
    throw new Usage(`the ${isAddress ? 'e-mail address' : 'employee number'} is given twice; give it once`);
  const given =
    who === undefined ? {} : { [key]: readArgument(employee.shape[key], { what: ARGUMENT[key], value: who, isPersonal: true }) };
  const customFields = Object.fromEntries(field.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
  const leaver = { ...keys, ...given, ...(field.length > 0 && { customFields }) };
  if ([leaver.email, leaver.employeeNumber, leaver.ssoUsername, ...field].every((one) => one === undefined))
    throw new Usage('nobody is named; use an e-mail address, an employee number, --sso or --field');
  return parse(employee, leaver, 'leaver');
}

const ARGUMENT = { email: 'the e-mail address', employeeNumber: 'the employee number' };

function linesOf({ stopped, owner, pinnedCustomerId, keys, hits, matchedBy, guards, would }: Resolution): string[] {
  return [
    `credential  user ${owner.userId} of customer ${owner.customerId ?? 'unknown'}, sees ${owner.activeUsers} active users`,
    `pinned to   ${pinnedCustomerId ?? 'no customer yet'}`,
    `keys        ${keys.join(', ')}`,
    `search      ${hits.length === 0 ? 'nobody' : `${hits.length} found`}`,
    ...hits.map(
      ({ userId, isActive, agrees }) => `              ${userId}  ${isActive ? 'active' : 'inactive'}, agrees in ${agrees.join(', ')}`,
    ),
    ...(matchedBy === undefined ? [] : [`match       by ${matchedBy}`]),
    ...guards.map(({ guard, answer, saw }) => `guard       ${guard.padEnd(22)} ${answer}${saw === undefined ? '' : `: ${saw}`}`),
    ...stopped.map((why) => `stopped     ${why}; the event would wait, then:`),
    `would be    ${would.become}: ${would.why}`,
  ];
}
