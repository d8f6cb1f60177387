import type { Employee, TerminationEvent } from '../event/hr-event.ts';
import { PermanentFailure } from '../failures.ts';
import { type LeaverKey, matchKeys } from '../person/leaver-match.ts';
import type { MatchKeyRule } from '../policy.ts';

/**
 * The keys by which a leaver is looked for.
 *
 * @param rules the match keys of the event's source
 * @throws PermanentFailure `no-match-key` or `unconfirmed`: there is no match key, or nothing confirms the termination
 */
export function keysToMatch(
  event: TerminationEvent,
  heard: 'not-asked' | 'confirmed' | 'contradicts',
  rules: readonly MatchKeyRule[],
): LeaverKey[] {
  if (event.unconfirmed === true && heard === 'not-asked') {
    throw new PermanentFailure(
      'unconfirmed',
      'HR said only that something about the employment changed; let the source ask HR, or look there yourself',
    );
  }
  const keys = matchKeys(event.employee, rules);
  if (keys.length > 0) return keys;

  throw new PermanentFailure('no-match-key', `the event has none of the match keys; ${WITHOUT_KEY[whyWithout(event.employee, heard)]}`);
}

const whyWithout = ({ sourceId }: Employee, heard: string) =>
  heard !== 'not-asked' ? 'asked' : sourceId === undefined ? 'keyless' : 'thin';

const WITHOUT_KEY = {
  keyless: 'add a match key to the stage or the source',
  thin: "it names the employee by the HR system's own id alone: let the source ask HR who that is, or say what Workfront knows the id as",
  asked: "HR has none either: check what the look-up credential may read, and the employee's record in HR",
} as const;
