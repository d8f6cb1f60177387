import type { HrEvent } from '../../lambda/domain/event/hr-event.ts';
import type { EventRef } from '../../lambda/domain/event/leaver-message.ts';
import type { HistoryStep, LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { toMillis } from '../../lambda/domain/time/time.ts';
import type { Finding } from '../../lambda/domain/watch/findings.ts';
import { bothTimes, lengthOf, timeCells } from '../terminal/times.ts';
import { orderToUndo, ownedThen, undoneLines, watched } from './after-the-write.ts';
import type { BothSides } from './both-sides.ts';
import { findingLines } from './findings.ts';
import { meaningOfEnd, meaningOfHold, releasesOf, shownBy } from './holds.ts';
import { nextSteps } from './next-step.ts';
import { sideLines } from './side-lines.ts';
import type { UndoneBefore } from './undoable.ts';
import type { Stopped } from './way-on.ts';

export interface Line {
  text: string;
  heading?: boolean;
  /** The column in which its sentence begins, and in which it goes on below. */
  hang?: number;
}

interface Telling {
  /** Whether to say who left. */
  person: boolean;
  /** Who it is about, as both sides say now. */
  sides?: BothSides | undefined;
  again: (command: string) => string;
  /** Why the circuit to Workfront is open, if it is. */
  open?: Stopped | undefined;
  /** What the nightly sweep found, if it is not settled. */
  finding?: Finding | undefined;
  /** When the user is read again, if they are watched: RFC 3339. */
  nextLookAt?: string | undefined;
  /** Events whose undo gives the person their access back. */
  undoable?: readonly EventRef[];
  /** Events of the same user that a person undid. */
  undone?: readonly UndoneBefore[];
}

/** The headings of the parts that are more than lines where there is room for it. */
export const TITLES = { steps: 'What happened', ways: 'What you can do' };

/** Everything that happened to one event, line by line. */
export function storyOf(entry: LedgerEntry, { person, sides, again, open, finding, nextLookAt, undoable, undone = [] }: Telling): Line[] {
  return [
    { text: `Event ${entry.eventId} of ${entry.source}: ${entry.status}${entry.reason ? ` (${entry.reason})` : ''}`, heading: true },
    ...part('What HR sent', [...whatHrSent(entry), ...(person ? whoLeft(entry) : [])]),
    ...part(
      TITLES.steps,
      entry.history.map((step, index) => stepLine(step, entry.history[index - 1]?.at)),
      stepSentenceAt(entry),
    ),
    ...part('Which user', whichUser(entry)),
    ...(sides === undefined ? [] : sideLines(sides)),
    ...part('What that means', [...whatItMeans(entry), ...undoneLines(undone), ...watched(nextLookAt)]),
    ...part('What the nightly sweep found', finding === undefined ? [] : findingLines(finding)),
    ...part('What the user owned then', ownedThen(entry)),
    ...part('An order to undo it', orderToUndo(entry)),
    ...part('What people released it from', releasesOf(entry)),
    ...part('What the event waits for', [...waitingFor(entry), ...heldBy(entry)], 13),
    ...part(
      TITLES.ways,
      nextSteps(entry, { open, isPersonShown: sides !== undefined, undoable }).flatMap(({ command, does }) => [
        again(command),
        `    ${does}`,
      ]),
      6,
    ),
  ];
}

const part = (title: string, lines: string[], hang = 4): Line[] =>
  lines.length === 0 ? [] : [{ text: '' }, { text: title, heading: true }, ...lines.map((line) => ({ text: `  ${line}`, hang }))];

function whatItSays(event: HrEvent): string {
  switch (event.type) {
    case 'employee.terminated':
      return `a termination, effective ${meant(event.effective)}`;
    case 'employee.termination_rescinded':
      return rescinds(event.rescinds);
    case 'employee.sign_of_life':
      return `a sign of life: ${event.sign}`;
  }
}

function whatHrSent({ event, receivedAt, effectiveAt, effectiveFrom }: LedgerEntry): string[] {
  const keys = Object.keys(event.employee)
    .filter((name) => !name.endsWith('Name'))
    .join(', ');
  const what = whatItSays(event);
  return [
    `${what}; HR names the leaver by ${keys}`,
    ...(event.occurredAt === undefined ? [] : [`recorded by HR  ${bothTimes(event.occurredAt)}`]),
    `received        ${bothTimes(receivedAt)}`,
    ...(effectiveAt === undefined ? [] : [`effective       ${bothTimes(effectiveAt)}`]),
    ...(effectiveFrom === undefined
      ? []
      : [`at the earliest ${bothTimes(effectiveFrom)}: the time zone is unknown, so the latest possible time counts`]),
  ];
}

const rescinds = (named: string | undefined) => `a rescission: HR withdraws ${named === undefined ? 'the termination' : `event ${named}`}`;

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
      : [`a write to user ${intent.userId} began ${bothTimes(intent.at)} and may have taken effect; look at this user in Workfront`]),
  ];
}

function waitingFor({ waiting }: LedgerEntry): string[] {
  if (waiting === undefined) return [];
  const { code, saw, since, attempts, until } = waiting;
  return [`${code}: ${saw}`, `since ${bothTimes(since)}, tried ${attempts} times, next try ${bothTimes(until)}`];
}

function heldBy({ hold }: LedgerEntry): string[] {
  if (hold === undefined) return [];
  const shown = shownBy(hold).map(({ guard, saw, releasing }) => [
    `guard      ${guard}`,
    ...meaningLine(guard),
    `found      ${saw}`,
    `releasing  ${releasing}`,
  ]);
  const several = shown.length === 1 ? [] : [`${shown.length} guards hold it; one release answers all that can be released`];
  return ['a person', ...several, ...shown.flat()];
}

function meaningLine(guard: string): string[] {
  const meaning = meaningOfHold(guard);
  return meaning === undefined ? [] : [`means      ${meaning}`];
}

function whatItMeans(entry: LedgerEntry): string[] {
  const meaning = meaningOfEnd(entry);
  const legalHold = entry.legalHold && `a legal hold keeps it since ${bothTimes(entry.legalHold.at)}: ${entry.legalHold.reason}`;
  return [meaning, legalHold].filter((line) => line !== undefined);
}
