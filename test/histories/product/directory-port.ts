import { CredentialFailure, PermanentFailure, StageFailure, TransientFailure } from '../../../lambda/domain/failures.ts';
import type { MatchKey, User, UserDirectory } from '../../../lambda/domain/ports.ts';
import type { Dice } from '../../support/dice.ts';
import { type Account, type Field, fieldsOf, place, setActive } from '../world/accounts.ts';
import { MINUTE, SECOND } from '../world/scenario.ts';
import {
  type Given,
  hasTrouble,
  isElsewhere,
  nameOf,
  type Sent,
  schedule,
  type Turn,
  truthOf,
  type Worker,
  type World,
} from '../world/world.ts';
import { call, type Fault } from './call.ts';

const CUSTOMER = 'c'.repeat(32);
const OTHER_CUSTOMER = 'e'.repeat(32);
/** Users that play no part: a tenant is never so small that one deactivation is a large share of it. */
const OTHERS = 200;

type DirectoryCall = 'owner' | 'search' | 'read' | 'count' | 'deactivate' | 'reactivate';

/** Workfront as lambda/workfront shows it to the core. */
export function directoryPort(world: World, worker: Worker, turn: Turn): UserDirectory {
  const ask = <T>(kind: DirectoryCall, { what, effect, account = '' }: { what: string; effect: () => T; account?: string }) =>
    call(world, worker, { what, effect, faultOf: () => faultIn(world, kind, account) });

  const show = (account: Account): User => {
    for (const [, { attribute }] of fieldsOf(account.fields)) notice(world, turn, { account: account.id, attribute });
    return userOf(world, account);
  };

  return {
    owner: () => ask('owner', { what: 'asks who it is', effect: () => ownerOf(world) }),
    find: (keys) =>
      ask('search', {
        what: `searches ${keys.map(({ field, value }) => `${field} ${value}`).join(' or ')}`,
        effect: () => search(world, keys).map(show),
      }),
    findByUsername: (value) =>
      ask('search', {
        what: `searches username ${value}`,
        effect: () =>
          search(world, [{ field: 'username', value }])
            .filter(({ isActive }) => isActive)
            .map(show),
      }),
    read: (userId) =>
      ask('read', {
        what: `reads user ${short(userId)}`,
        account: userId,
        effect: () => {
          const account = visible(world).find(({ id }) => id === userId);
          return account && show(account);
        },
      }),
    activeAdministrators: () =>
      ask('count', {
        what: 'counts administrators',
        effect: () => visible(world).flatMap(({ id, isAdmin, isActive }) => (isAdmin && isActive ? [id] : [])),
      }),
    whoIsActive: (userIds) =>
      ask('count', {
        what: `asks who of ${userIds.length} users is active`,
        effect: () => visible(world).flatMap(({ id, isActive }) => (isActive && userIds.includes(id) ? [id] : [])),
      }),
    countActiveUsersMadeOn: (day) =>
      ask('count', {
        what: `counts who was made on ${day}`,
        effect: () => visible(world).filter(({ isActive, madeAt }) => isActive && new Date(madeAt).toISOString().startsWith(day)).length,
      }),

    reactivate(userId, restores) {
      const event = turn.written === undefined ? 'none' : nameOf(turn.written);
      const given: Given = { event, account: userId, restores, at: world.now, changedAt: undefined };
      world.judge.givingBegins(world, turn, given);
      world.given.push(given);
      return call(world, worker, {
        what: `ACTIVATES user ${short(userId)} for ${event}`,
        isWrite: true,
        effect: () => giveBack(world, given),
        faultOf: () => {
          const fault = faultIn(world, 'reactivate', userId);
          if (hasTrouble(world, 'writes-late') && fault?.failure instanceof TransientFailure)
            schedule(world, world.now + 10 * SECOND + world.throws.int(4 * MINUTE), () => giveBack(world, given));
          return fault;
        },
      });
    },

    deactivate(userId) {
      const event = turn.written === undefined ? 'none' : nameOf(turn.written);
      const sent: Sent = {
        event,
        account: userId,
        at: world.now,
        askedAt: turn.intent?.at ?? world.now,
        changedAt: undefined,
        braked: false,
      };
      world.judge.writeBegins(world, turn, sent);
      world.sent.push(sent);
      if (turn.intent !== undefined) turn.intent.fate = 'doubtful';
      return call(world, worker, {
        what: `DEACTIVATES user ${short(userId)} for ${event}`,
        isWrite: true,
        effect: () => {
          land(world, sent);
          if (turn.intent !== undefined) turn.intent.fate = 'done';
          return { confirmedBy: 'answer' as const };
        },
        faultOf: () => {
          const fault = faultIn(world, 'deactivate', userId);
          if (hasTrouble(world, 'writes-late') && fault?.failure instanceof TransientFailure)
            schedule(world, world.now + 10 * SECOND + world.throws.int(4 * MINUTE), () => land(world, sent));
          if (fault?.failure instanceof PermanentFailure && fault.failure.code !== 'unexpected-answer' && turn.intent !== undefined)
            turn.intent.fate = isElsewhere(world) ? 'not sent' : 'refused';
          if (fault?.failure instanceof PermanentFailure) world.refusedWrites.push({ at: world.now, account: userId, event });
          return fault;
        },
        onDoubt: () => {
          if (turn.intent?.fate === 'done') turn.intent.fate = 'doubtful';
        },
      }).finally(() => world.writing.delete(event));
    },
  };
}

