import type { Command } from 'commander';
import * as z from 'zod';
import { openAccess } from '../../lambda/domain/console-access/open-access.ts';
import { EVENT_STATUSES } from '../../lambda/domain/event/event-status.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { CLOSED_CIRCUIT, circuitRecord } from '../../lambda/domain/stage/circuit.ts';
import { pauseRecord } from '../../lambda/domain/stage/gate.ts';
import { STAGE_KEYS } from '../../lambda/domain/stage/shared-record.ts';
import { tenantRecord } from '../../lambda/domain/stage/tenant.ts';
import { DAY } from '../../lambda/domain/time/time.ts';
import { readFindings } from '../../lambda/domain/watch/findings.ts';
import { circuitLines } from '../checks/circuit.ts';
import { sqsOf } from '../deployment/clients.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { consoleLines, countsOf } from '../events/console-story.ts';
import { endedLines } from '../events/ended-lines.ts';
import { periodOf } from '../events/filter.ts';
import type { NextStep } from '../events/next-step.ts';
import { circuitSteps, pauseSteps } from '../events/way-on.ts';
import { brakeLines, brakeSummary, logLines } from '../orders/brake-summary.ts';
import { EVER, selected } from '../orders/selection.ts';
import { deletedMessages } from '../queues/deletion-log.ts';
import { depthOf } from '../queues/queue-messages.ts';
import { onTimeCount, onTimeText, targetOf, USUAL } from '../report/on-time.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { folded } from '../terminal/folded.ts';
import { json } from '../terminal/option-values.ts';
import { quoted } from '../terminal/quoted.ts';
import { readOptions } from '../terminal/read-options.ts';
import { printable } from '../terminal/terminal.ts';
import { bothTimes } from '../terminal/times.ts';

const COUNTED = 7 * DAY;
/** As long as CloudWatch counts for the objective of the stage, and as `report` goes back. */
const TIMED = 30 * DAY;
const MOST_SHOWN = 10;
const CHANGES_SHOWN = 5;

type Status = Awaited<ReturnType<typeof statusOf>>;

export function addStatus(program: Command, { deployment, terminal, again }: Session): void {
  newCommand(program, 'status', {
    what: 'Shows on one screen whether leavers are being deactivated: pause, circuit, brake, tenant, counts, and waiting events.',
    example: '--local status',
  }).action(async (raw: unknown) => {
    const options = readOptions(z.object({ json }), raw);
    const status = await statusOf(await deployment());
    if (options.json) await terminal.print(JSON.stringify(status, null, 2));
    else {
      for (const text of linesOf(status, again))
        for (const line of folded(printable(text), { width: terminal.width, hang: 15 })) await terminal.print(line);
    }
    process.exitCode = needsAttention(status) ? EXIT.attention : EXIT.done;
  });
}

/** Everything of a stage that a person looks at first. `last7Days` and `last30Days` count the events received then, `held`, `failed` and `returned` count all. */
export async function statusOf(deployment: Deployment) {
  const { ledger, clock, name } = deployment;
  const policy = await deployment.policy();
  const tenant = (await ledger.readRecord(STAGE_KEYS.tenant, tenantRecord))?.value;
  const counts: Record<string, number> = Object.fromEntries(EVENT_STATUSES.map((status) => [status, 0]));
  const objective = (await deployment.objective()) ?? null;
  const onTime = onTimeCount(targetOf(objective ?? USUAL));
  const { since } = periodOf({}, clock(), COUNTED);
  for await (const entry of ledger.entries(periodOf({}, clock(), TIMED))) {
    onTime.add(entry);
    if (entry.receivedAt >= since) counts[entry.status] = (counts[entry.status] ?? 0) + 1;
  }
  const pause = (await ledger.readRecord(STAGE_KEYS.pause, pauseRecord))?.value;
  const brake = await brakeSummary(deployment);
  const open = (status: 'held' | 'failed' | 'returned') => selected(deployment, { statuses: [status], filter: {}, limit: 0 });

  return {
    deployment: name,
    dryRun: policy?.dryRun ?? null,
    paused: pause?.paused ?? null,
    circuit: (await ledger.readRecord(STAGE_KEYS.circuit, circuitRecord))?.value ?? CLOSED_CIRCUIT,
    brake,
    tenant: policy?.customerId ?? tenant?.customerId ?? null,
    last7Days: counts,
    last30Days: { onTime: onTime.figure(), objective },
    held: (await open('held')).total,
    failed: (await open('failed')).total,
    returned: (await open('returned')).total,
    findings: await readFindings(deployment),
    waiting: await waitingEvents(deployment),
    inConsole: countsOf(await openAccess(ledger)),
    ...(await depths(deployment)),
    changes: [...brake.log, ...(pause?.log ?? []), ...(await deletedMessages(deployment))].sort((one, other) =>
      one.at.localeCompare(other.at),
    ),
  };
}

