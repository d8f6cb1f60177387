import type { Command } from 'commander';
import * as z from 'zod';
import { circuitLines } from '../checks/circuit.ts';
import { consoleLines } from '../events/console-story.ts';
import { endedLines } from '../events/ended-lines.ts';
import type { NextStep } from '../events/next-step.ts';
import { circuitSteps, pauseSteps } from '../events/way-on.ts';
import { brakeLines, logLines } from '../orders/brake-summary.ts';
import { onTimeText } from '../report/on-time.ts';
import type { Session } from '../session.ts';
import { type Status, statusOf } from '../stage/stage-status.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { folded } from '../terminal/folded.ts';
import { json } from '../terminal/option-values.ts';
import { quoted } from '../terminal/quoted.ts';
import { readOptions } from '../terminal/read-options.ts';
import { printable } from '../terminal/terminal.ts';
import { bothTimes } from '../terminal/times.ts';

const CHANGES_SHOWN = 5;

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
    inConsole,
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
    ...(held + failed + returned + findings.length + deadLetters + quarantine + inConsole.held + inConsole.failed === 0
      ? []
      : [`  ${again('todo')}`]),
    ...endedLines({ without: last7Days['no-account'], tried: last7Days['would-deactivate'], dryRun }, again),
    ...consoleLines(inConsole, again),
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
