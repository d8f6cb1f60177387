import { HOUR } from '../../domain/time/time.ts';

/** One employment of a person. */
export interface Term {
  standing: 'employed' | 'left';
  lastDay: string | null | undefined;
  startedOn: string | null | undefined;
}

/** Whether a day is over everywhere on earth: it ends last 12 hours after UTC (IANA tz database). What is no day never is. */
export const isPast = (date: string | null | undefined, now: number): boolean => now > Date.parse(`${date}T23:59:59.999Z`) + 12 * HOUR;

/**
 * The employment that decides. A person may have several, one after another or at the same time: of those that continue, the one that
 * ends last; if none continues, the one that began last.
 */
export function decisiveOf(terms: readonly Term[]): Term | undefined {
  const continuing = terms.filter(({ standing }) => standing === 'employed');
  return lastBy(continuing, ({ lastDay }) => lastDay || NEVER) ?? lastBy(terms, ({ startedOn }) => startedOn ?? '');
}

/** Later than every date. */
const NEVER = '9999-99-99';

const lastBy = (terms: readonly Term[], dateOf: (term: Term) => string): Term | undefined =>
  terms.toSorted((one, other) => dateOf(other).localeCompare(dateOf(one)))[0];
