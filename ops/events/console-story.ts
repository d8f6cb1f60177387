import type { AccessRecord } from '../../lambda/domain/console-access/access-record.ts';
import { needsPerson } from '../../lambda/domain/console-access/access-record.ts';
import { quoted } from '../terminal/quoted.ts';
import { bothTimes } from '../terminal/times.ts';
import type { Line } from './story.ts';

export const IN_CONSOLE = 'In the Admin Console';

/** What happened to one leaver in the Admin Console, line by line. */
export function consoleSteps(record: AccessRecord): string[] {
  const { waiting, lookAgainAt } = record;
  return [
    `${record.status}${record.code === undefined ? '' : ` (${record.code})`}`,
    ...record.history.map(({ at, to, by, why }) => `${bothTimes(at)}  ${to}  ${why} (${by})`),
    ...(waiting === undefined ? [] : [`waits for ${waiting.code}: ${waiting.saw}; next try ${bothTimes(waiting.until)}`]),
    ...(lookAgainAt === undefined || waiting !== undefined ? [] : [`is read once more after ${bothTimes(lookAgainAt)}`]),
  ];
}

/** The same as a part of the story of the event, with the commands that lead on. */
export function consoleStory(record: AccessRecord, again: (command: string) => string): Line[] {
  const { eventId } = record;
  const lines = [
    ...consoleSteps(record),
    ...(needsPerson(record)
      ? [again(`console-access retry ${quoted(eventId)} --reason "why"`), again(`console-access close ${quoted(eventId)} --reason "why"`)]
      : []),
  ];
  return [{ text: '' }, { text: IN_CONSOLE, heading: true }, ...lines.map((text) => ({ text: `  ${text}`, hang: 4 }))];
}

/** How much of each is not settled. */
export interface ConsoleCounts {
  waiting: number;
  held: number;
  failed: number;
}

export const countsOf = (records: readonly AccessRecord[]): ConsoleCounts => {
  const count = (status: AccessRecord['status']) => records.filter((record) => record.status === status).length;
  return { waiting: count('waiting'), held: count('held'), failed: count('failed') };
};

/** What is not settled in the Admin Console, for a person; undefined if all is. */
export const countsText = ({ waiting, held, failed }: ConsoleCounts): string | undefined =>
  waiting + held + failed === 0 ? undefined : `in the Admin Console: ${held} held, ${failed} failed, ${waiting} waiting`;

/** The same for the first page, with the command that leads on. */
export function consoleLines(counts: ConsoleCounts, again: (command: string) => string): string[] {
  const text = countsText(counts);
  return text === undefined ? [] : [text, `  ${again('console-access list')}`];
}
