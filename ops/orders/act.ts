import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Session } from '../session.ts';
import { EXIT, type ExitCode, Usage } from '../terminal/exit-code.ts';
import { interruptible } from '../terminal/interrupt.ts';
import { awaitOutcomes } from './await-outcomes.ts';
import { carryOut, type Deed } from './carry-out.ts';
import { isRepetition, type Order } from './order.ts';
import { exitOf, printDeeds, printVerdicts } from './print-deeds.ts';
import { type Judged, judgeAll, type OpenDirectory } from './repetition.ts';

/** What an operator wants done, and how. */
export interface Act {
  entries: readonly LedgerEntry[];
  order: Order;
  /** The sentence to print if there are no entries, without a full stop. */
  none: string;
  options: {
    json?: boolean | undefined;
    dryRun?: boolean | undefined;
    yes?: boolean | undefined;
    /** How many seconds to wait for the worker; 0: not at all. */
    wait: number;
  };
  /** Opens Workfront, for events that are processed again; without it, the deployment's own. */
  open?: OpenDirectory;
  /** What was left out before, and is printed with the rest. */
  left?: readonly Deed[];
}

/** More events than this need `--yes`, so that nobody acts on many by mistake. */
const MOST_WITHOUT_YES = 10;

/** Asks if more than one event is affected, acts, waits for the worker, and prints what happened to each event. */
export async function act(asked: Act, session: Session): Promise<ExitCode> {
  const { entries, order, none, options, open } = asked;
  const { json, dryRun } = options;
  const { terminal } = session;
  const deployment = await session.deployment();
  const judged = await judgeAll(entries, order, { deployment, ...(open && { open }) });
  if (dryRun) return printVerdicts(judged, { json, terminal, none });
  if (await mayAct(judged, asked, session)) {
    const taken = judged.flatMap((one) => (leftOut(one).length === 0 ? [one.entry] : []));
    return actNow({ ...asked, entries: taken, left: judged.flatMap(leftOut) }, { terminal, deployment });
  }

  terminal.say('Nothing was done.');
  return EXIT.failed;
}

/** What the search in Workfront speaks against: it is not carried out, even if the status of the event allows it. */
function leftOut({ entry, verdict }: Judged): Deed[] {
  return verdict.kind === 'act' ? [] : [{ before: entry, did: verdict.kind, why: verdict.why }];
}

/** @throws Usage if it needs `--yes`, or a plan */
async function mayAct(
  judged: readonly Judged[],
  { order: { kind }, none, options: { yes } }: Act,
  { terminal, again }: Session,
): Promise<boolean> {
  const repeated = judged.filter(({ entry, verdict }) => verdict.kind === 'act' && isRepetition(entry, { kind })).length;
  if (repeated > 1)
    throw new Usage(
      `${repeated} finished events selected to ${kind}; make a plan, which shows the users found: ${again('plan replay --help')}`,
    );
  const affected = judged.filter(({ verdict }) => verdict.kind === 'act').length;
  if (yes || affected <= 1) return true;
  if (affected > MOST_WITHOUT_YES)
    throw new Usage(`${affected} events selected to ${kind}; more than ${MOST_WITHOUT_YES} need --yes. Try --dry-run first`);
  if (!terminal.interactive)
    throw new Usage(`${affected} events selected to ${kind}; more than 1 needs --yes outside a terminal. Try --dry-run first`);
  await printVerdicts(judged, { json: false, terminal, none });
  return terminal.ask(`${kind} ${affected} events?`);
}

/** Does the same as {@link act}, without a question. */
export async function actNow(
  { entries, order, none, options: { json, wait }, left = [] }: Act,
  { terminal, deployment }: Pick<Session, 'terminal'> & { deployment: Deployment },
): Promise<ExitCode> {
  return interruptible(async (signal) => {
    const begun = await carryOut(entries, order, {
      deployment,
      signal,
      onStep: (done) => terminal.progress(`${order.kind}: ${done} of ${entries.length}`),
    });
    const sent = begun.filter(({ did }) => did === 'sent').length;
    const outcomes = await awaitOutcomes(begun, {
      deployment,
      signal,
      seconds: wait,
      onStep: (settled) => terminal.progress(`${settled} of ${sent} finished (Ctrl-C stops the waiting, not the work)`),
    });
    const deeds: Deed[] = [...left, ...outcomes];
    terminal.progress('');
    await printDeeds(deeds, { json, terminal, none });
    return signal.aborted ? EXIT.interrupted : exitOf(deeds, { waited: wait > 0 });
  });
}
