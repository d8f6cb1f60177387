import type { Employee } from '../../../lambda/domain/event/hr-event.ts';
import { CredentialFailure, PermanentFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import type { HrRecord, HrSystems } from '../../../lambda/domain/ports.ts';
import { employmentAt, type Fact, isLater, type Kind, ownsAt, type Person, type System } from '../world/people.ts';
import { DAY, START } from '../world/scenario.ts';
import { hasTrouble, nameOf, type Turn, truthOf, type Worker, type World } from '../world/world.ts';
import { call, type Fault } from './call.ts';

/** The look-ups of the HR systems: each answers from what it has on record at that moment. */
export function hrPort(world: World, worker: Worker, turn: Turn): HrSystems {
  return {
    canBeAsked: (source) => world.sources.get(source)?.canBeAsked === true,
    ask: (source, sourceId) =>
      call(world, worker, {
        what: `asks HR (${source}) about ${sourceId}`,
        effect: () => answer(world, turn, { system: world.sources.get(source), sourceId }),
        faultOf: () => faultIn(world),
      }),
  };
}

function answer(world: World, turn: Turn, { system, sourceId }: { system: System | undefined; sourceId: string }): HrRecord | undefined {
  if (system === undefined) return undefined;
  const at = world.now - system.lag;
  const person = [...world.people.values()].find(({ id }) => textOf(world, { person: id, kind: 'hr-id', system, at }) === sourceId);
  if (person === undefined) return undefined;

  const fact = latestFact(world, { person, system, at });
  const attributes = attributesOf(world, { person: person.id, system, at });
  const known = {
    person: person.id,
    fact,
    attributes: attributes.map(({ id }) => id),
    at: world.now,
    toldAt: world.now,
    how: 'answer' as const,
    timed: true,
    waits: false,
  };
  turn.answers.push(known);
  // Who only compares acts on nothing: the answer ends in a finding.
  if (turn.kind !== 'compare') world.known.push(known);
  if (turn.written !== undefined) {
    truthOf(world, nameOf(turn.written)).told.push(...known.attributes.map((attribute) => ({ attribute, at: world.now })));
  }
  return { employee: employeeOf(world, attributes), ...standingOf(person, fact, at) };
}

function standingOf(person: Person, fact: Fact, at: number): Omit<HrRecord, 'employee'> {
  if (fact.says === 'stays') {
    const began = fact.recordedAt <= START ? undefined : employmentAt(person, at)?.from;
    return { standing: 'employed', lastDay: undefined, startedOn: began === undefined ? undefined : dayOf(began) };
  }
  const lastDay = fact.lastDay === undefined ? undefined : { date: fact.lastDay };
  const over = fact.lastDay === undefined ? fact.endsAt : Date.parse(fact.lastDay) + DAY;
  return { standing: at < over ? 'employed' : 'left', lastDay, startedOn: undefined };
}

/** The last word of HR's own that its look-up shows; without one the person is employed since ever. */
function latestFact(world: World, { person, system, at }: { person: Person; system: System; at: number }): Fact {
  let latest: Fact = {
    id: '',
    person: person.id,
    system: system.id,
    recordedAt: Number.NEGATIVE_INFINITY,
    says: 'stays',
    endsAt: Number.POSITIVE_INFINITY,
    lastDay: undefined,
  };
  for (const fact of world.scenario.facts) {
    if (fact.person === person.id && fact.system === system.id && fact.recordedAt <= at && isLater(fact, latest)) latest = fact;
  }
  return latest;
}

function attributesOf(world: World, { person, system, at }: { person: string; system: System; at: number }) {
  return world.attributes.filter((attribute) => ownsAt(attribute, person, at) && isOf(world, attribute.id, system));
}

/** A number or id of another system is not this one's to tell. */
function isOf(world: World, attribute: number, system: System): boolean {
  const owner = world.scenario.issuers[attribute];
  return owner === undefined || owner === system.id;
}

function textOf(
  world: World,
  { person, kind, system, at }: { person: string; kind: Kind; system: System; at: number },
): string | undefined {
  const attribute = attributesOf(world, { person, system, at }).find((one) => one.kind === kind);
  return attribute && world.scenario.texts[attribute.id];
}

function employeeOf(world: World, attributes: readonly { id: number; kind: Kind }[]): Employee {
  const employee: Employee = {};
  for (const { id, kind } of attributes) {
    const text = world.scenario.texts[id];
    if (text === undefined) continue;
    if (kind === 'address') employee.email = text;
    if (kind === 'number') employee.employeeNumber = text;
    if (kind === 'hr-id') employee.sourceId = text;
    if (kind === 'given') employee.givenName = text;
    if (kind === 'family') employee.familyName = text;
  }
  return employee;
}

function faultIn(world: World): Fault | undefined {
  const failure = troubleNow(world);
  if (failure === undefined) return undefined;
  if (failure instanceof PermanentFailure) world.refused.add(failure.code);
  return { failure, takesEffect: false };
}

function troubleNow(world: World): Error | undefined {
  const outage = () => new TransientFailure('hr-unavailable', 'an outage');
  const throttled = () => new TransientFailure('hr-throttled', 'too many calls', { retryAfterSeconds: 5 });
  const refused = () => new CredentialFailure('hr-credential-refused', 'credential refused');
  if (hasTrouble(world, 'hr-outage')) return outage();
  if (hasTrouble(world, 'hr-throttled')) return throttled();
  if (hasTrouble(world, 'hr-credentials')) return refused();
  if (!world.throws.chance(world.faults.workfront)) return undefined;
  return world.throws.pick([outage, throttled, refused, () => new PermanentFailure('hr-forbidden', 'not this employee')])();
}

const dayOf = (millis: number): string => new Date(millis).toISOString().slice(0, 10);
