import type { AdminConsole, Removal } from '../../../lambda/domain/console-access/admin-console.ts';
import { consoleMessage, needsFollowUp } from '../../../lambda/domain/console-access/follow-up.ts';
import { accessToContinue } from '../../../lambda/domain/console-access/open-access.ts';
import { removeAccess } from '../../../lambda/domain/console-access/remove-access.ts';
import type { TurnEnd } from '../../../lambda/domain/deactivate/turn-end.ts';
import type { EventRef } from '../../../lambda/domain/event/leaver-message.ts';
import type { LedgerEntry } from '../../../lambda/domain/event/ledger-entry.ts';
import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import type { Desk } from '../../../lambda/domain/ports.ts';
import { ownsAt } from '../world/people.ts';
import { HOUR } from '../world/scenario.ts';
import { type Console, hasTrouble, nameOf, type Removed, schedule, send, type Turn, type Worker, type World } from '../world/world.ts';
import { call, type Fault } from './call.ts';

/** One turn of a worker at somebody's console access. @throws Error if the stage has no Console: then nobody sends a message for it */
export async function askConsole(
  world: World,
  { worker, turn, ref }: { worker: Worker; turn: Turn; ref: EventRef },
  desk: Desk,
): Promise<TurnEnd> {
  const { console } = world;
  if (console === undefined) throw new Error('the stage has no Console');
  const adminConsole = consolePort(world, { worker, turn }, console);
  const end = await removeAccess(ref, { ...desk, adminConsole, named: console.named });
  if (end.kind === 'wait') return { kind: 'wait', entry: undefined, code: end.code, seconds: end.seconds };
  return { kind: 'nothing-to-do', entry: undefined, why: end.kind === 'settled' ? end.record.status : end.why };
}

/** What the handler does about the Console after a turn: with an event at rest, and once a day with what is left. */
export async function followUp(
  world: World,
  { kind, entry }: { kind: Turn['kind']; entry: LedgerEntry | undefined },
  { ledger, clock }: Desk,
): Promise<void> {
  if (kind === 'sweep') for (const ref of await accessToContinue(ledger, clock())) send(world, consoleMessage(ref));
  if (kind === 'watch' || entry === undefined || !(await needsFollowUp(entry, ledger))) return;
  send(world, consoleMessage(entry));
}

/** The Admin Console as lambda/admin-console shows it to the core: it knows a person by an address. */
function consolePort(world: World, { worker, turn }: { worker: Worker; turn: Turn }, console: Console): AdminConsole {
  return {
    memberships: (address) =>
      call(world, worker, {
        what: `asks the Console about ${address}`,
        faultOf: () => faultIn(world, StageFailure),
        effect: () => {
          const person = personOf(world, address) ?? '';
          const direct = console.members.get(person);
          addLate(world, console, person);
          const user = { name: address, isAdobeId: false };
          return direct && { user, direct: [...direct], all: [...direct].flatMap((name) => [name, ...(console.comesWith[name] ?? [])]) };
        },
      }),
    remove({ user, names, testOnly }) {
      const person = personOf(world, user.name) ?? '';
      const removed: Removed = { event: nameOf(turn.message.body), person, names };
      if (!testOnly) {
        world.judge.removalBegins(world, turn, removed);
        console.removed.push(removed);
      }
      return call(world, worker, {
        what: `${testOnly ? 'checks' : 'REMOVES'} ${user.name} from ${names.join(', ')}`,
        isWrite: true,
        faultOf: () => faultIn(world, PermanentFailure),
        effect: () => remove(world, console, { ...removed, testOnly }),
      });
    },
  };
}

function personOf(world: World, address: string): string | undefined {
  const isIt = (id: number) => world.scenario.texts[id]?.toLowerCase() === address.toLowerCase();
  const attribute = world.attributes.find(({ id, kind }) => kind === 'address' && isIt(id));
  return attribute?.owners.findLast(({ person }) => ownsAt(attribute, person, world.now))?.person;
}

function addLate(world: World, { late, members, named }: Console, person: string): void {
  const direct = members.get(person);
  if (!late.delete(person) || direct === undefined || [...named.profiles, ...named.groups].some((name) => direct.has(name))) return;
  schedule(world, world.now + 3 * HOUR, () => direct.add(named.profiles[0] ?? ''));
}

function remove(world: World, console: Console, { person, names, testOnly }: Removed & { testOnly: boolean }): Removal {
  const direct = console.members.get(person);
  if (direct === undefined) return { kind: 'nobody' };
  if (names.some((name) => console.readOnly.includes(name))) return { kind: 'elsewhere', code: 'read-only-group', saw: 'not here' };
  if (testOnly) return { kind: 'accepted' };
  for (const name of names) {
    if (!direct.delete(name) || console.syncsAfter === undefined) continue;
    schedule(world, world.now + console.syncsAfter, () => direct.add(name));
  }
  return { kind: 'accepted' };
}

/** @param Refusal what is refused to a question about one person, or about all */
function faultIn(world: World, Refusal: typeof PermanentFailure | typeof StageFailure): Fault | undefined {
  const outage = () => new TransientFailure('console-unavailable', 'an outage');
  const throttled = () => new TransientFailure('console-throttled', 'too many calls', { retryAfterSeconds: 30 });
  const rejected = () => new CredentialFailure('console-rejected', 'credential refused');
  if (hasTrouble(world, 'console-outage')) return { failure: outage(), takesEffect: world.throws.chance(0.1) };
  if (hasTrouble(world, 'console-throttled')) return { failure: throttled(), takesEffect: false };
  if (hasTrouble(world, 'console-credentials')) return { failure: rejected(), takesEffect: false };
  if (!world.throws.chance(world.faults.workfront)) return undefined;
  const internal = () => new TransientFailure('console-internal', 'an error inside of Adobe');
  const failure = world.throws.pick([outage, throttled, rejected, internal, () => new Refusal('console-refused', 'not this person')])();
  return { failure, takesEffect: failure instanceof TransientFailure && world.throws.chance(0.5) };
}