/** On a copy of the customer's Workfront a write takes effect there, and changes nothing here. */
function land(world: World, sent: Sent): void {
  const account = world.accounts.get(sent.account);
  if (account === undefined || account.deleted || isElsewhere(world)) return;
  if (account.isActive) {
    sent.changedAt = world.now;
    setActive(account, false, { at: world.now, by: 'product' });
  }
  world.judge.writeLands(world, sent);
}

function giveBack(world: World, given: Given): void {
  const account = world.accounts.get(given.account);
  if (account === undefined || account.deleted || isElsewhere(world)) return;
  place(account, given.restores, world.now);
  if (account.isActive) return;
  given.changedAt = world.now;
  setActive(account, true, { at: world.now, by: 'product' });
}

/** What the product read of an account, so that the judge knows what it could know. */
function notice(world: World, { written }: Turn, { account, attribute }: { account: string; attribute: number }): void {
  if (written === undefined) return;
  truthOf(world, nameOf(written)).seen.push({ account, attribute, at: world.now });
}

function visible(world: World): Account[] {
  if (hasTrouble(world, 'strange-customer')) return [];
  const hidden = hasTrouble(world, 'limited-sight') ? (world.trouble.get('limited-sight')?.accounts ?? []) : [];
  return [...world.accounts.values()].filter(({ id, deleted }) => !deleted && !hidden.includes(id));
}

function search(world: World, keys: readonly MatchKey[]): Account[] {
  const hits = visible(world).filter(({ fields }) => keys.some((key) => matches(fields[asField(key.field)]?.text, key)));
  const active = hits.filter(({ isActive }) => isActive);
  return (active.length > 0 ? active : hits).slice(0, 5);
}

const asField = (field: string): Field => (field === 'emailAddr' || field === 'username' || field === 'ssoUsername' ? field : 'extRefID');

const matches = (text: string | undefined, { field, value }: MatchKey): boolean =>
  field === 'extRefID' ? text === value : text?.toLowerCase() === value.toLowerCase();

function ownerOf(world: World) {
  const active = visible(world).filter(({ isActive }) => isActive).length;
  const seesEverybody = !hasTrouble(world, 'limited-sight');
  return { userId: world.me, customerId: customerOf(world), activeUsers: active + OTHERS, seesEverybody };
}

