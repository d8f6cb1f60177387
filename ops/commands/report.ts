import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { type Command, Option } from 'commander';
import * as z from 'zod';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { DAY, toInstant, toMillis } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { addPeriodOptions, periodOf } from '../events/filter.ts';
import { FORMATS, WRITERS } from '../report/formats.ts';
import { isLeaver, isTest } from '../report/leaver-row.ts';
import { type LeaverStore, openLeaverStore } from '../report/leaver-store.ts';
import { numbersOf, type ReportFrame, type ReportNumbers, sentencesOf } from '../report/numbers.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { EXIT, type ExitCode, Usage } from '../terminal/exit-code.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { momentOf } from '../terminal/times.ts';
import { codeOf } from '../terminal/trouble.ts';

const DEFAULT_PERIOD = 30 * DAY;
const STEP = 500;

const reportOptions = z.object({
  json: z.boolean().optional(),
  since: z.string().optional(),
  until: z.string().optional(),
  format: z.enum(FORMATS).optional(),
  target: z.string(),
  out: z.string().min(1).optional(),
});

export function addReport(program: Command, session: Session): void {
  const command = newCommand(program, 'report', {
    what:
      'For auditors: each person of whom a termination was received in the period, once, with when they had to be inactive, when ' +
      'they were, and who decided. Without --since it goes back 30 days. Percentiles are exact.',
    example: '--local report --since 90d --format html --out leavers.html',
  });
  addPeriodOptions(command)
    .addOption(new Option('--format <format>', 'how it is written; --json is --format json').choices([...FORMATS]))
    .option('--target <time>', 'how long after the effective time is well, such as 90s, 1h or 1d', '1h')
    .option('--out <file>', 'a new file, in place of standard output')
    .action(async (raw: unknown) => {
      const { json, since, until, format, target, out } = readOptions(reportOptions, raw);
      if (json && format !== undefined && format !== 'json') throw new Usage('expected --json or --format, got both');
      const deployment = await session.deployment();
      const now = deployment.clock();
      const period = periodOf({ since, until }, now, DEFAULT_PERIOD);
      const millis = lengthOfTarget(target);
      const store = openLeaverStore({ target: millis, now });
      try {
        const tests = await collect(store, { deployment, period, terminal: session.terminal });
        const by = await deployment.operator();
        const generatedAt = toInstant(now);
        const shown = { ...period, ...(until === undefined && { until: generatedAt }) };
        const frame = { deployment: deployment.name, ...shown, generatedAt, target: millis, by, tests };
        const numbers = numbersOf(store, frame);
        await write({ frame, numbers, store }, { format: json ? 'json' : (format ?? 'table'), out, terminal: session.terminal });
        process.exitCode = exitOf(numbers);
      } finally {
        store.close();
      }
    });
}

/** @returns how many test events were left out */
async function collect(
  store: LeaverStore,
  { deployment, period, terminal }: { deployment: Deployment; period: { since: string; until: string }; terminal: Terminal },
): Promise<number> {
  let read = 0;
  let tests = 0;
  for await (const entry of deployment.ledger.alsoExpired(period)) {
    if (isTest(entry)) tests += 1;
    else if (isLeaver(entry)) store.add(entry);
    read += 1;
    if (read % STEP === 0) terminal.progress(`${read} events read`);
  }
  terminal.progress('');
  store.finish();
  return tests;
}

async function write(
  report: { frame: ReportFrame; numbers: ReportNumbers; store: LeaverStore },
  { format, out, terminal }: { format: (typeof FORMATS)[number]; out: string | undefined; terminal: Terminal },
): Promise<void> {
  if (out === undefined) await WRITERS[format](report, terminal);
  else await toFile(out, (file) => WRITERS[format](report, { ...terminal, ...file }));
  if (out !== undefined || format === 'csv') for (const sentence of sentencesOf(report.numbers, report.frame)) terminal.say(sentence);
}

/** A new file for this user's eyes only. @throws PermanentFailure `file-exists` */
async function toFile(out: string, print: (file: Pick<Terminal, 'print' | 'width' | 'style'>) => Promise<void>): Promise<void> {
  const stream = createWriteStream(out, { mode: 0o600, flags: 'wx' });
  await once(stream, 'open').catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new PermanentFailure('file-exists', `expected to write a new file, ${out} is there already, choose another --out`);
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

/** `1h` is what lies between an hour ago and now. @throws Usage */
function lengthOfTarget(text: string): number {
  if (!/^\d{1,5}[smhdw]$/.test(text)) throw new Usage('expected a target such as 90s, 30m, 1h or 1d, got another');
  return -toMillis(momentOf(text, 0));
}

/** Whether somebody must still be deactivated who should be. */
function exitOf({ outcomes }: ReportNumbers): ExitCode {
  return (outcomes.held ?? 0) + (outcomes.failed ?? 0) > 0 ? EXIT.attention : EXIT.done;
}
