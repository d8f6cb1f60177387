import type { Command } from 'commander';
import type { Employee } from '../../lambda/domain/event/hr-event.ts';
import type { Resolution } from '../events/resolution.ts';
import { type LeaverOptions, leaverOf, leaverOptions, resolveIn } from '../events/resolve-leaver.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { folded } from '../terminal/folded.ts';
import { json } from '../terminal/option-values.ts';
import { readArgument, readOptions } from '../terminal/read-options.ts';
import { printable } from '../terminal/terminal.ts';

const resolveOptions = leaverOptions.extend({ json });

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
      const { resolution, dryRun } = await resolveIn(deployment, leaver);

      const { print } = session.terminal;
      if (json) await print(JSON.stringify({ ...resolution, dryRun }, null, 2));
      else {
        for (const text of linesOf(resolution))
          for (const line of folded(printable(text), { width: session.terminal.width, hang: 14 })) await print(line);
      }
      process.exitCode = resolution.would.become === 'held' || resolution.stopped.length > 0 ? EXIT.attention : EXIT.done;
    });
}

/** @throws Usage */
function employeeOf(who: string | undefined, options: LeaverOptions): Employee {
  const key = who?.includes('@') ? ('email' as const) : ('number' as const);
  if (who !== undefined && options[key] !== undefined) throw new Usage(`${ARGUMENT[key]} is given twice; give it once`);
  const schema = leaverOptions.shape[key];
  const given = who === undefined ? {} : { [key]: readArgument(schema, { what: ARGUMENT[key], value: who, isPersonal: true }) };
  return leaverOf({ ...options, ...given });
}

const ARGUMENT = { email: 'the e-mail address', number: 'the employee number' };

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