function userOf(world: World, { id, isActive, isAdmin, fields, lastLoginAt, madeAt, placement }: Account): User {
  const { emailAddr, username, ssoUsername, extRefID, firstName, lastName } = fields;
  return {
    id,
    isActive,
    isAdmin,
    customerId: customerOf(world),
    emailAddr: emailAddr?.text,
    username: username?.text,
    ssoUsername: ssoUsername?.text,
    extRefID: extRefID?.text,
    firstName: firstName?.text,
    lastName: lastName?.text,
    lastLoginAt: lastLoginAt === undefined ? undefined : new Date(lastLoginAt).toISOString(),
    madeAt: new Date(madeAt).toISOString(),
    displayName: undefined,
    customFields: {},
    ...(placement !== undefined && { placement }),
  };
}

function customerOf(world: World): string | undefined {
  if (hasTrouble(world, 'unnamed-customer')) return undefined;
  return hasTrouble(world, 'other-customer') || hasTrouble(world, 'strange-customer') ? OTHER_CUSTOMER : CUSTOMER;
}

/** What goes wrong with a call now: the trouble there is, else out of the blue. */
function faultIn(world: World, kind: DirectoryCall, account: string): Fault | undefined {
  const fault =
    troubleWith(world, kind, account) ?? (world.throws.chance(world.faults.workfront) ? randomFault(world.throws, kind) : undefined);
  if (fault?.failure instanceof PermanentFailure) world.refused.add(fault.failure.code);
  return fault;
}

function troubleWith(world: World, kind: DirectoryCall, account: string): Fault | undefined {
  if (world.trouble.size === 0) return undefined;
  const isWrite = kind === 'deactivate' || kind === 'reactivate';
  if (hasTrouble(world, 'outage'))
    return { failure: new TransientFailure('unavailable', 'an outage'), takesEffect: world.throws.chance(0.1) };
  if (hasTrouble(world, 'throttled')) return { failure: throttled(), takesEffect: false };
  if (hasTrouble(world, 'credentials')) return { failure: new CredentialFailure('refused', 'credential refused'), takesEffect: false };
  if (hasTrouble(world, 'blind') && kind === 'owner') return { failure: new CredentialFailure('blind', 'sees nobody'), takesEffect: false };
  if (hasTrouble(world, 'strange-customer') && isWrite)
    return { failure: new PermanentFailure('not-found', 'no such user'), takesEffect: false };
  if (hasTrouble(world, 'read-only') && isWrite)
    return { failure: new PermanentFailure('forbidden', 'may not edit users'), takesEffect: false };
  if ((hasTrouble(world, 'writes-lost') || hasTrouble(world, 'writes-late')) && isWrite)
    return { failure: new TransientFailure('timed-out', 'no answer'), takesEffect: false };
  if (hasTrouble(world, 'answers-lost') && isWrite) return { failure: new TransientFailure('timed-out', 'no answer'), takesEffect: true };
  if (hasTrouble(world, 'user-refused') && isWrite && world.trouble.get('user-refused')?.accounts.includes(account)) {
    return { failure: new PermanentFailure('forbidden', 'not this user'), takesEffect: false };
  }
  return undefined;
}

function randomFault(throws: Dice, kind: DirectoryCall): Fault {
  const Refusal = kind === 'read' || kind === 'deactivate' || kind === 'reactivate' ? PermanentFailure : StageFailure;
  const failure = throws.pick([
    new TransientFailure('timed-out', 'no answer'),
    new TransientFailure('reset', 'connection reset'),
    throttled(),
    new CredentialFailure('refused', 'credential refused'),
    new Refusal('unexpected-answer', 'neither yes nor no'),
  ]);
  // Who refuses a credential has done nothing.
  return { failure, takesEffect: !(failure instanceof CredentialFailure) && throws.chance(0.5) };
}

const throttled = () => new TransientFailure('throttled', 'too many calls', { retryAfterSeconds: 5 });

const short = (id: string): string => id.replace(/^0+/, '');
