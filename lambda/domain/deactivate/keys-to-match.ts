import type { Employee, TerminationEvent } from '../event/hr-event.ts';
import { PermanentFailure } from '../failures.ts';
import { matchKeys } from '../person/leaver-match.ts';
import type { Policy } from '../policy.ts';
import type { MatchKey } from '../ports.ts';

/** @throws PermanentFailure where the event names nobody whom Workfront could know, or nobody says that anybody left */
export function keysToMatch(event: TerminationEvent, heard: 'not-asked' | 'confirmed' | 'contradicts', policy: Policy): MatchKey[] {
  if (event.unconfirmed === true && heard === 'not-asked') {
    throw new PermanentFailure(
      'unconfirmed',
      'expected a termination, got word that something about the employment changed, let the source ask HR or look there yourself',
    );
  }
  const keys = matchKeys(event.employee, policy.matchKeys);
  if (keys.length > 0) return keys;

  throw new PermanentFailure(
    'no-match-key',
    `expected an event with one of the stage's match keys, ${WITHOUT_KEY[whyWithout(event.employee, heard)]}`,
  );
}

const whyWithout = ({ sourceId }: Employee, heard: string) =>
  heard !== 'not-asked' ? 'asked' : sourceId === undefined ? 'keyless' : 'thin';

const WITHOUT_KEY = {
  keyless: 'got one with none, add a match key to the stage or the source',
  thin: "came one with the HR system's own id alone, let the source ask HR who that is, or say what Workfront knows the id as",
  asked: 'got none, and HR, asked, had none either, see what the credential of the look-up may read, or what HR knows of the employee',
} as const;
