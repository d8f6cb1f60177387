import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { EVENT_STATUSES } from '../../lambda/domain/event/event-status.ts';
import type { HistoryStep, LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { DAY, MINUTE, SECOND, toInstant, toMillis } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { styleOf } from '../events/summary.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { interruptible } from '../terminal/interrupt.ts';
import { printable } from '../terminal/terminal.ts';
import { momentOf, timeCells } from '../terminal/times.ts';

/** The index that is read is behind by a moment: each look goes back a little further than the last. */
const OVERLAP = MINUTE;

interface Step extends HistoryStep {
  eventId: string;
  source: string;
}

const watchOptions = z.object({
  json: z.boolean().optional(),
  since: z.string(),
  every: z.coerce.number('a number of seconds').min(0.2, 'at least 0.2 seconds').max(60, 'at most 60 seconds'),
});

export function addWatch(program: Command, { deployment, terminal }: Session): void {
  newCommand(program, 'watch', {
    what: 'Shows each step of each event as it happens, until Ctrl-C. With --json a line of JSON each.',
    example: '--local watch --since 10m',
  })
    .option('--since <when>', 'begin with what happened since', '0s')
    .option('--every <seconds>', 'how often to look', '1')
    .action(async (raw: unknown) => {
      const { json, since, every } = readOptions(watchOptions, raw);
      const { ledger, clock } = await deployment();
      await interruptible(async (signal) => {
        for await (const step of stepsSince({ ledger, clock }, { since: momentOf(since, clock()), every, signal })) {
          await terminal.print(json ? JSON.stringify(step) : printable(lineOf(step)).replace(step.to, (to) => paint(to)));
        }
      });
      process.exitCode = EXIT.done;
    });

  const paint = (to: string) => {
    const style = styleOf(to);
    return style === undefined ? to : terminal.style(style, to);
  };
}

const lineOf = ({ at, to, source, eventId, why, by }: Step): string =>
  `${timeCells(at).join('  ')}  ${to.padEnd(16)}  ${eventId}  ${why} (${source}, ${by})`;

/** Every step of every event from an instant on, in order as far as one look reaches. */
async function* stepsSince(
  deployment: Pick<Deployment, 'ledger' | 'clock'>,
  { since, every, signal }: { since: string; every: number; signal: AbortSignal },
): AsyncGenerator<Step> {
  let from = since;
  const seen = new Map<string, number>();
  while (!signal.aborted) {
    const began = deployment.clock();
    const steps: Step[] = [];
    for await (const entry of changedSince(deployment, from)) {
      const key = `${entry.source}/${entry.eventId}`;
      const shown = seen.get(key) ?? entry.history.findIndex(({ at }) => toMillis(at) >= toMillis(since));
      const { source, eventId } = entry;
      if (shown >= 0) steps.push(...entry.history.slice(shown).map((step) => ({ ...step, source, eventId })));
      remember(seen, key, entry.history.length);
    }
    yield* steps.sort((one, other) => one.at.localeCompare(other.at));
    from = toInstant(Math.max(toMillis(since), began - OVERLAP));
    await sleep(every * SECOND, undefined, { signal }).catch(() => undefined);
  }
}

async function* changedSince({ ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>, since: string): AsyncGenerator<LedgerEntry> {
  for (const status of EVENT_STATUSES) yield* ledger.withStatus(status, { since, until: toInstant(clock() + DAY) });
}

/** However long somebody watches: only the events that changed last are remembered. */
function remember(seen: Map<string, number>, key: string, steps: number): void {
  seen.delete(key);
  seen.set(key, steps);
  const [oldest] = seen.keys();
  if (seen.size > MOST_REMEMBERED && oldest !== undefined) seen.delete(oldest);
}

const MOST_REMEMBERED = 20_000;
