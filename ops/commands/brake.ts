import type { Command } from 'commander';
import * as z from 'zod';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { BrakeRecord } from '../../lambda/domain/stage/brake.ts';
import { actNow } from '../orders/act.ts';
import { brakeLines, brakeSummary, logLines } from '../orders/brake-summary.ts';
import { questionOf } from '../orders/question.ts';
import { secondPersonCheck } from '../orders/second-person.ts';
import { selected } from '../orders/selection.ts';
import { type Waiting, whoWaits } from '../orders/who-waits.ts';
import type { Session } from '../session.ts';
import { UNLATCH_QUESTION, unlatchBrake } from '../stage/unlatch-brake.ts';
import { newCommand } from '../terminal/command.ts';
import { confirmed } from '../terminal/confirm.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { folded } from '../terminal/folded.ts';
import { DEFAULT_WAIT, json, reason, wait } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { printable } from '../terminal/terminal.ts';
import { bothTimes } from '../terminal/times.ts';

const statusOptions = z.object({ json, person: z.boolean().optional() });
const releaseOptions = z.object({ json, reason, events: z.boolean().optional(), yes: z.boolean().optional(), wait });

export function addBrake(program: Command, session: Session): void {
  const brake = program.command('brake').description('The brake stops too many deactivations.');
  addStatus(brake, session);
  addReleaseBrake(brake, session);
}

function addStatus(brake: Command, { deployment: open, terminal, again }: Session): void {
  newCommand(brake, 'status', {
    what: 'Shows whether the brake is latched, how many deactivations it counted, and who released it before.',
    example: '--local brake status',
  })
    .option('--person', 'also who waits: HR and Workfront, both read now, and what HR says; personal, and kept nowhere')
    .action(async (raw: unknown) => {
      const { json, person = false } = readOptions(statusOptions, raw);
      const deployment = await open();
      const summary = await brakeSummary(deployment);
      const held = person ? (await selected(deployment, { statuses: ['held'], filter: { reason: 'brake' } })).entries : [];
      const onStep = (read: number) => terminal.progress(`${read} of ${held.length} read`);
      const waiting = person ? await whoWaits(held, { deployment, onStep }) : [];
      terminal.progress('');
      if (json) await terminal.print(JSON.stringify({ ...summary, ...(person && { waiting }) }, null, 2));
      else {
        for (const line of waiting.flatMap(linesOf)) await printFolded(line, terminal);
        for (const line of brakeLines(summary, { again, isPersonShown: person })) await printFolded(line, terminal);
        for (const line of logLines(summary.log)) await printFolded(line, terminal);
      }
      process.exitCode = summary.latched === undefined && summary.held === 0 ? EXIT.done : EXIT.attention;
    });
}

async function printFolded(text: string, { print, width }: Session['terminal']): Promise<void> {
  for (const line of folded(printable(text), { width, hang: 15 })) await print(line);
}

const linesOf = ({ source, eventId, effectiveAt, hr, workfront, differs, hrNow }: Waiting): string[] => [
  `${source}  ${eventId}${effectiveAt === undefined ? '' : `  due ${bothTimes(effectiveAt)}`}`,
  `  HR         ${hr}`,
  `  Workfront  ${workfront}${differs ? '   (differs from HR)' : ''}`,
  ...(hrNow === undefined ? [] : [`  HR, now    ${hrNow}`]),
];

function addReleaseBrake(brake: Command, session: Session): void {
  newCommand(brake, 'release', {
    what: 'Releases the brake and sets its counts to 0: as many deactivations as the limits allow may follow. The events that it holds stay held unless you add --events.',
    example: '--local brake release --events --reason "the site in Porto closes, HR confirmed the list"',
  })
    .requiredOption('--reason <text>', 'why: kept with the brake')
    .option('--events', 'also release the events that the brake holds')
    .option('--yes', 'do not ask')
    .option('--wait <seconds>', 'how long to wait for the outcome of each event, 0 to 3600', DEFAULT_WAIT)
    .action(async (raw: unknown) => {
      const options = readOptions(releaseOptions, raw);
      const deployment = await session.deployment();
      const { terminal } = session;
      const { entries } = await selected(deployment, { statuses: ['held'], filter: { reason: 'brake' } });
      if (options.events) await secondPersonCheck(entries.length, { deployment, again: session.again });
      if (!options.yes) {
        const released = options.events ? entries : [];
        for (const [source, all] of Map.groupBy(released, ({ source }) => source))
          terminal.say(`${all.length} of ${source}: ${all.map(({ eventId }) => eventId).join(' ')}`);
        if (!(await confirmed(brakeQuestion(released), { yes: false, terminal }))) {
          process.exitCode = EXIT.failed;
          return;
        }
      }
      const latched = await unlatchBrake(deployment, options.reason);
      const sentence = latched === undefined ? 'The brake was not latched.' : `Released: ${latched.saw}.`;
      if (!options.events || (entries.length === 0 && !options.json))
        return printReleased({ latched, sentence, held: entries.length, json: options.json }, session);
      terminal.say(sentence);
      const asked = { entries, order: { kind: 'release' as const, reason: options.reason }, none: 'The brake holds no events', options };
      process.exitCode = await actNow(asked, { terminal, deployment });
    });
}

function brakeQuestion(entries: readonly LedgerEntry[]): string {
  if (entries.length === 0) return UNLATCH_QUESTION;
  return questionOf('release', entries);
}

async function printReleased(
  released: { latched: BrakeRecord['latched']; sentence: string; held: number; json: boolean | undefined },
  { terminal, again }: Session,
): Promise<void> {
  const { latched, sentence, held } = released;
  const next = held === 0 ? undefined : again('release --guard brake --reason "why"');
  if (released.json) await terminal.print(JSON.stringify({ was: latched ?? null, held, next }, null, 2));
  else {
    await terminal.print(sentence);
    await terminal.print(next === undefined ? 'It holds no events.' : `It still holds ${held} events. To release them:\n  ${next}`);
  }
  process.exitCode = held === 0 ? EXIT.done : EXIT.attention;
}
