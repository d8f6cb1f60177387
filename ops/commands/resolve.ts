import type { Command } from 'commander';
import * as z from 'zod';
import { employee } from '../../lambda/domain/event/hr-event.ts';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { openWorkfront } from '../deployment/workfront-access.ts';
import { type Resolution, resolveNow } from '../events/resolution.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { printable } from '../terminal/terminal.ts';

const resolveOptions = z.object({
  json: z.boolean().optional(),
  email: z.string().optional(),
  number: z.string().optional(),
  sso: z.string().optional(),
  givenName: z.string().optional(),
  familyName: z.string().optional(),
  field: z.array(z.string().regex(/^DE:[^=]+=.+$/, '"DE:<custom field>=value"')).optional(),
});

export function addResolve(program: Command, session: Session): void {
  newCommand(program, 'resolve', {
    what: 'Shows every step of the decision on a leaver, and what a termination that came now would do. Changes nothing.',
    example: '--local resolve ana@acme.test --number 10042',
  })
    .argument('[e-mail address or employee number]')
    .option('--email <address>', 'as HR has it')
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
          `expected the rules of ${deployment.name}, its template may not be read by you: cloudformation:GetTemplate`,
        );
      const settings = await functionSettings(deployment);
      const directory = openWorkfront(deployment, { settings, matchKeys: policy.matchKeys });
      const resolution = await resolveNow(leaver, { ledger: deployment.ledger, directory, policy, now: deployment.clock() });

      const { print } = session.terminal;
      if (json) await print(JSON.stringify({ ...resolution, dryRun: policy.dryRun }, null, 2));
      else for (const line of linesOf(resolution)) await print(printable(line));
      process.exitCode = resolution.would.become === 'held' || resolution.stopped.length > 0 ? EXIT.attention : EXIT.done;
    });
}

function employeeOf(who: string | undefined, options: z.infer<typeof resolveOptions>) {
  const { email, number, sso, givenName, familyName, field = [] } = options;
  const isAddress = who?.includes('@') ?? false;
  if (who !== undefined && (isAddress ? email : number) !== undefined) throw new Usage('expected each key once, got one twice');
  const customFields = Object.fromEntries(field.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]));
  return readOptions(employee, {
    email: isAddress ? who : email,
    employeeNumber: isAddress ? number : (who ?? number),
    ssoUsername: sso,
    givenName,
    familyName,
    ...(field.length > 0 && { customFields }),
  });
}

function linesOf({ stopped, owner, pinnedCustomerId, keys, searches, matchedBy, guards, would }: Resolution): string[] {
  const skipped = keys.filter((key) => !searches.some(({ field }) => field === key));
  return [
    `credential  user ${owner.userId} of customer ${owner.customerId ?? 'unknown'}, sees ${owner.activeUsers} active users`,
    `pinned to   ${pinnedCustomerId ?? 'no customer yet'}`,
    `keys        ${keys.join(', ')}`,
    ...searches.flatMap(({ field, hits }) => [
      `search      ${field}: ${hits.length === 0 ? 'nobody' : `${hits.length} found`}`,
      ...hits.map(
        ({ userId, isActive, agrees }) => `              ${userId}  ${isActive ? 'active' : 'inactive'}, agrees in ${agrees.join(', ')}`,
      ),
    ]),
    ...skipped.map((field) => `not asked   ${field}: the user found has it already`),
    ...(matchedBy === undefined ? [] : [`match       by ${matchedBy}`]),
    ...guards.map(({ guard, answer, saw }) => `guard       ${guard.padEnd(18)} ${answer}${saw === undefined ? '' : `: ${saw}`}`),
    ...stopped.map((why) => `stopped     ${why}: an event waits; then:`),
    `would be    ${would.become}: ${would.why}`,
  ];
}
