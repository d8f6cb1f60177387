import type { Command } from 'commander';
import * as z from 'zod';
import { cureOfCircuit, meaningOfCircuit } from '../checks/circuit.ts';
import type { NextStep } from '../events/next-step.ts';
import { circuitSteps, pauseSteps } from '../events/way-on.ts';
import { brakeLines, logLines } from '../orders/brake-summary.ts';
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

function needsAttention({ paused, circuit, brake, held, failed, deadLetters }: Status): boolean {
  return deadLetters > 0 || paused !== null || circuit.open !== undefined || brake.latched !== undefined || held > 0 || failed > 0;
}

function linesOf(status: Status, again: (command: string) => string): string[] {
  const { paused, circuit, brake, tenant, last7Days, held, failed, waiting, dryRun, deployment, changes, deadLetters, quarantine } = status;
  const counted = Object.entries(last7Days).filter(([, count]) => count > 0);
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
    `received in the last 7 days: ${counted.length === 0 ? 'nothing' : counted.map(([name, count]) => `${count} ${name}`).join(', ')}`,
    `waiting for a person: ${held} held, ${failed} failed`,
    ...(deadLetters + quarantine === 0 ? [] : [`messages for a person: ${deadLetters} dead letters, ${quarantine} in the quarantine`]),
    ...(held + failed + deadLetters + quarantine === 0 ? [] : [`  ${again('todo')}`]),
    ...endedLines(status, again),
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

/** Finished is not silent: who left and may still have access. */
function endedLines({ last7Days, dryRun }: Status, again: (command: string) => string): string[] {
  const without = last7Days['no-account'] ?? 0;
  const tried = last7Days['would-deactivate'] ?? 0;
  return [
    ...(without === 0
      ? []
      : [
          `without an account: ${without}; if one of them has an account, they keep it`,
          `  ${again('list --status no-account --since 7d')}`,
        ]),
    ...(tried === 0
      ? []
      : [`only tried, and still active: ${tried}${dryRun ? '; after you have taken dryRun out of the stage and deployed:' : ''}`]),
    ...(tried === 0 ? [] : [`  ${again('plan replay --status would-deactivate --note "why" --out plan.json')}`]),
  ];
}

const stepLines = (steps: readonly NextStep[], again: (command: string) => string): string[] =>
  steps.flatMap(({ command, does }) => [`           ${again(command)}`, `               ${does}`]);

function circuitLines({ failures, open }: Status['circuit']): string[] {
  if (open === undefined) return [`Workfront  ${failures === 0 ? 'answers' : `failed ${failures} times in a row`}`];
  const cure = cureOfCircuit(open);
  return [
    `Workfront  STOPPED since ${bothTimes(open.since)}: ${meaningOfCircuit(open)}; next try ${bothTimes(open.probeAt)}`,
    ...(cure === undefined ? [] : [`           ${cure}`]),
  ];
}
