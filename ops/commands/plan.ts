import { type Command, Option } from 'commander';
import * as z from 'zod';
import type { EventStatus } from '../../lambda/domain/event/event-status.ts';
import { toInstant } from '../../lambda/domain/time/time.ts';
import { addPeriodOptions, addPersonOptions, filterOptions } from '../events/filter.ts';
import { judge } from '../orders/order.ts';
import { type DigestedPlan, writePlan } from '../orders/plan-file.ts';
import { recordPlan } from '../orders/plan-record.ts';
import { printVerdicts } from '../orders/print-deeds.ts';
import { selected } from '../orders/selection.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { EXIT, Usage } from '../terminal/exit-code.ts';
import { quoted } from '../terminal/quoted.ts';
import { reason } from './release-reject-cancel-replay.ts';

/** Which events a plan of each kind is made of. */
const PLANNED: Record<DigestedPlan['kind'], readonly EventStatus[]> = {
  release: ['held'],
  replay: ['failed'],
  cancel: ['scheduled', 'held', 'failed'],
};

const planOptions = filterOptions.extend({
  json: z.boolean().optional(),
  note: reason,
  out: z.string().min(1),
  limit: z.coerce.number('a number of 1 or more').int().min(1).optional(),
  secondAbove: z.coerce.number('a number of events').int().min(0),
});

export function addPlan(program: Command, session: Session): void {
  const plan = program.command('plan').description('Writes down what would be done to many events, for apply to do exactly that.');
  for (const kind of ['release', 'replay', 'cancel'] as const) addPlanOf(kind, plan, session);
}

function addPlanOf(kind: DigestedPlan['kind'], parent: Command, session: Session): void {
  const command = newCommand(parent, kind, {
    what: `Plans to ${kind} all ${PLANNED[kind].join(', ')} events that the filters choose; changes no event.`,
    example: `--local plan ${kind} --since 7d --note "HR confirmed the list" --out plan.json`,
  })
    .requiredOption('--out <file>', 'where to write the plan')
    .requiredOption('--note <text>', 'why: kept with each event, nothing personal')
    .addOption(new Option('--status <status>', 'only of this status').choices([...PLANNED[kind]]))
    .option('--source <source>', 'only of this source')
    .option('--reason <reason>', 'only held or failed for this reason (a guard, or a code)')
    .option('--limit <n>', 'at most so many, those that changed longest ago')
    .option('--second-above <n>', 'with more events, somebody else must apply it', '20');
  addPeriodOptions(addPersonOptions(command)).action(async (raw: unknown) => {
    const { json, note, out, limit, secondAbove, ...filter } = readOptions(planOptions, raw);
    if (Object.values(filter).every((one) => one === undefined))
      throw new Usage('expected a filter, such as --reason brake or --since 24h');
    const deployment = await session.deployment();
    const statuses = filter.status === undefined ? PLANNED[kind] : [filter.status];
    const { entries } = await selected(deployment, { statuses, filter, limit });
    const judged = entries.map((entry) => ({ entry, verdict: judge(entry, { kind, reason: note }, deployment.clock()) }));

    const digested = writePlan(out, {
      v: 1,
      deployment: { name: deployment.name, ledgerTable: deployment.places.ledgerTable },
      kind,
      reason: note,
      by: await deployment.operator(),
      at: toInstant(deployment.clock()),
      secondAbove,
      events: judged.flatMap(({ entry, verdict }) => (verdict.kind === 'act' ? [planned(entry, verdict.does)] : [])),
    });
    await recordPlan(digested, deployment);
    if (json) await session.terminal.print(JSON.stringify(digested, null, 2));
    else await explain(judged, digested, { out, session });
    process.exitCode = EXIT.done;
  });
}

type Judged = Parameters<typeof printVerdicts>[0];

function planned({ source, eventId, version, status, reason: why, receivedAt, workfrontUserId }: Judged[number]['entry'], does: string) {
  return { source, eventId, version, status, ...(why && { reason: why }), receivedAt, ...(workfrontUserId && { workfrontUserId }), does };
}

async function explain(judged: Judged, plan: DigestedPlan, { out, session }: { out: string; session: Session }): Promise<void> {
  const { terminal, again } = session;
  await printVerdicts(judged, { json: false, terminal });
  const { events, digest, secondAbove, by } = plan;
  await terminal.print('');
  await terminal.print(`${events.length} events in the plan ${out}, digest ${digest}`);
  if (events.length < judged.length) await terminal.print(`${judged.length - events.length} left out, as the table says`);
  if (events.length > secondAbove) await terminal.print(`More than ${secondAbove}: somebody else than ${by} must apply it.`);
  await terminal.print(`To do it:\n  ${again(`apply ${quoted(out)}`)}`);
}
