import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { isListed } from '../../lambda/aws/index-places.ts';
import { EVENT_STATUSES } from '../../lambda/domain/event/event-status.ts';
import type { HistoryStep, LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { DAY, HOUR, MINUTE, SECOND, toInstant, toMillis } from '../../lambda/domain/time/time.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { styleOf } from '../events/summary.ts';
import type { Session } from '../session.ts';
import { newCommand } from '../terminal/command.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { interruptible } from '../terminal/interrupt.ts';
import { every, json } from '../terminal/option-values.ts';
import { readOptions } from '../terminal/read-options.ts';
import { printable } from '../terminal/terminal.ts';
import { moment, momentOf, timeCells } from '../terminal/times.ts';

/** The index is a moment behind, so each look goes back a little further than the last. */
const OVERLAP = MINUTE;

interface Step extends HistoryStep {
  eventId: string;
  source: string;
}

const watchOptions = z.object({ json, since: moment, every });

export function addWatch(program: Command, { deployment, terminal, clock }: Session): void {
  newCommand(program, 'watch', {
    what: 'Shows each step of each event as it happens, until Ctrl-C. With --json, each step is a line of JSON.',
    example: '--local watch --since 10m',
  })
    .option('--since <when>', 'begin with the steps since: an instant, or a time back such as 10m', '0s')
    .option('--every <seconds>', 'the seconds between two looks, 0.2 to 60', '1')
    .action(async (raw: unknown) => {
      const options = readOptions(watchOptions, raw);
      const since = momentOf(options.since, clock());
      const { ledger } = await deployment();
      await interruptible(async (signal) => {
        for await (const step of stepsSince({ ledger, clock }, { since, every: options.every, signal })) {
          await terminal.print(options.json ? JSON.stringify(step) : printable(lineOf(step)).replace(step.to, (to) => paint(to)));
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

/** Every step of every event since an instant; in order, as far as one look reaches. */
async function* stepsSince(
  deployment: Pick<Deployment, 'ledger' | 'clock'>,
  { since, every, signal }: { since: string; every: number; signal: AbortSignal },
): AsyncGenerator<Step> {
  let from = since;
  const known = new Map<string, number>();
  const onTheirWay = await scheduledEvents(deployment);
  while (!signal.aborted) {
    const began = deployment.clock();
    const steps: Step[] = [];
    for await (const entry of changedSince(deployment, { since: from, onTheirWay })) {
      const key = keyOf(entry);
      if (['received', 'scheduled', 'processing'].includes(entry.status)) onTheirWay.set(key, entry);
      else onTheirWay.delete(key);
      const shown = known.get(key) ?? entry.history.findIndex(({ at }) => toMillis(at) >= toMillis(since));
      const { source, eventId } = entry;
      if (shown >= 0) steps.push(...entry.history.slice(shown).map((step) => ({ ...step, source, eventId })));
      remember(known, { key, steps: entry.history.length });
    }
    yield* steps.sort((one, other) => one.at.localeCompare(other.at));
    from = toInstant(Math.max(toMillis(since), began - OVERLAP));
    await sleep(every * SECOND, undefined, { signal }).catch(() => undefined);
  }
}

/** Events that are to end at a date. */
async function scheduledEvents({ ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>): Promise<Map<string, LedgerEntry>> {
  const found = new Map<string, LedgerEntry>();
  const ever = { since: toInstant(0), until: toInstant(clock() + DAY) };
  for await (const entry of ledger.withStatus('scheduled', ever)) found.set(keyOf(entry), entry);
  return found;
}

/** What waits is in a list, what is new in another; what is on its way is read again, because a list does not have what it comes to. */
async function* changedSince(
  { ledger, clock }: Pick<Deployment, 'ledger' | 'clock'>,
  { since, onTheirWay }: { since: string; onTheirWay: ReadonlyMap<string, LedgerEntry> },
): AsyncGenerator<LedgerEntry> {
  const now = clock();
  const until = toInstant(now + DAY);
  for (const entry of [...onTheirWay.values()]) {
    const again = isDue(entry, now) ? await ledger.readEntry(entry) : undefined;
    if (again !== undefined) yield again;
  }
  for (const status of EVENT_STATUSES.filter(isListed)) yield* ledger.withStatus(status, { since, until });
  for await (const entry of ledger.entries({ since: toInstant(toMillis(since) - HOUR), until })) if (entry.updatedAt >= since) yield entry;
}

const isDue = ({ status, effectiveAt }: LedgerEntry, now: number): boolean => status !== 'scheduled' || toMillis(effectiveAt ?? '') <= now;

const keyOf = ({ source, eventId }: LedgerEntry): string => `${source}/${eventId}`;

/** Remembers only the events that changed last, however long somebody watches. */
function remember(known: Map<string, number>, { key, steps }: { key: string; steps: number }): void {
  known.delete(key);
  known.set(key, steps);
  const [oldest] = known.keys();
  if (known.size > MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
}

const MOST_REMEMBERED = 20_000;
