import type { HistoryStep, LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { toMillis } from '../../lambda/domain/time/time.ts';
import { bothTimes, lengthOf, timeCells } from '../terminal/times.ts';
import { nextSteps } from './next-step.ts';

export interface Line {
  text: string;
  heading?: boolean;
  /** Where its sentence begins, so that it can go on below. */
  hang?: number;
}

/** The story of one event in plain words, line by line. */
export function storyOf(entry: LedgerEntry, { person, again }: { person: boolean; again: (command: string) => string }): Line[] {
  return [
    { text: `Event ${entry.eventId} of ${entry.source}: ${entry.status}${entry.reason ? ` (${entry.reason})` : ''}`, heading: true },
    ...part('What came', [...whatCame(entry), ...(person ? whoLeft(entry) : [])]),
    ...part(
      'What happened',
      entry.history.map((step, index) => stepLine(step, entry.history[index - 1]?.at)),
      stepSentenceAt(entry),
    ),
    ...part('Which user', whichUser(entry)),
    ...part('What it waits for', [...waitingFor(entry), ...heldBy(entry)]),
    ...part(
      'What you can do',
      nextSteps(entry).flatMap(({ command, does }) => [again(command), `    ${does}`]),
    ),
  ];
}

const part = (title: string, lines: string[], hang = 4): Line[] =>
  lines.length === 0 ? [] : [{ text: '' }, { text: title, heading: true }, ...lines.map((line) => ({ text: `  ${line}`, hang }))];

function whatCame({ event, receivedAt, effectiveAt, effectiveFrom }: LedgerEntry): string[] {
  const keys = Object.keys(event.employee)
    .filter((name) => !name.endsWith('Name'))
    .join(', ');
  const what = event.type === 'employee.terminated' ? `a termination, effective ${meant(event.effective)}` : rescinds(event.rescinds);
  return [
    `${what}; HR names the leaver by ${keys}`,
    ...(event.occurredAt === undefined ? [] : [`recorded by HR  ${bothTimes(event.occurredAt)}`]),
    `received        ${bothTimes(receivedAt)}`,
    ...(effectiveAt === undefined ? [] : [`effective       ${bothTimes(effectiveAt)}`]),
    ...(effectiveFrom === undefined
      ? []
      : [`at the earliest ${bothTimes(effectiveFrom)}: the time zone is unknown, so the latest instant counts`]),
  ];
}

const rescinds = (named: string | undefined) => `a rescission: HR takes ${named === undefined ? 'the termination' : `event ${named}`} back`;

function meant({
  date,
  timeZone,
  at,
  immediate,
}: {
  date?: string | undefined;
  timeZone?: string | undefined;
  at?: string | undefined;
  immediate?: true | undefined;
}) {
  if (immediate) return 'at once';
  if (date !== undefined) return `on ${date}${timeZone === undefined ? '' : ` in ${timeZone}`}`;
  return `at ${at}`;
}

function whoLeft({ event: { employee } }: LedgerEntry): string[] {
  const { customFields = {}, ...names } = employee;
  return Object.entries({ ...names, ...customFields }).map(([name, value]) => `${name.padEnd(15)} ${value}`);
}

function stepLine({ at, to, by, why }: HistoryStep, before: string | undefined): string {
  const took = before === undefined ? '' : `+${lengthOf(toMillis(at) - toMillis(before))}`;
  return `${stepHead({ at, to }, took)}${why} (${by})`;
}

const stepHead = ({ at, to }: Pick<HistoryStep, 'at' | 'to'>, took: string) =>
  `${timeCells(at).join('  ')}  ${took.padStart(12)}  ${to.padEnd(16)}  `;
const stepSentenceAt = ({ history: [first] }: LedgerEntry) => (first === undefined ? 0 : stepHead(first, '').length + 2);

function whichUser({ workfrontUserId, matchedBy, chosenUserId, intent, status }: LedgerEntry): string[] {
  return [
    ...(workfrontUserId === undefined ? [] : [`${workfrontUserId}${matchedBy === undefined ? '' : `, found by ${matchedBy}`}`]),
    ...(chosenUserId === undefined ? [] : [`${chosenUserId} was chosen by a person`]),
    ...(intent === undefined || status === 'deactivated'
      ? []
      : [`a write to user ${intent.userId} began ${bothTimes(intent.at)} and may have taken effect: look at them in Workfront`]),
  ];
}

function waitingFor({ waiting }: LedgerEntry): string[] {
  if (waiting === undefined) return [];
  const { code, saw, since, attempts, until } = waiting;
  return [`${code}: ${saw}`, `since ${bothTimes(since)}, tried ${attempts} times, next at ${bothTimes(until)}`];
}

function heldBy({ hold }: LedgerEntry): string[] {
  if (hold === undefined) return [];
  return ['a person', `guard      ${hold.guard}`, `saw        ${hold.saw}`, `releasing  ${hold.releasing}`];
}
