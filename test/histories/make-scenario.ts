import type { Employee, HrEvent } from '../../lambda/domain/event/hr-event.ts';
import { type Dice, dice } from '../support/dice.ts';
import { ASKED, factOf } from './hr.ts';
import { type Person, type Population, populate } from './people.ts';
import { type Action, type Delivery, type Faults, NO_FAULTS, type Scenario, START } from './scenario.ts';
import { OFFSETS, ZONES } from './truth.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const instantOf = (millis: number) => new Date(millis).toISOString();

/** Thinks out a history: who there is, what HR sends when, what people and the world do. The same numbers, the same history. */
export function makeScenario(seed: number, number: number): Scenario {
  const throws = dice(seed, number, 1);
  const population = populate(throws);
  const actions: Action[] = [];
  const deliveries: Delivery[] = [];
  const count = 10 + throws.int(31);
  let at = 0;
  for (let index = 0; index < count; index++) {
    at += pause(throws);
    actions.push(throws.chance(0.42) || index < 2 ? delivered(at, deliveries, population, throws) : somethingElse(at, population, throws));
    if (throws.chance(0.15)) actions.push(saidByHr(at + throws.int(10 * SECOND), throws.next(), throws.pick(population.people), throws));
  }
  return {
    seed,
    number,
    rules: rulesFor(population, throws),
    users: population.users,
    actions,
    faults: faultsOf(throws),
    workers: 2 + throws.int(2),
  };
}

/** Mostly within the seconds in which workers are at it, so that steps meet; sometimes days. */
function pause(throws: Dice): number {
  const kind = throws.next();
  if (kind < 0.55) return throws.int(3 * SECOND);
  if (kind < 0.75) return throws.int(2 * MINUTE);
  if (kind < 0.92) return throws.int(5 * HOUR);
  return throws.int(9 * DAY);
}

function delivered(at: number, deliveries: Delivery[], { people }: Population, throws: Dice): Action {
  const again = deliveries.length > 0 && throws.chance(0.2);
  const delivery = again ? throws.pick(deliveries) : aDelivery(at, deliveries, throws.pick(people), throws);
  if (!again) deliveries.push(delivery);
  return { at, do: 'deliver', delivery, copies: throws.chance(0.1) ? 2 : 1 };
}

function aDelivery(at: number, before: readonly Delivery[], person: Person, throws: Dice): Delivery {
  const index = before.length;
  const eventId = throws.chance(0.05) ? `evt-${throws.int(index + 1)}` : `evt-${index}`;
  const source = throws.chance(0.2) ? ASKED : throws.chance(0.1) ? 'beta-hr' : 'acme-hr';
  const others = before.flatMap(({ event: { occurredAt } }) => occurredAt ?? []);
  const own = instantOf(START + at - throws.pick([0, 1, SECOND, HOUR, 2 * DAY, -HOUR]));
  const occurredAt = others.length > 0 && throws.chance(0.15) ? throws.pick(others) : own;
  const occurred = throws.chance(0.6) ? { occurredAt } : {};
  const employee = source === ASKED ? askedEmployee(person, throws) : employeeOf(person, throws);
  // One that names an event still to come, or none at all, is as likely as one that names the last.
  const rescinds = throws.chance(0.5) ? { rescinds: `evt-${Math.max(0, index - throws.int(4) + 1)}` } : {};
  const event: HrEvent =
    index > 0 && throws.chance(0.3)
      ? { type: 'employee.termination_rescinded', ...occurred, employee, ...rescinds }
      : { type: 'employee.terminated', ...occurred, employee, ...saidOf(START + at, employee, throws) };
  const digest = index.toString(16).padStart(16, '0').padEnd(64, '0');
  // What has neither an id nor a time of its own is known by its content alone.
  const nameless = event.occurredAt === undefined && throws.chance(0.4);
  return { source, eventId: nameless ? `evt_${digest.slice(0, 40)}` : eventId, digest, event };
}

function employeeOf({ email, number, sso, givenName }: Person, throws: Dice): Employee {
  const which = throws.pick([1, 1, 1, 2, 3, 3, 3, 4, 5, 6, 7]);
  return {
    ...(which & 1 ? { email: throws.chance(0.2) ? email.replace('p', 'P') : email } : {}),
    ...(which & 2 ? { employeeNumber: number } : {}),
    ...(which & 4 ? { ssoUsername: throws.chance(0.2) ? sso.toUpperCase() : sso } : {}),
    ...(throws.chance(0.2) ? { givenName } : {}),
  };
}

/** Mostly by the HR system's own id alone. */
function askedEmployee(person: Person, throws: Dice): Employee {
  const { sourceId } = person;
  return throws.chance(0.7) ? { sourceId } : { ...employeeOf(person, throws), sourceId };
}

/** Who is named by the HR system's own id alone has, more often than others, only perhaps left. */
function saidOf(now: number, { sourceId, ...keys }: Employee, throws: Dice) {
  const isThin = sourceId !== undefined && Object.keys(keys).length === 0;
  if (!throws.chance(isThin ? 0.6 : 0.03)) return { effective: effectiveOf(now, throws) };
  return { unconfirmed: true, effective: { immediate: true } } as const;
}

