import type { Employee } from '../../../lambda/domain/event/hr-event.ts';
import type { Account, AccountPlan } from '../world/accounts.ts';
import { FIELDS } from '../world/accounts.ts';
import { type Action, NO_FAULTS, type Scenario } from '../world/scenario.ts';
import { personsOf, type Violation, type World } from '../world/world.ts';
import { type Played, play } from './play.ts';

/** The same lives, told otherwise. */
interface Twin {
  name: string;
  of(scenario: Scenario): Scenario;
  /** Whether not even a hold may differ, as long as both take the same course. */
  isExact: boolean;
}

const TWINS: readonly Twin[] = [
  { name: 'without faults, noise, duplicates and expiry', of: calm, isExact: false },
  { name: 'with every address, number and name replaced by another', of: renamed, isExact: true },
];

/**
 * Plays the twins of a history and compares how the accounts end: alike, or a person was asked. A history with a violation is no
 * measure for its twins.
 */
export async function compareTwins(scenario: Scenario, { world, violations, steps }: Played): Promise<readonly Violation[]> {
  const differences: Violation[] = [];
  if (violations.length > 0) return differences;
  for (const twin of TWINS) {
    const played = await play(twin.of(scenario));
    // Ids that are made from content are other ids. What is spread by them may be sent in another order, and chance falls otherwise.
    const isExact = twin.isExact && played.steps === steps;
    if (played.violations.length > 0 && !twin.isExact) continue;
    for (const account of world.accounts.values()) {
      const other = played.world.accounts.get(account.id);
      if (other === undefined || other.isActive === account.isActive) continue;
      if (!isExact && (wasAsked(world, account) || wasAsked(played.world, other))) continue;
      differences.push({
        rule: 'twins-end-alike',
        detail: `account ${account.id} of ${account.owner} is ${state(account)}, its twin ${twin.name} is ${state(other)}`,
        stories: storiesOf(world, account),
      });
    }
  }
  return differences;
}

const state = ({ isActive }: Account): string => (isActive ? 'active' : 'inactive');

/** Whether anything about somebody who ever had the account was held, failed, found nobody by a credential of limited sight, or was decided by an operator; or a sync opened it, before or after. */
function wasAsked(world: World, { id, owners, activity }: Account): boolean {
  if (activity.some(({ by }) => by === 'sync')) return true;
  const people = owners.map(({ person }) => person);
  const isAbout = (event: string) => personsOf(world, event).some((person) => people.includes(person));
  if (world.holds.some(({ event }) => isAbout(event)) || world.orders.some(({ event, account }) => account === id || isAbout(event)))
    return true;
  return [...world.entries].some(([event, { status, reason }]) => (status === 'failed' || reason === 'limited-sight') && isAbout(event));
}

const storiesOf = (world: World, { owners }: Account): string[] =>
  owners.flatMap(({ person }) => world.people.get(person ?? '')?.story ?? []);

function calm(scenario: Scenario): Scenario {
  const actions = scenario.actions.filter(({ story }) => story !== 'noise');
  return {
    ...scenario,
    faults: NO_FAULTS,
    keepsAll: true,
    actions: actions.map((action) => (action.do === 'deliver' ? { ...action, copies: 1 } : action)),
  };
}

/** Every letter and digit becomes another, the same everywhere: what was equal stays equal, and a leading zero stays one. */
function renamed(scenario: Scenario): Scenario {
  return {
    ...scenario,
    texts: scenario.texts.map(rename),
    accounts: scenario.accounts.map(renamedAccount),
    actions: scenario.actions.map(renamedAction),
  };
}

const rename = (text: string): string =>
  text
    .replace(/[a-z]/g, (letter) => String.fromCharCode(97 + ((letter.charCodeAt(0) - 97 + 13) % 26)))
    .replace(/[A-Z]/g, (letter) => String.fromCharCode(65 + ((letter.charCodeAt(0) - 65 + 13) % 26)))
    .replace(/[1-9]/g, (digit) => String((Number(digit) % 9) + 1));

const renamedAccount = (plan: AccountPlan): AccountPlan => ({ ...plan, fields: renamedFields(plan.fields) });

function renamedFields<Fields extends Extract<Action, { do: 'fill' }>['fields'] | AccountPlan['fields']>(fields: Fields): Fields {
  const other = { ...fields };
  for (const field of FIELDS) {
    const filled = other[field];
    if (filled !== undefined) other[field] = { ...filled, text: rename(filled.text) };
  }
  return other;
}

function renamedAction(action: Action): Action {
  switch (action.do) {
    case 'make-account':
      return { ...action, account: renamedAccount(action.account) };
    case 'fill':
    case 'hand-over':
      return { ...action, fields: renamedFields(action.fields) };
    case 'deliver': {
      const { delivery } = action;
      const event = { ...delivery.event, employee: renamedEmployee(delivery.event.employee) };
      return { ...action, delivery: { ...delivery, event } };
    }
    default:
      return action;
  }
}

function renamedEmployee(employee: Employee): Employee {
  const { customFields, ...texts } = employee;
  const other = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text === undefined ? undefined : rename(text)]));
  return customFields === undefined ? other : { ...other, customFields };
}
