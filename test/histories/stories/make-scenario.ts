import { guid } from '../../support/builders.ts';
import { type Dice, dice } from '../../support/dice.ts';
import {
  type ConsolePlan,
  DAY,
  type Faults,
  HOUR,
  MINUTE,
  NO_FAULTS,
  type Scenario,
  SECOND,
  START,
  type TroubleMode,
} from '../world/scenario.ts';
import { AT_WORK } from './at-work.ts';
import { COMPANIES } from './companies.ts';
import { HANDLED } from './handled.ts';
import { ORDINARY, type Story } from './ordinary.ts';
import { createPlot, happens, OFFSETS, type Plot, ZONES } from './plot.ts';
import { aSystem } from './setting.ts';
import { UNDONE } from './undone.ts';
import { WHO_IS_MEANT } from './who-is-meant.ts';
import { WITHDRAWN } from './withdrawn.ts';

const HOSTILE: readonly Story[] = [...HANDLED, ...COMPANIES, ...WITHDRAWN, ...WHO_IS_MEANT, ...AT_WORK, ...UNDONE];
const BESIDE_OTHERS = HOSTILE.filter(({ alone }) => alone !== true);
export const STORIES: readonly Story[] = [...ORDINARY, ...HOSTILE];

/** How many histories are only of ordinary lives, in calm: there the holds are counted. */
const ORDINARY_SHARE = 0.25;

/** Makes up a history: who there is, what they live through, what HR tells when. The same numbers, the same history. */
export function makeScenario(seed: number, number: number): Scenario {
  const throws = dice(seed, number, 1);
  const plot = setting(throws);
  if (throws.chance(ORDINARY_SHARE)) {
    plot.ordinary = true;
    for (const system of plot.systems) if (throws.chance(0.9)) system.lag = 0;
    const count = 3 + throws.int(4);
    for (let index = 0; index < count; index++) tell(plot, pickFrom(ORDINARY, throws));
    return finished(plot, { seed, number, faults: NO_FAULTS });
  }

  const first = pickFrom(HOSTILE, throws);
  tell(plot, first);
  if (first.alone !== true) {
    for (let more = throws.int(3); more > 0; more--) tell(plot, pickFrom(BESIDE_OTHERS, throws));
    const others = throws.int(4);
    for (let index = 0; index < others; index++) tell(plot, pickFrom(ORDINARY, throws));
    noise(plot);
  }
  return finished(plot, { seed, number, faults: faultsOf(throws) });
}

/** One story by itself, in calm. @throws Error for a name that no story has */
export function storyAlone(name: string, number: number): Scenario {
  const story = STORIES.find((one) => one.name === name);
  if (story === undefined) throw new Error(`no story has the name "${name}"`);
  const throws = dice(0, number, 1);
  const plot = setting(throws);
  tell(plot, story);
  return finished(plot, { seed: 0, number, faults: NO_FAULTS });
}

/** The company: its rules, its HR systems, and the users who look after Workfront. */
function setting(throws: Dice): Plot {
  const plot = createPlot(throws);
  plot.rules = {
    ...(throws.chance(0.6) ? { defaultTimeZone: throws.pick(Object.keys(ZONES)) } : {}),
    dateMeans: { moment: throws.chance(0.7) ? 'end-of-day' : 'start-of-day', offset: throws.pick(Object.keys(OFFSETS)) },
    ...(throws.chance(0.3) ? { customerId: 'c'.repeat(32) } : {}),
  };
  const canBeAsked = throws.chance(0.25);
  aSystem(plot, {
    carries: canBeAsked
      ? ['hr-id', 'address', 'number', 'given', 'family']
      : throws.pick([['address', 'number', 'given', 'family'], ['address', 'number'], ['address']]),
    canBeAsked,
    lag: canBeAsked ? throws.pick([0, 0, 5 * SECOND]) : 0,
  });
  for (const [index, isAdmin] of [true, true].entries()) {
    plot.accounts.push({
      id: guid(0xadd + index),
      owner: undefined,
      madeAt: START - 900 * DAY,
      isActive: true,
      isAdmin,
      lastLoginAt: undefined,
      fields: {},
    });
  }
  return plot;
}

function tell(plot: Plot, story: Story): void {
  plot.story = story.name;
  plot.at = START + HOUR + (plot.throws.chance(0.3) ? plot.throws.int(HOUR) : plot.throws.int(40 * DAY));
  story.tell(plot);
}

function pickFrom(stories: readonly Story[], throws: Dice): Story {
  const total = stories.reduce((sum, { weight }) => sum + weight, 0);
  let left = throws.next() * total;
  for (const story of stories) {
    left -= story.weight;
    if (left < 0) return story;
  }
  return throws.pick(stories);
}