function saidByHr(at: number, kind: number, person: Person, throws: Dice): Action {
  return { at, do: 'hr-says', sourceId: person.sourceId, fact: factOf(person, START + at, kind, throws) };
}

function effectiveOf(now: number, throws: Dice): Extract<HrEvent, { type: 'employee.terminated' }>['effective'] {
  const kind = throws.next();
  if (kind < 0.4) return { immediate: true };
  const when = now + throws.pick([-20 * DAY, -3 * DAY, -HOUR, 0, SECOND, 4 * SECOND, MINUTE, 3 * HOUR, DAY, 2 * DAY, 6 * DAY, 500 * DAY]);
  if (kind < 0.75) return { at: instantOf(when) };
  // The zones' winter offsets hold for dates from November to February.
  const date = when > START + 60 * DAY ? '2028-02-29' : instantOf(when).slice(0, 10);
  return throws.chance(0.5) ? { date } : { date, timeZone: throws.pick(Object.keys(ZONES)) };
}

function somethingElse(at: number, { users }: Population, throws: Dice): Action {
  const user = throws.int(users.length);
  const kind = throws.next();
  if (kind < 0.36) {
    const order = throws.pick(['release', 'release', 'release', 'replay', 'replay', 'reject', 'cancel'] as const);
    const late = throws.pick([0, 500, 3 * SECOND, 2 * MINUTE]);
    return { at, do: order, which: throws.int(100), user, late, copies: throws.chance(0.15) ? 2 : 1, recheck: throws.chance(0.15) };
  }
  if (kind < 0.42) return { at, do: 'release-brake' };
  if (kind < 0.48) return { at, do: 'pause', millis: throws.pick([300, 5 * SECOND, MINUTE, 20 * MINUTE]) };
  if (kind < 0.51) return { at, do: 'deploy', dryRun: throws.chance(0.3) };
  if (kind < 0.7) return { at, do: throws.pick(['reactivate', 'reactivate', 'deactivate-by-hand', 'log-in'] as const), user };
  if (kind < 0.72) return { at, do: 'make-administrator', user };
  if (kind < 0.78) return { at, do: 'change-user', user, changes: changesOf(users[throws.int(users.length)], throws) };
  const long = throws.pick([SECOND, MINUTE, HOUR]);
  if (kind < 0.83)
    return { at, do: 'hr-trouble', mode: throws.pick(['hr-trouble', 'hr-throttled', 'hr-credentials'] as const), millis: long };
  const mode = throws.pick(['trouble', 'trouble', 'throttled', 'credentials', 'blind', 'user-refused', 'other-tenant'] as const);
  const short = throws.pick([SECOND, 10 * SECOND, MINUTE, 10 * MINUTE]);
  return { at, do: 'trouble', mode, user, millis: throws.chance(0.005) ? 40 * HOUR : throws.chance(0.06) ? 2 * HOUR : short };
}

/** A value that another user has, had or will have: addresses are used again, numbers are mistyped. */
function changesOf(other: Population['users'][number] | undefined, throws: Dice) {
  if (throws.chance(0.5)) return { emailAddr: throws.chance(0.5) ? 'nobody@acme.test' : (other?.emailAddr ?? 'nobody@acme.test') };
  return { extRefID: throws.chance(0.5) ? 'N9' : other?.extRefID };
}

function rulesFor({ users, people }: Population, throws: Dice): Scenario['rules'] {
  const email = { field: 'emailAddr', from: 'email' } as const;
  const number = { field: 'extRefID', from: 'employeeNumber' } as const;
  const { email: address, number: code } = throws.pick(people);
  return {
    dryRun: throws.chance(0.07),
    ...(throws.chance(0.3) ? { matchKeys: throws.pick([[number], [number, email], [email, number], [email]]) } : {}),
    emailAloneIsEnough: throws.chance(0.92),
    ...(throws.chance(0.5) ? { defaultTimeZone: throws.pick(Object.keys(ZONES)) } : {}),
    dateMeans: { moment: throws.chance(0.7) ? 'end-of-day' : 'start-of-day', offset: throws.pick(Object.keys(OFFSETS)) },
    brake: throws.chance(0.5)
      ? {}
      : {
          perHour: throws.pick([0, 1, 2, 3, 20]),
          shareOfActivePerDay: throws.pick([0, 0.01, 0.05]),
          floorPerDay: throws.pick([0, 1, 2, 3, 5]),
        },
    protected: throws.chance(0.15) ? [throws.pick([throws.pick(users).id, address.toUpperCase(), code])] : [],
    holdAdministrators: throws.chance(0.9),
    staleAfterDays: throws.pick([7, 7, 1, 0]),
    waitLimitHours: throws.pick([240, 240, 240, 24, 1]),
  };
}

/** A third of the histories is calm: there every leaver must come to exactly what the rules say. */
function faultsOf(throws: Dice): Faults {
  if (throws.chance(0.35)) return NO_FAULTS;
  const often = () => throws.pick([0, 0, 0.003, 0.01, 0.03, 0.08]);
  return { crash: often(), aws: often(), workfront: often(), duplicate: throws.pick([0, 0.05, 0.2]) };
}
