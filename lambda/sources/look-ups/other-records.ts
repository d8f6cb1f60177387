import * as z from 'zod/mini';
import { PermanentFailure } from '../../domain/failures.ts';
import { sameName } from '../../domain/person/names.ts';
import type { HrRecord } from '../../domain/ports.ts';

/**
 * A setting of the look-ups of systems that may have several records of one person. `ask`: a leaver with another record that goes on is held,
 * and so is everybody while HR does not let us see the others. `ignore`: nobody there has two.
 */
export const otherRecords = z._default(z.enum(['ask', 'ignore']), 'ask');

/** What tells a person in a record of HR; empty and null mean unknown. */
interface RecordKeys {
  email?: string | null | undefined;
  privateEmail?: string | null | undefined;
  employeeNumber?: string | number | null | undefined;
  givenName?: string | null | undefined;
  familyName?: string | null | undefined;
}

/** A record in a list of HR. */
export interface ListedRecord extends RecordKeys {
  id: string | number;
  goesOn: boolean;
}

/** Lists the records that may be of the same person; the own one may be among them. Undefined: HR does not let us see them all. */
export type ListRecords = () => Promise<readonly ListedRecord[] | undefined>;

/**
 * Asks whether a person has another record that goes on.
 *
 * @throws what the list throws, but `hr-forbidden`
 */
export async function otherRecordOf(id: string, own: RecordKeys, list: ListRecords): Promise<HrRecord['otherRecord']> {
  const listed = await list().catch(unseenIfForbidden);
  if (listed === undefined) return 'unseen';
  return listed.some((one) => one.goesOn && String(one.id) !== id && maySame(own, one)) ? 'goes-on' : undefined;
}

function unseenIfForbidden(failure: unknown): undefined {
  if (!(failure instanceof PermanentFailure) || failure.code !== 'hr-forbidden') throw failure;
}

/** An address or a number in common is enough. So is the whole name, unless two private addresses tell two people of one name apart. */
function maySame(own: RecordKeys, other: RecordKeys): boolean {
  if (share([own.email, own.privateEmail], [other.email, other.privateEmail])) return true;
  if (share([own.employeeNumber], [other.employeeNumber])) return true;
  if (own.privateEmail && other.privateEmail) return false;
  return share([own.givenName], [other.givenName]) && share([own.familyName], [other.familyName]);
}

type Known = readonly (string | number | null | undefined)[];

/** Whether something known is on both sides. */
function share(ones: Known, others: Known): boolean {
  const texts = textsOf(others);
  return textsOf(ones).some((one) => texts.some((other) => sameName(one, other)));
}

const textsOf = (known: Known): string[] => known.flatMap((one) => (one ? [String(one)] : []));
