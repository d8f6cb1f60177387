import type { Employee } from '../event/hr-event.ts';
import { mayWithdraw, type Policy } from '../policy.ts';
import { type Comparison, compareNames, fold, foldIdentifier, namesInHr } from './names.ts';

/** Who an event of a source speaks of. */
export interface Spoken {
  source: string;
  employee: Employee;
}

/** Whether two events speak of one person. A `perhaps` never cancels and never acts: a person decides. */
export type Relation = 'same' | 'perhaps' | 'other';

/**
 * Whether a later event speaks of the person of an earlier one, by what both say of them. An identifier counts within the source that
 * issued it, since two employers may both have a number 10042. An address counts within a source if nothing that both have differs;
 * between sources it is only a perhaps.
 *
 * @param by the later event, of a source that may or may not speak for the earlier one's
 * @param reached how the two met: under a key that both name, or through the Workfront user who was found
 */
export function relationOf(by: Spoken, { of, reached, policy }: { of: Spoken; reached: 'key' | 'user'; policy: Policy }): Relation {
  const oneSource = mayWithdraw({ by: by.source, of: of.source }, policy);
  const issued = oneSource ? compareIssued(by.employee, of.employee) : 'unknown';
  const names = compareNames(namesInHr(by.employee), namesInHr(of.employee));
  const address = compareText(by.employee.email, of.employee.email, fold);

  if (issued === 'agree') return 'same';
  if (!oneSource) return address === 'agree' && reached === 'key' && names === 'differ' ? 'other' : 'perhaps';
  if (address === 'agree') return differs(issued, names) ? (names === 'differ' ? 'other' : 'perhaps') : 'same';
  if (reached === 'user') return differs(issued, names) || issued === 'unclear' ? 'perhaps' : 'same';
  return names === 'differ' && issued !== 'agree-and-differ' ? 'other' : 'perhaps';
}

const differs = (issued: Issued, names: Comparison): boolean => issued === 'differ' || issued === 'agree-and-differ' || names === 'differ';

/** `unclear`: numbers that differ in leading zeros, case or punctuation alone. */
type Issued = Comparison | 'agree-and-differ' | 'unclear';

/** Compares what one source issued: number, own id, SSO name, custom fields. */
function compareIssued(one: Employee, other: Employee): Issued {
  const custom = Object.keys({ ...one.customFields, ...other.customFields });
  const answers = new Set<Issued>([
    compareNumbers(one.employeeNumber, other.employeeNumber),
    compareText(one.sourceId, other.sourceId, (text) => text),
    compareText(one.ssoUsername, other.ssoUsername, fold),
    ...custom.map((field) => compareNumbers(one.customFields?.[field], other.customFields?.[field])),
  ]);
  if (answers.has('agree')) return answers.has('differ') ? 'agree-and-differ' : 'agree';
  if (answers.has('differ')) return 'differ';
  return answers.has('unclear') ? 'unclear' : 'unknown';
}

function compareText(one: string | undefined, other: string | undefined, plain: (text: string) => string): Comparison {
  if (one === undefined || other === undefined) return 'unknown';
  return plain(one) === plain(other) ? 'agree' : 'differ';
}

/** Leading zeros, case and punctuation do not contradict, nor do they match. */
function compareNumbers(one: string | undefined, other: string | undefined): Issued {
  if (one === undefined || other === undefined) return 'unknown';
  if (one.trim() === other.trim()) return 'agree';
  return foldIdentifier(one) === foldIdentifier(other) ? 'unclear' : 'differ';
}
