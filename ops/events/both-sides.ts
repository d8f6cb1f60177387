import type { Employee } from '../../lambda/domain/event/hr-event.ts';
import type { LedgerEntry } from '../../lambda/domain/event/ledger-entry.ts';
import { matchKeys, resolveLeaver } from '../../lambda/domain/person/leaver-match.ts';
import { compareNames, namesInHr, namesInWorkfront, sameName } from '../../lambda/domain/person/names.ts';
import { allMatchKeys, matchKeyRules, policy as policySchema } from '../../lambda/domain/policy.ts';
import type { HrRecord, User } from '../../lambda/domain/ports.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionSettings } from '../deployment/function-settings.ts';
import { openHr } from '../deployment/hr-access.ts';
import { openWorkfront } from '../deployment/workfront-access.ts';
import { bothTimes } from '../terminal/times.ts';
import { sentenceOf } from '../terminal/trouble.ts';
import { shownBy } from './holds.ts';

/** One line of a comparison. `differs`: both sides say something, and not the same. */
export interface Compared {
  what: string;
  hr: string;
  workfront: string;
  differs: boolean;
}

/** Who an event is about, as both sides say it now. Personal: it is printed on demand, and kept nowhere. */
export interface BothSides {
  /** What HR says, asked now; undefined if it cannot be asked. */
  hrNow: string | undefined;
  /** Every user that may be meant. */
  users: { id: string; link: string; lines: Compared[] }[];
  /** Why a side could not be asked. */
  trouble: string[];
}

/** Reads both sides, for as many events as are asked about. */
export type ReadSides = (entry: LedgerEntry) => Promise<BothSides>;

/** Opens Workfront and the HR systems, only for reading. */
export async function openSides(deployment: Deployment): Promise<ReadSides> {
  const settings = await functionSettings(deployment);
  const rules = (await deployment.policy()) ?? policySchema.parse({});
  const directory = openWorkfront(deployment, { settings, matchKeys: allMatchKeys(rules) });
  const hr = openHr(deployment, settings);

  const usersOf = async (entry: LedgerEntry): Promise<User[]> => {
    const keys = matchKeys(entry.event.employee, matchKeyRules(entry.source, rules));
    const found = keys.length === 0 ? [] : (await resolveLeaver(keys, directory)).users;
    const others = idsOf(entry).filter((id) => !found.some((user) => user.id === id));
    const read = await Promise.all(others.map((id) => directory.read(id)));
    return [...found, ...read.flatMap((user) => (user === undefined ? [] : [user]))];
  };

  return async (entry) => {
    const trouble: string[] = [];
    const note = (what: string) => (failure: unknown) => {
      trouble.push(`${what} could not be asked: ${sentenceOf(failure)}`);
      return undefined;
    };
    const { sourceId } = entry.event.employee;
    const isAsked = sourceId !== undefined && hr.canBeAsked(entry.source);
    const record = isAsked ? await hr.ask(entry.source, sourceId).then(knownOrNot, note('HR')) : undefined;
    const users = (await usersOf(entry).catch(note('Workfront'))) ?? [];
    const employee = { ...(record === 'unknown' ? {} : record?.employee), ...entry.event.employee };
    return {
      hrNow: record === undefined ? undefined : wordOfHr(record),
      users: users.map((user) => ({ id: user.id, link: linkTo(user.id, settings.WORKFRONT_BASE_URL), lines: compared(employee, user) })),
      trouble,
    };
  };
}

const knownOrNot = (record: HrRecord | undefined): HrRecord | 'unknown' => record ?? 'unknown';

/** The users that an event names: found before, chosen, or shown by the guard that holds it. */
function idsOf({ hold, workfrontUserId, chosenUserId, intent, sighted }: LedgerEntry): string[] {
  const shown = hold === undefined ? [] : shownBy(hold).flatMap(({ saw, of = '' }) => `${saw} ${of}`.match(/\b[0-9a-f]{32}\b/g) ?? []);
  const named = [workfrontUserId, chosenUserId, intent?.userId, ...(sighted?.users ?? []).map(({ userId }) => userId), ...shown];
  return [...new Set(named.flatMap((id) => (id === undefined ? [] : [id])))];
}

/** Assumption: a page of Workfront is at `/<object>/view?ID=<GUID>`, as links to dashboards in public scripts are. Only people follow it. */
export const linkTo = (id: string, baseUrl: string, object = 'user'): string => `${new URL(baseUrl).origin}/${object}/view?ID=${id}`;

const STANDING: Record<HrRecord['standing'], string> = {
  employed: 'still employed',
  left: 'has left',
  unclear: 'neither employed nor gone',
};

const OTHER_RECORD: Record<NonNullable<HrRecord['otherRecord']>, string> = {
  'goes-on': 'another record of this address or name goes on',
  unseen: 'other records cannot be seen',
};

function wordOfHr(record: HrRecord | 'unknown'): string {
  if (record === 'unknown') return 'knows no such employee';
  const { standing, lastDay, startedOn, otherRecord } = record;
  const day = lastDay?.date ?? lastDay?.at;
  return [
    STANDING[standing],
    ...(day === undefined ? [] : [`last day ${day}`]),
    ...(startedOn === undefined ? [] : [`began ${startedOn}`]),
    ...(otherRecord === undefined ? [] : [OTHER_RECORD[otherRecord]]),
  ].join(', ');
}

function compared(employee: Employee, user: User): Compared[] {
  const { displayName, givenName, familyName, customFields = {} } = employee;
  const name = { hr: displayName ?? joined(givenName, familyName), workfront: user.displayName ?? joined(user.firstName, user.lastName) };
  const namesDiffer = compareNames(namesInHr(employee), namesInWorkfront(user)) === 'differ';
  return [
    { ...row('name', name), differs: namesDiffer },
    row('address', { hr: employee.email, workfront: user.emailAddr }),
    row('number', { hr: employee.employeeNumber, workfront: user.extRefID }),
    row('SSO name', { hr: employee.ssoUsername, workfront: user.ssoUsername }),
    ...Object.entries(customFields).map(([field, value]) => row(field, { hr: value, workfront: user.customFields[field] })),
    row('log-in name', { workfront: user.username }),
    row('made', { workfront: time(user.madeAt) }),
    row('last log-in', { workfront: time(user.lastLoginAt) ?? 'never, or not shown' }),
    row('administrator', { workfront: user.isAdmin ? 'YES' : 'no' }),
    row('active', { workfront: user.isActive ? 'yes' : 'no' }),
  ];
}

const row = (what: string, { hr, workfront }: { hr?: string | undefined; workfront: string | undefined }): Compared => ({
  what,
  hr: hr ?? '-',
  workfront: workfront ?? '-',
  differs: hr !== undefined && workfront !== undefined && !sameName(hr, workfront),
});

const joined = (...names: (string | undefined)[]): string | undefined => names.filter((name) => name).join(' ') || undefined;
const time = (at: string | undefined): string | undefined => (at === undefined ? undefined : bothTimes(at));
