import type * as z from 'zod/mini';
import { type Effective, effective } from '../../domain/event/hr-event.ts';
import { InvalidInput, PermanentFailure } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import type { HrRecord } from '../../domain/ports.ts';
import { onDate } from '../dates.ts';
import { type CommonSettings, type EmployeeFields, parseEmployee } from '../hr.ts';
import type { HrCall } from './hr-call.ts';
import { type ListRecords, otherRecordOf } from './other-records.ts';

/** An employee as the API of an HR system describes them. */
interface FoundEmployee {
  employee: EmployeeFields;
  standing: HrRecord['standing'];
  /** A date, or a time that begins with one; empty or null if there is none. `at`: the instant itself. */
  lastDay: string | { at: string } | null | undefined;
  /** A date, or a time that begins with one; empty or null if there is none. */
  startedOn: string | null | undefined;
  /** Tells the person among other records; it is no match key, and not passed on. */
  privateEmail?: string | null | undefined;
  /** How to list what may be other records of the same person. Without it the system has one record for each person. */
  others?: ListRecords | undefined;
}

/** Everything that a look-up needs to find one employee. */
export interface LookUpContext<Settings, Credential> {
  sourceId: string;
  settings: Settings;
  credential: Credential;
  call: HrCall;
  /** Values kept between look-ups, such as a token, until the credential changes or is refused. */
  cache: Map<string, { value: string; until: number }>;
  now: number;
}

interface LookUpDefinition<Settings extends z.core.$ZodType, Credential extends z.core.$ZodType> {
  /** The settings that a stage gives it, such as the name of a tenant or a region. */
  settings: Settings;
  /** The content of its secret. */
  credential: Credential;
  /**
   * @returns undefined if HR has no such employee, otherwise the employee with the id from HR's answer
   * @throws InvalidInput if the answer has another shape
   */
  find(context: LookUpContext<z.output<Settings>, z.output<Credential>>): Promise<FoundEmployee | undefined>;
}

/** How to ask one HR system about an employee. */
export interface LookUp {
  settings: z.core.$ZodType;
  credential: z.core.$ZodType;
  /** @param sourceSettings of the source itself */
  find(context: LookUpContext<unknown, unknown>, sourceSettings: CommonSettings): Promise<HrRecord | undefined>;
}

/** Completes a look-up: parses its settings, its credential and every answer. */
export function defineLookUp<Settings extends z.core.$ZodType, Credential extends z.core.$ZodType>(
  definition: LookUpDefinition<Settings, Credential>,
): LookUp {
  return {
    settings: definition.settings,
    credential: definition.credential,
    async find({ settings, credential, ...context }, sourceSettings) {
      const { sourceId } = context;
      // A path segment of dots would change the path, and half a character cannot be in a URL.
      if (/^\.+$/.test(sourceId) || !sourceId.isWellFormed()) return undefined;
      try {
        const found = await definition.find({
          ...context,
          settings: parse(definition.settings, settings, 'look-up'),
          credential: parse(definition.credential, credential, 'secret'),
        });
        if (found === undefined) return undefined;
        // For the id 0, BambooHR answers with the owner of the key ("Get Employee", BambooHR API documentation).
        if (String(found.employee.sourceId) !== sourceId)
          throw new InvalidInput('employee: expected the employee with this id, got another');
        const record = recordOf(found, sourceSettings);
        const ends = record.standing !== 'employed' || record.lastDay !== undefined;
        const { employee, privateEmail, others } = found;
        if (!ends || others === undefined) return record;
        return { ...record, otherRecord: await otherRecordOf(sourceId, { ...employee, privateEmail }, others) };
      } catch (failure) {
        if (!(failure instanceof InvalidInput)) throw failure;
        throw new PermanentFailure(
          'hr-unexpected-answer',
          `${failure.message}; check the look-up's credential and its page in docs/sources`,
        );
      }
    },
  };
}

/** If Workfront has the HR system's own id as the employee number, HR's employee number is a different thing and is left out. */
function recordOf({ employee, standing, lastDay, startedOn }: FoundEmployee, settings: CommonSettings): HrRecord {
  const employeeNumber = settings.employeeIdIs === 'employeeNumber' ? undefined : employee.employeeNumber;
  return {
    employee: parseEmployee({ ...employee, employeeNumber }, settings),
    standing,
    lastDay: dayOf(lastDay, { ...settings, where: 'last day' }),
    startedOn: dayOf(startedOn, { where: 'first day' })?.date,
  };
}

/**
 * BambooHR writes `0000-00-00` for no date. Any other text that is not a date is refused, not ignored: it may be the first day of a
 * rehire.
 */
function dayOf(day: FoundEmployee['lastDay'], { where, ...settings }: CommonSettings & { where: string }): Effective | undefined {
  if (!day || (typeof day === 'string' && day.startsWith('0000'))) return undefined;
  return parse(effective, typeof day === 'string' ? onDate(day, settings, where) : day, where);
}
