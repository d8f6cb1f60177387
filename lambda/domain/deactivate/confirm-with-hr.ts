import type { Effective, Employee, TerminationEvent } from '../event/hr-event.ts';
import type { LedgerEntry } from '../event/ledger-entry.ts';
import { sameName } from '../person/names.ts';
import type { Policy } from '../policy.ts';
import type { HrRecord } from '../ports.ts';
import { DAY, toMillis } from '../time/time.ts';
import { effectiveTime } from './effective-time.ts';

/** What HR's answer means for a termination that is due. `saw` has ids, facts and dates, nothing personal. */
export type Confirmation =
  | { kind: 'confirmed'; employee: Employee }
  /** HR has the termination, but for a later day. */
  | { kind: 'later'; effective: Effective; saw: string }
  /** The event never said that it is a termination, and HR has none. */
  | { kind: 'no-termination'; saw: string }
  /** `inconclusive`: not even that nobody is found means anything, since HR would name the employee otherwise. */
  | { kind: 'contradicts'; employee: Employee; saw: string; inconclusive: boolean };

/** HR systems show people as employed for a while after their last day: until a nightly run, or their own midnight. */
const SHOWN_AS_EMPLOYED_FOR = 2 * DAY;

/** This record of the person has ended, and nobody may see whether they have another. */
export const OTHERS_UNSEEN = 'HR does not let the look-up see whether the person has another record';

/** What else HR shows, or does not show, of a person one of whose records has ended. */
const OTHER_RECORD: Record<NonNullable<HrRecord['otherRecord']>, string> = {
  'goes-on': 'HR shows another record of the same address or name, which goes on: the person may stay',
  unseen: OTHERS_UNSEEN,
};

/** HR has deleted the employee, or never had one with this id. */
export const UNKNOWN_TO_HR = 'HR knows no employee with this id';

type Due = Pick<LedgerEntry, 'receivedAt'> & { event: TerminationEvent };

/**
 * Decides what HR's answer means. Nobody is deactivated early: a last day to come always puts off, but where HR said expressly that
 * access ends before it.
 *
 * @param record undefined where HR knows no such employee
 */
export function confirmWithHr(
  { event, receivedAt }: Due,
  record: HrRecord | undefined,
  { policy, now }: { policy: Policy; now: number },
): Confirmation {
  if (record === undefined) {
    const inconclusive = event.employee.email === undefined && event.employee.ssoUsername === undefined;
    return { kind: 'contradicts', employee: event.employee, saw: UNKNOWN_TO_HR, inconclusive };
  }

  const employee = completed(event.employee, record.employee);
  const against = (saw: string, inconclusive = false): Confirmation => ({ kind: 'contradicts', employee, saw, inconclusive });
  const other = otherKeys(event.employee, record.employee);
  if (other.length > 0) return against(`HR knows the employee by another ${other.join(' and ')} than the event says`, true);

  const { standing, lastDay, startedOn, otherRecord } = record;
  const confirmed = (): Confirmation => (otherRecord === undefined ? { kind: 'confirmed', employee } : against(OTHER_RECORD[otherRecord]));
  if (standing === 'unclear') return against('HR shows a closed account, and no day on which its person leaves');
  if (lastDay === undefined) {
    if (standing === 'left') return confirmed();
    const saw = 'HR shows the employee as employed, without a last day';
    return event.unconfirmed ? { kind: 'no-termination', saw } : against(saw);
  }

  const ends = effectiveTime(lastDay, policy, receivedAt);
  if (standing === 'left') {
    const begins = effectiveTime(lastDay, { ...policy, dateMeans: START_OF_DAY }, receivedAt);
    if (now >= toMillis(begins.from ?? begins.at) || event.beforeLastDay) return confirmed();
    return against(`HR shows the employee as gone, with the last day to come: ${nameOf(lastDay)}`);
  }
  if (startedOn !== undefined && lastDay.date !== undefined && startedOn > lastDay.date) {
    const saw = `HR shows the employee as employed again since ${startedOn}, after the last day ${lastDay.date}`;
    return event.unconfirmed ? { kind: 'no-termination', saw } : against(saw);
  }
  if (now < toMillis(ends.at)) {
    if (event.beforeLastDay) return confirmed();
    return { kind: 'later', effective: lastDay, saw: `HR, asked again, has the last day ${nameOf(lastDay)}` };
  }
  if (now - toMillis(ends.at) <= SHOWN_AS_EMPLOYED_FOR) return confirmed();
  return against(`HR shows the employee as employed, long after the last day ${nameOf(lastDay)}`);
}

const nameOf = ({ date, at }: Effective): string => date ?? at ?? '';

const START_OF_DAY: Policy['dateMeans'] = { moment: 'start-of-day', offset: 'PT0S' };

/** What the event says was signed by HR; HR's answer adds what it leaves out. */
export const completed = (told: Employee, known: Employee): Employee => ({
  ...known,
  ...told,
  ...((known.customFields ?? told.customFields) && { customFields: { ...known.customFields, ...told.customFields } }),
});

/** Which of the values that identify somebody differ; what only one side has, and names, do not count. */
function otherKeys(told: Employee, known: Employee): string[] {
  const differ = (one: string | undefined, other: string | undefined) => one !== undefined && other !== undefined && !sameName(one, other);
  return [
    ...(differ(told.email, known.email) ? ['e-mail address'] : []),
    ...(differ(told.employeeNumber, known.employeeNumber) ? ['employee number'] : []),
    ...(differ(told.ssoUsername, known.ssoUsername) ? ['SSO name'] : []),
  ];
}
