import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Session } from '../session.ts';
import { EXIT, type ExitCode, Usage } from '../terminal/exit-code.ts';
import { interruptible } from '../terminal/interrupt.ts';
import { awaitOutcomes } from './await-outcomes.ts';
import { carryOut, type Deed } from './carry-out.ts';
import { isRepetition, type Order } from './order.ts';
import { overtakenText, wasOvertaken } from './overtaken.ts';
import { exitOf, printDeeds, printVerdicts } from './print-deeds.ts';
import { questionOf } from './question.ts';
import { type Judged, judgeAll, type OpenDirectory } from './repetition.ts';
import { secondPersonCheck } from './second-person.ts';

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

/** One of these decides about a person for good, so it is asked about even for one event. */
const ASKED_FOR_ONE: readonly Order['kind'][] = ['release', 'reject', 'cancel', 'deactivate-again', 'accept'];

/** Asks if more than one event is affected, acts, waits for the worker, and prints what happened to each event. */
export async function act(asked: Act, session: Session): Promise<ExitCode> {
  const { entries, order, none, options, open } = asked;
  const { json, dryRun } = options;
  const { terminal } = session;
  const deployment = await session.deployment();
  const judged = await judgeAll(entries, order, { deployment, ...(open && { open }) });
  if (dryRun) return printVerdicts(judged, { json, terminal, none });
  if (await mayAct(judged, asked, { terminal, again: session.again, deployment })) {
    const taken = judged.flatMap((one) => (leftOut(one).length === 0 ? [one.entry] : []));
    return actNow({ ...asked, entries: taken, left: judged.flatMap(leftOut) }, { terminal, deployment });
  }

  terminal.say('Nothing was done.');
  return EXIT.failed;
}

/** What the search in Workfront speaks against: it is not carried out, even if the status of the event allows it. */
export function leftOut({ entry, verdict }: Judged): Deed[] {
  return verdict.kind === 'act' ? [] : [{ before: entry, did: verdict.kind, why: verdict.why }];
}

/** What an order would do to people. */
interface Weighed {
  /** The events on which the order would act. */
  affected: LedgerEntry[];
  /** Whether a person must be asked first. */
  isAsked: boolean;
  question: string;
}

/**
 * Weighs an order before it is carried out.
 *
 * @throws Usage if it needs a plan, which a second person applies or which shows the users found
 */
export async function weigh(
  judged: readonly Judged[],
  kind: Order['kind'],
  { deployment, again }: { deployment: Deployment; again: (command: string) => string },
): Promise<Weighed> {
  const repeated = judged.filter(({ entry, verdict }) => verdict.kind === 'act' && isRepetition(entry, { kind })).length;
  if (repeated > 1)
    throw new Usage(
      `${repeated} finished events selected to ${kind}; make a plan, which shows the users found: ${again('plan replay --help')}`,
    );
  const affected = judged.flatMap(({ entry, verdict }) => (verdict.kind === 'act' ? [entry] : []));
  if (kind === 'release') await secondPersonCheck(affected.length, { deployment, again });
  return { affected, isAsked: affected.length > 1 || ASKED_FOR_ONE.includes(kind), question: questionOf(kind, affected) };
}

/** @throws Usage if it needs `--yes`, or a plan */
async function mayAct(
  judged: readonly Judged[],
  { order: { kind }, none, options: { yes } }: Act,
  { terminal, ...reach }: Pick<Session, 'terminal' | 'again'> & { deployment: Deployment },
): Promise<boolean> {
  const { affected, isAsked, question } = await weigh(judged, kind, reach);
  if (yes || affected.length === 0 || !isAsked) return true;
  if (affected.length > MOST_WITHOUT_YES)
    throw new Usage(`${affected.length} events selected to ${kind}; more than ${MOST_WITHOUT_YES} need --yes. Try --dry-run first`);
  if (!terminal.interactive) throw new Usage(`nobody can be asked outside a terminal; add --yes if the answer is yes: ${question}`);
  await printVerdicts(judged, { json: false, terminal, none });
  return terminal.ask(question);
}

/** Does the same as {@link act}, without a question. */
export async function actNow(
  { entries, order, none, options: { json, wait }, left = [] }: Act,
  { terminal, deployment }: Pick<Session, 'terminal'> & { deployment: Deployment },
): Promise<ExitCode> {
  return interruptible(async (signal) => {
    const onStep = (text: string) => terminal.progress(text);
    const deeds = await carryOutAndWait(entries, order, { deployment, signal, seconds: wait, left, onStep });
    terminal.progress('');
    await printDeeds(deeds, { json, terminal, none });
    const overtaken = deeds.filter((deed) => wasOvertaken(deed, order));
    if (overtaken.length > 0) terminal.say(overtakenText(overtaken));
    return signal.aborted ? EXIT.interrupted : overtaken.length > 0 ? EXIT.failed : exitOf(deeds, { waited: wait > 0 });
  });
}

/**
 * Carries out an order, and waits for the worker.
 *
 * @param left what was left out before
 * @param seconds how long to wait for the worker; 0: not at all
 */
export async function carryOutAndWait(
  entries: readonly LedgerEntry[],
  order: Order,
  {
    deployment,
    signal,
    seconds,
    left = [],
    onStep,
  }: { deployment: Deployment; signal: AbortSignal; seconds: number; left?: readonly Deed[]; onStep: (text: string) => void },
): Promise<Deed[]> {
  const begun = await carryOut(entries, order, {
    deployment,
    signal,
    onStep: (done) => onStep(`${order.kind}: ${done} of ${entries.length}`),
  });
  const sent = begun.filter(({ did }) => did === 'sent').length;
  const outcomes = await awaitOutcomes(begun, {
    deployment,
    signal,
    seconds,
    onStep: (settled) => onStep(`${settled} of ${sent} finished (Ctrl-C stops the waiting, not the work)`),
  });
  return [...left, ...outcomes];
}