/** How many messages wait for a person in each of the two queues. */
async function depths({ region, places }: Deployment): Promise<{ deadLetters: number; quarantine: number }> {
  const client = sqsOf({ region });
  const [deadLetters, quarantine] = [await depthOf(client, places.deadLetterQueueUrl), await depthOf(client, places.quarantineQueueUrl)];
  return { deadLetters: totalOf(deadLetters), quarantine: totalOf(quarantine) };
}

const totalOf = ({ visible, hidden, delayed }: Awaited<ReturnType<typeof depthOf>>): number => visible + hidden + delayed;

async function waitingEvents(deployment: Deployment) {
  let total = 0;
  const longest: (NonNullable<LedgerEntry['waiting']> & { eventId: string; source: string })[] = [];
  for (const status of ['received', 'processing'] as const) {
    for await (const { waiting, eventId, source } of deployment.ledger.withStatus(status, periodOf({}, deployment.clock(), EVER))) {
      if (waiting === undefined) continue;
      total += 1;
      longest.push({ eventId, source, ...waiting });
      longest.sort((one, other) => one.since.localeCompare(other.since)).splice(MOST_SHOWN);
    }
  }
  return { total, longest };
}

function needsAttention({ paused, circuit, brake, deadLetters, held, failed, returned, findings, inConsole }: Status): boolean {
  const isStopped = paused !== null || circuit.open !== undefined || brake.latched !== undefined;
  return isStopped || deadLetters + held + failed + returned + findings.length + inConsole.held + inConsole.failed > 0;
}

function linesOf(status: Status, again: (command: string) => string): string[] {
  const {
    paused,
    circuit,
    brake,
    tenant,
    last7Days,
    last30Days,
    held,
    failed,
    returned,
    findings,
    waiting,
    dryRun,
    deployment,
    changes,
    deadLetters,
    quarantine,
  } = status;
  const received = Object.entries(last7Days).filter(([, count]) => count > 0);
  return [
    `${deployment}${dryRun ? ', dry run: nothing is written to Workfront' : ''}`,
    '',
    paused === null ? 'pause      no' : `pause      PAUSED since ${bothTimes(paused.at)} by ${paused.by}: ${paused.reason}`,
    ...(paused === null ? [] : stepLines(pauseSteps(), again)),
    ...circuitLines(circuit),
    ...(circuit.open === undefined ? [] : stepLines(circuitSteps(circuit.open), again)),
    ...brakeLines(brake, { again, isPersonShown: false }),
    `tenant     ${tenant ?? 'none yet: the first event pins it'}`,
    '',
    `received in the last 7 days: ${received.length === 0 ? 'nothing' : received.map(([name, count]) => `${count} ${name}`).join(', ')}`,
    ...onTimeLines(last30Days),
    `waiting for a person: ${held} held, ${failed} failed${counted('active again', returned)}${counted('found by the sweep', findings.length)}`,
    ...(deadLetters + quarantine === 0 ? [] : [`messages for a person: ${deadLetters} dead letters, ${quarantine} in the quarantine`]),
    ...(held + failed + returned + findings.length + deadLetters + quarantine === 0 ? [] : [`  ${again('todo')}`]),
    ...endedLines({ without: last7Days['no-account'], tried: last7Days['would-deactivate'], dryRun }, again),
    ...consoleLines(status.inConsole, again),
    `waiting for trouble to pass: ${waiting.total}`,
    ...waiting.longest.map(
      ({ eventId, code, since, until }) => `  ${eventId}  ${code}, since ${bothTimes(since)}, next try ${bothTimes(until)}`,
    ),
    ...waiting.longest.slice(0, 1).map(({ eventId }) => `  ${again(`show ${quoted(eventId)}`)}`),
    'credential, keys, rights, secrets and clocks:',
    `  ${again('doctor')}`,
    ...(changes.length === 0 ? [] : ['', 'last changes', ...logLines(changes.slice(-CHANGES_SHOWN))]),
  ];
}

function onTimeLines({ onTime, objective }: Status['last30Days']): string[] {
  if (onTime.of === 0) return [];
  return [`${onTimeText(onTime, ' in the last 30 days')}${objective === null ? '' : `; the objective is ${objective.percent} %`}`];
}

const stepLines = (steps: readonly NextStep[], again: (command: string) => string): string[] =>
  steps.flatMap(({ command, does }) => [`           ${again(command)}`, `               ${does}`]);

const counted = (what: string, count: number): string => (count === 0 ? '' : `, ${count} ${what}`);