/** Who has what in the Admin Console: some only other products, some nothing. */
function consoleOf({ throws, people }: Plot): ConsolePlan {
  const members = people.flatMap(({ id }) =>
    throws.chance(0.9) ? [{ person: id, direct: ['WF-Users', 'Workfront', 'Acrobat'].filter(() => throws.chance(0.7)) }] : [],
  );
  return {
    named: { profiles: ['Workfront'], groups: throws.chance(0.7) ? ['WF-Users'] : [] },
    members,
    comesWith: throws.chance(0.5) ? { 'WF-Users': ['Workfront'] } : {},
    readOnly: throws.chance(0.1) ? ['WF-Users'] : [],
    syncsAfter: throws.chance(0.2) ? throws.pick([1500, 2 * HOUR]) : undefined,
    late: people.map(({ id }) => id).filter(() => throws.chance(0.3)),
  };
}

/** What happens beside the stories: trouble, pauses, logins, deliveries that come again. */
function noise(plot: Plot): void {
  const { throws } = plot;
  plot.story = 'noise';
  const near = () => throws.pick(plot.actions).at + throws.int(20 * MINUTE) - 5 * MINUTE;
  for (let count = throws.int(4); count > 0; count--) {
    const kind = throws.next();
    if (kind < 0.35) {
      const mode = throws.pick([
        'outage',
        'throttled',
        'credentials',
        'blind',
        'answers-lost',
        'hr-outage',
        'hr-credentials',
        'console-outage',
        'console-throttled',
        'console-credentials',
      ] as const satisfies TroubleMode[]);
      happens(plot, { at: near(), do: 'trouble', mode, millis: throws.pick([10 * SECOND, 10 * MINUTE, HOUR, 2 * DAY]), accounts: [] });
    } else if (kind < 0.5) happens(plot, { at: near(), do: 'pause', millis: throws.pick([SECOND, MINUTE, HOUR]) });
    else if (kind < 0.85) sendAgain(plot);
    else if (kind < 0.9)
      happens(plot, { at: near() + HOUR, do: throws.pick(['release-all', 'replay-all'] as const), late: throws.int(2 * HOUR) });
    else if (kind < 0.93) renameSource(plot, near());
    else if (kind < 0.96)
      happens(plot, { at: near() + HOUR, do: 'undo', person: throws.pick(plot.people).id, how: 'rightly', late: throws.int(MINUTE) });
    else happens(plot, { at: near(), do: 'log-in', account: throws.pick(plot.accounts).id });
  }
}

function renameSource(plot: Plot, at: number): void {
  // Without a time and an id, nobody can tell that an event of the new name was heard of under the old one.
  const told = plot.systems.filter(({ times }) => times === 'milliseconds' || times === 'minutes');
  if (told.length === 0 || plot.actions.some(({ story }) => story.startsWith('withdrawn by another key'))) return;
  const { id } = plot.throws.pick(told);
  plot.story = 'a source is renamed';
  happens(plot, { at, do: 'rename-source', system: id, source: `renamed-${id}` });
  plot.story = 'noise';
}

/** HR systems send again what was not answered: for minutes to six days. */
function sendAgain(plot: Plot): void {
  const sent = plot.actions.filter((action) => action.do === 'deliver').filter(({ receivedAt }) => receivedAt === undefined);
  if (sent.length === 0) return;
  const { delivery, at } = plot.throws.pick(sent);
  happens(plot, { at: at + plot.throws.pick([MINUTE, HOUR, DAY, 5 * DAY]), do: 'deliver', delivery, copies: 1 });
}

/** Part of the histories is calm: there every leaver must come to exactly what is right. */
function faultsOf(throws: Dice): Faults {
  if (throws.chance(0.5)) return NO_FAULTS;
  const often = () => throws.pick([0, 0, 0.003, 0.01, 0.03]);
  return {
    crash: often(),
    aws: often(),
    workfront: often(),
    duplicate: throws.pick([0, 0.05, 0.2]),
    skew: throws.pick([0, 0, 3 * SECOND]),
  };
}

function finished(plot: Plot, { seed, number, faults }: { seed: number; number: number; faults: Faults }): Scenario {
  return {
    seed,
    number,
    stories: [...new Set([...plot.people, ...plot.actions].map(({ story }) => story))],
    rules: plot.rules,
    systems: plot.systems,
    people: plot.people,
    attributes: plot.attributes,
    texts: plot.texts,
    issuers: plot.issuers,
    facts: plot.facts,
    accounts: plot.accounts,
    actions: plot.actions.toSorted((one, other) => one.at - other.at),
    faults,
    workers: 2,
    keepsAll: false,
    console: plot.hasConsole || plot.throws.chance(0.2) ? consoleOf(plot) : undefined,
  };
}
