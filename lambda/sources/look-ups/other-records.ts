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
  const [addresses, others] = [addressesOf(own), addressesOf(other)];
  if (addresses.some((one) => others.some((two) => sameName(one, two)))) return true;
  if (own.employeeNumber && other.employeeNumber && sameName(String(own.employeeNumber), String(other.employeeNumber))) return true;
  if (own.privateEmail && other.privateEmail) return false;
  return equal(own.givenName, other.givenName) && equal(own.familyName, other.familyName);
}

const addressesOf = ({ email, privateEmail }: RecordKeys): string[] => [email, privateEmail].flatMap((one) => (one ? [one] : []));

const equal = (one: string | null | undefined, other: string | null | undefined): boolean => Boolean(one && other && sameName(one, other));
