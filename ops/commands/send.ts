import type { Command } from 'commander';
import * as z from 'zod';
import { needsPerson } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { TEST_ID } from '../../lambda/domain/event/test-outcome.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { followEvent, isMoving, sendTermination } from '../events/send-termination.ts';
import { storyOf } from '../events/story.ts';
import { summary } from '../events/summary.ts';
import { configOf, readSourceName } from '../send/known-source.ts';
import { readBody } from '../send/test-delivery.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { confirmed } from '../terminal/confirm.ts';
import { EXIT, type ExitCode, Usage } from '../terminal/exit-code.ts';
import { DEFAULT_WAIT, json, wait } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { printable } from '../terminal/terminal.ts';

const sendOptions = z.object({
  json,
  employee: z.email('an e-mail address such as ana@acme.test').optional(),
  body: z.string().min(1, 'the path of a file').optional(),
  really: z.boolean().optional(),
  yes: z.boolean().optional(),
  wait,
});

export function addSend(program: Command, session: Session): void {
  newCommand(program, 'send', {
    what:
      "Sends a signed termination through the source's real endpoint and follows it to its outcome. By default it names an " +
      'address that nobody can have, and ends as no-account.',
    example: '--local send standard-webhooks',
  })
    .argument('<source>')
    .option('--employee <email>', 'terminate this person; only with --really')
    .option('--body <file>', 'send this delivery, signed, about whoever it names; only with --really')
    .option('--really', 'a real termination: this person is deactivated')
    .option('--yes', 'do not ask')
    .option('--wait <seconds>', 'how long to follow the event, 0 to 3600', String(DEFAULT_WAIT))
    .action(async (argument: string, raw: unknown) => {
      const { json, employee, body, really, yes, wait } = readOptions(sendOptions, raw);
      const name = readSourceName(argument);
      const written = body === undefined ? undefined : readBody(body);
      if (employee !== undefined && body !== undefined) throw new Usage('--employee and --body exclude each other; leave one of them out');
      const about = employee ?? (body === undefined ? undefined : `whoever ${body} names`);
      const option = employee === undefined ? '--body' : '--employee';
      if (about !== undefined && !really) throw new Usage(`${option} is for a real termination only; add --really, or leave it out`);
      if (really && about === undefined) throw new Usage('--really needs the person who leaves; add --employee, or --body');
      const deployment = await session.deployment();
      const { SOURCES: sources } = await functionSettings(deployment);
      const config = configOf(name, sources);
      const question = `Terminate ${about} on ${deployment.name}, as if ${name} had sent it?`;
      if (about !== undefined && !(await confirmed(question, { yes, terminal: session.terminal }))) {
        process.exitCode = EXIT.failed;
        return;
      }

      const testId = `${employee === undefined ? TEST_ID : 'ops-sent-'}${crypto.randomUUID()}`;
      const sent = await sendTermination({ name, config, testId, employee, written }, deployment);
      session.terminal.progress(`accepted as event ${sent.eventId}`);
      const entry = await followEvent({ source: name, eventId: sent.eventId }, { deployment, seconds: wait });
      session.terminal.progress('');
      if (json) await session.terminal.print(JSON.stringify({ ...sent, source: name, entry: entry && summary(entry) }, null, 2));
      else await printOutcome({ ...sent, entry }, session);
      process.exitCode = exitOf(entry, about === undefined);
    });
}

async function printOutcome(
  { status, eventId, entry }: { status: number; eventId: string; entry: LedgerEntry | undefined },
  { terminal, again }: Session,
): Promise<void> {
  await terminal.print(`The endpoint answered ${status}.`);
  if (entry === undefined) await terminal.print(`The worker has not begun event ${eventId} yet. To see why:\n  ${again('doctor')}`);
  else for (const { text } of storyOf(entry, { person: false, again })) await terminal.print(printable(text));
}

function exitOf(entry: LedgerEntry | undefined, expectsNobody: boolean): ExitCode {
  if (entry === undefined || isMoving(entry)) return EXIT.failed;
  if (needsPerson(entry.status)) return EXIT.attention;
  return !expectsNobody || entry.status === 'no-account' ? EXIT.done : EXIT.failed;
}
