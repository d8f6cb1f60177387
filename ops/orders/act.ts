import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Session } from '../session.ts';
import { EXIT, type ExitCode, Usage } from '../terminal/exit-code.ts';
import { interruptible } from '../terminal/interrupt.ts';
import { awaitOutcomes } from './await-outcomes.ts';
import { carryOut, type Deed } from './carry-out.ts';
import { judge, type Order } from './order.ts';
import { exitOf, printDeeds, printVerdicts } from './print-deeds.ts';

export interface ActOptions {
  json?: boolean | undefined;
  dryRun?: boolean | undefined;
  yes?: boolean | undefined;
  /** Seconds to wait for the worker; 0: do not wait. */
  wait: number;
}

/** So many events at once are acted on only by somebody who said that they mean it. */
const MOST_UNSAID = 10;

/** Shows, asks where it is more than one event, acts, waits, and tells what became of each. */
export async function act(
  entries: readonly LedgerEntry[],
  order: Order,
  { json, dryRun, yes, wait }: ActOptions,
  session: Session,
): Promise<ExitCode> {
  const { terminal } = session;
  const deployment = await session.deployment();
  const judged = entries.map((entry) => ({ entry, verdict: judge(entry, order, deployment.clock()) }));
  if (dryRun) return printVerdicts(judged, { json, terminal });

  const affected = judged.filter(({ verdict }) => verdict.kind === 'act').length;
  if (affected > MOST_UNSAID && !yes)
    throw new Usage(
      `expected --yes to ${order.kind} more than ${MOST_UNSAID} events at once, these are ${affected}: look with --dry-run first`,
    );
  if (affected > 1 && !yes) {
    if (!terminal.interactive)
      throw new Usage(`expected --yes to ${order.kind} ${affected} events where nobody can be asked: look with --dry-run first`);
    await printVerdicts(judged, { json: false, terminal });
    if (!(await terminal.ask(`${order.kind} ${affected} events?`))) {
      terminal.say('Nothing was done.');
      return EXIT.failed;
    }
  }
  return actNow(entries, order, { json, wait }, { terminal, deployment });
}

/** As {@link act}, without a question. */
export async function actNow(
  entries: readonly LedgerEntry[],
  order: Order,
  { json, wait }: Pick<ActOptions, 'json' | 'wait'>,
  { terminal, deployment }: Pick<Session, 'terminal'> & { deployment: Deployment },
): Promise<ExitCode> {
  return interruptible(async (signal) => {
    const told = await carryOut(entries, order, {
      deployment,
      signal,
      onStep: (done) => terminal.progress(`${order.kind}: ${done} of ${entries.length}`),
    });
    const sent = told.filter(({ did }) => did === 'sent').length;
    const deeds: Deed[] = await awaitOutcomes(told, {
      deployment,
      signal,
      seconds: wait,
      onStep: (settled) => terminal.progress(`${settled} of ${sent} came to rest (Ctrl-C stops the waiting, not the work)`),
    });
    terminal.progress('');
    await printDeeds(deeds, { json, terminal });
    return signal.aborted ? EXIT.interrupted : exitOf(deeds, { waited: wait > 0 });
  });
}
