import type { Command } from 'commander';
import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import { addFilterOptions, filterOptions, periodOf } from '../events/filter.ts';
import { noMatch } from '../events/no-match.ts';
import { makePlan } from '../orders/make-plan.ts';
import { REPLAYED } from '../orders/order.ts';
import { type DigestedPlan, writePlan } from '../orders/plan-file.ts';
import { recordPlan } from '../orders/plan-record.ts';
import { printVerdicts } from '../orders/print-deeds.ts';
import { type Judged, judgeAll } from '../orders/repetition.ts';
import { EVER, selected } from '../orders/selection.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { newFile } from '../terminal/new-file.ts';
import { json, limit, reason } from '../terminal/option-values.ts';
import { quoted } from '../terminal/quoted.ts';
import { readOptions } from '../terminal/read-options.ts';

type Kind = DigestedPlan['kind'];

/** The statuses of the events that a plan of each kind can contain. */
const PLANNED: Record<Kind, readonly EventStatus[]> = {
  release: ['held'],
  replay: ['failed'],
  cancel: ['scheduled', 'held', 'failed'],
};

/** The statuses that a filter can name; without one, a plan has the events of the statuses above. */
const CHOICES: Record<Kind, readonly EventStatus[]> = { ...PLANNED, replay: REPLAYED };

export function addPlan(program: Command, session: Session): void {
  const plan = program.command('plan').description('Writes down what to do to many events, for apply to do exactly that.');
  for (const kind of ['release', 'replay', 'cancel'] as const) addPlanOf(kind, plan, session);
}

function addPlanOf(kind: Kind, parent: Command, session: Session): void {
  const statuses = PLANNED[kind];
  const planOptions = filterOptions(CHOICES[kind]).extend({
    json,
    note: reason,
    out: newFile,
    limit,
  });
  const command = newCommand(parent, kind, {
    what: `Plans to ${kind} all ${statuses.join(', ')} events that the filters choose. Changes no event.`,
    example: `--local plan ${kind} --since 7d --note "HR confirmed the list" --out plan.json`,
  })
    .requiredOption('--out <file>', 'the new file of the plan')
    .requiredOption('--note <text>', 'why: kept with the events, nothing personal')
    .option('--limit <n>', 'at most this many events, 1 or more, the longest unchanged first');
  addFilterOptions(command, CHOICES[kind]).action(async (raw: unknown) => {
    const { json, note, out, limit, since, until, ...filter } = readOptions(planOptions, raw);
    const typed = { ...filter, since, until };
    if (Object.values(typed).every((one) => one === undefined))
      throw new Usage('no filter is given; use one such as --reason, --source or --since 24h');
    const period = periodOf({ since, until }, session.clock(), EVER);

    const deployment = await session.deployment();
    const { entries } = await selected(deployment, {
      statuses: filter.status === undefined ? statuses : [filter.status],
      filter,
      period,
      limit,
    });
    const judged = await judgeAll(entries, { kind, reason: note }, { deployment });
    const digested = writePlan(out, await makePlan(judged, { kind, reason: note }, deployment));
    await recordPlan(digested, deployment);
    if (json) await session.terminal.print(JSON.stringify(digested, null, 2));
    else await explain({ judged, plan: digested, out, none: noMatch(typed, deployment) }, session);
    process.exitCode = EXIT.done;
  });
}

async function explain(
  { judged, plan, out, none }: { judged: readonly Judged[]; plan: DigestedPlan; out: string; none: string },
  { terminal, again }: Session,
): Promise<void> {
  await printVerdicts(judged, { json: false, terminal, none });
  const { events, digest, secondAbove, by } = plan;
  await terminal.print('');
  await terminal.print(`${events.length} events in the plan ${out}, digest ${digest}`);
  if (events.length < judged.length) await terminal.print(`${judged.length - events.length} events left out, as the table shows`);
  if (events.length > secondAbove) await terminal.print(`More than ${secondAbove}: someone other than ${by} must apply it.`);
  await terminal.print(events.length === 0 ? 'Nothing to apply.' : `To do it:\n  ${again(`apply ${quoted(out)}`)}`);
}
