import type * as z from 'zod/mini';
import { type Effective, effective } from '../../domain/event/hr-event.ts';
import { InvalidInput, PermanentFailure } from '../../domain/failures.ts';
import { parse } from '../../domain/parse.ts';
import type { HrRecord } from '../../domain/ports.ts';
import { known, onDate, type Said } from '../hr.ts';
import type { HrCall } from './hr-call.ts';

/** What an HR system's API says of an employee, in our words. */
interface Found {
  said: Said;
  standing: HrRecord['standing'];
  /** A date, or a time that begins with one; empty or null where there is none. */
  lastDay: string | null | undefined;
  startedOn: string | null | undefined;
}

interface Reach<Settings, Credential> {
  sourceId: string;
  settings: Settings;
  credential: Credential;
  call: HrCall;
  /** What may be kept from one question to the next, such as a token, until the credential changes or is refused. */
  kept: Map<string, { value: string; until: number }>;
  now: number;
}

interface Definition<Settings extends z.core.$ZodType, Credential extends z.core.$ZodType> {
  /** What a stage says of it: a tenant's name, a region. */
  settings: Settings;
  /** What its secret holds. */
  credential: Credential;
  /** @returns undefined where HR knows no such employee, else with the id that HR says. @throws InvalidInput where the answer has another shape */
  find(reach: Reach<z.output<Settings>, z.output<Credential>>): Promise<Found | undefined>;
}

/** How one HR system is asked about an employee. */
export interface LookUp {
  settings: z.core.$ZodType;
  credential: z.core.$ZodType;
  /** @param about `employeeIdIs` and `timeZone` of the source's own settings */
  find(reach: Reach<unknown, unknown>, about: About): Promise<HrRecord | undefined>;
}

export interface About {
  employeeIdIs?: string | undefined;
  timeZone?: string | undefined;
}

/** Completes a look-up: what a stage and a secret say is parsed, and so is every answer. */
export function defineLookUp<Settings extends z.core.$ZodType, Credential extends z.core.$ZodType>(
  definition: Definition<Settings, Credential>,
): LookUp {
  return {
    settings: definition.settings,
    credential: definition.credential,
    async find({ settings, credential, ...reach }, about) {
      const { sourceId } = reach;
      // a path that has dots as a segment would be another one, and half a character can be in none
      if (/^\.+$/.test(sourceId) || !sourceId.isWellFormed()) return undefined;
      try {
        const found = await definition.find({
          ...reach,
          settings: parse(definition.settings, settings, 'look-up'),
          credential: parse(definition.credential, credential, 'secret'),
        });
        if (found === undefined) return undefined;
        // BambooHR takes the id 0 for the owner of its key ("Get Employee", BambooHR API documentation)
        if (String(found.said.sourceId) !== sourceId) throw new InvalidInput('employee: expected the one with this id, got another');
        return recordOf(found, about);
      } catch (failure) {
        if (!(failure instanceof InvalidInput)) throw failure;
        throw new PermanentFailure('hr-unexpected-answer', `${failure.message}, check the look-up's credential and the page of its system`);
      }
    },
  };
}

/** Where Workfront knows the HR system's own id as the employee number, HR's own number is another thing. */
function recordOf({ said, standing, lastDay, startedOn }: Found, about: About): HrRecord {
  const number = about.employeeIdIs === 'employeeNumber' ? undefined : said.employeeNumber;
  return {
    employee: known({ ...said, employeeNumber: number }, about),
    standing,
    lastDay: dayOf(lastDay, { ...about, where: 'last day' }),
    startedOn: dayOf(startedOn, { where: 'first day' })?.date,
  };
}

/** BambooHR writes `0000-00-00` for none. What is no date otherwise is not passed over: it may be the first day of a rehire. */
function dayOf(text: string | null | undefined, { where, ...about }: About & { where: string }): Effective | undefined {
  if (!text || text.startsWith('0000')) return undefined;
  return parse(effective, onDate(text, about, where), where);
}
