import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import { DAY } from '../../lambda/domain/time/time.ts';
import { addPeriodOptions, periodOf, sinceAndUntil } from '../events/filter.ts';
import { FORMATS, WRITERS } from '../report/formats.ts';
import { type Report, withReport } from '../report/make-report.ts';
import { type ReportNumbers, sentencesOf } from '../report/numbers.ts';
import { targetOf, USUAL } from '../report/on-time.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT, type ExitCode, Usage } from '../terminal/exit-code.ts';
import { fileExists, newFile } from '../terminal/new-file.ts';
import { json, oneOf } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { length } from '../terminal/times.ts';
import { codeOf } from '../terminal/trouble.ts';

const DEFAULT_PERIOD = 30 * DAY;

const reportOptions = z.object({
  json,
  ...sinceAndUntil.shape,
  format: oneOf(FORMATS).optional(),
  target: length.optional(),
  out: newFile.optional(),
});

export function addReport(program: Command, session: Session): void {
  const command = newCommand(program, 'report', {
    what:
      'For auditors: one row per person terminated in the period, with when access was due to end, when it ended, and who decided. ' +
      'Without --since it goes back 30 days. Percentiles are exact.',
    example: '--local report --since 90d --format html --out leavers.html',
  });
  addPeriodOptions(command)
    .option('--format <format>', `${FORMATS.join(', ')}; --json is --format json`)
    .option(
      '--target <time>',
      'how long after the effective time a deactivation is in time, such as 90s, 1h or 1d; without it, that of the objective of the stage, else 1h',
    )
    .option('--out <file>', 'a new file, instead of standard output')
    .action(async (raw: unknown) => {
      const { json, since, until, format, target: asked, out } = readOptions(reportOptions, raw);
      if (json && format !== undefined && format !== 'json')
        throw new Usage('--json and --format exclude each other; leave one of them out');
      const period = periodOf({ since, until }, session.clock(), DEFAULT_PERIOD);
      const deployment = await session.deployment();
      const target = asked ?? targetOf((await deployment.objective()) ?? USUAL);
      const onStep = (read: number) => session.terminal.progress(`${read} events read`);
      process.exitCode = await withReport(deployment, { period, openEnd: until === undefined, target, onStep }, async (report) => {
        session.terminal.progress('');
        await write(report, { format: json ? 'json' : (format ?? 'table'), out, terminal: session.terminal });
        return exitOf(report.numbers);
      });
    });
}

async function write(
  report: Report,
  { format, out, terminal }: { format: (typeof FORMATS)[number]; out: string | undefined; terminal: Terminal },
): Promise<void> {
  if (out === undefined) await WRITERS[format](report, terminal);
  else await toFile(out, (file) => WRITERS[format](report, { ...terminal, ...file }));
  if (out !== undefined || format === 'csv') for (const sentence of sentencesOf(report.numbers, report.frame)) terminal.say(sentence);
}

/** Writes a new file that only this user can read. @throws Usage if the file exists */
async function toFile(out: string, print: (file: Pick<Terminal, 'print' | 'width' | 'style'>) => Promise<void>): Promise<void> {
  const stream = createWriteStream(out, { mode: 0o600, flags: 'wx' });
  await once(stream, 'open').catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new Usage(fileExists(out));
  });
  await print({
    async print(text) {
      if (!stream.write(`${text}\n`)) await once(stream, 'drain');
    },
    width: undefined,
    style: (_style, text) => text,
  });
  stream.end();
  await once(stream, 'finish');
}

/** Attention if the access of somebody has not ended although it should have. */
function exitOf({ outcomes }: ReportNumbers): ExitCode {
  return (outcomes.held ?? 0) + (outcomes.failed ?? 0) + (outcomes.returned ?? 0) > 0 ? EXIT.attention : EXIT.done;
}
