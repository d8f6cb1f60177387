import type { EventStatus } from '../../../lambda/domain/event/event-status.ts';
import type { Account } from '../world/accounts.ts';
import { type Attribute, employmentAt, type Fact, isLater, ownsAt, type Person } from '../world/people.ts';
import { DAY, MINUTE } from '../world/scenario.ts';
import { type Judged, type Known, type Order, type Sent, truthOf } from '../world/world.ts';

/** The longest back-off several times over, a schedule that is late, and a dead worker's lease. */
export const SOON = 45 * MINUTE;

/** Active users that play no part. */
export const OTHERS = 200;

/** Whether what a source says of a person's employment counts: HR does; an identity provider does only if no HR system has them. */
function hasAuthority(world: Judged, person: Person, system: string): boolean {
  return isHr(world, system) || person.employments.every((employment) => !isHr(world, employment.system));
}

const isHr = (world: Judged, system: string): boolean => world.systems.get(system)?.kind === 'hr';

/**
 * The last word of each source with authority that reached the product, in HR's own order.
 *
 * @param event what is being worked on: it is known, although its turn has not ended
 * @param askedAt what the product waits with counts if it was known before
 */
export function lastWords(
  world: Judged,
  person: Person,
  { announced = false, event, askedAt = Number.POSITIVE_INFINITY }: { announced?: boolean; event?: string; askedAt?: number },
): Fact[] {
  const last = new Map<string, Fact>();
  const count = (fact: Fact) => {
    if (fact.person !== person.id) return;
    const known = last.get(fact.system);
    if (known === undefined || isLater(fact, known)) last.set(fact.system, fact);
  };
  for (const { fact, how, waits, at } of world.known) {
    if ((how !== 'announced' || announced) && (!waits || at < askedAt)) count(fact);
  }
  if (event !== undefined) for (const { fact, says } of truthOf(world, event).labels) if (says !== 'something') count(fact);
  // Until HR speaks, an identity provider is all that the product has.
  const words = [...last.values()];
  const ofHr = words.filter(({ system }) => hasAuthority(world, person, system));
  return ofHr.length > 0 ? ofHr : words;
}

/**
 * Whether the event overtook, or was overtaken by, the last words of HR, all of them last days, and no two times of HR's say so: by the
 * order of receipt it is the last word itself.
 */
export function isInAnotherOrder(world: Judged, event: string, words: readonly Fact[]): boolean {
  const received = Date.parse(world.entries.get(event)?.receivedAt ?? '');
  const { labels } = truthOf(world, event);
  return words.every((word) => {
    const told = world.known.filter(({ fact, how }) => fact === word && how === 'delivery');
    const isBefore = told.some(({ toldAt }) => toldAt < received);
    return (
      word.says === 'ends' &&
      isBefore &&
      labels.some(({ fact, timed }) => fact.system === word.system && isLater(word, fact) && !(timed && told.every((one) => one.timed)))
    );
  });
}

/** Whether all words say that the person is gone by then; no word says nothing. */
export const sayGone = (words: readonly Fact[], at: number): boolean =>
  words.length > 0 && words.every(({ says, endsAt }) => says === 'ends' && endsAt <= at);

/** Whether an order to act at once still stands: a later last day does not take it back, only a word that the person stays. */
export function mustGoAtOnce(world: Judged, person: Person): boolean {
  const known = world.known
    .filter(({ fact }) => fact.person === person.id && hasAuthority(world, person, fact.system))
    .map(({ fact }) => fact);
  return known.some(
    (fact) =>
      fact.says === 'ends' &&
      fact.lastDay === undefined &&
      !known.some((other) => other.system === fact.system && other.says === 'stays' && isLater(other, fact)),
  );
}

export const ownerAt = ({ owners }: Account, at: number): string | undefined => owners.findLast(({ from }) => from <= at)?.person;

/** Whether an order covers a write: the operator saw this account with its present owner, and all that the product knows now. */
export function isCovered(world: Judged, sent: Sent, { owner, words }: { owner: string; words: readonly Fact[] }): boolean {
  return world.orders.some(
    (order) =>
      order.event === sent.event &&
      order.do === 'release' &&
      order.account === sent.account &&
      order.owner === owner &&
      isUpToDate(order, words),
  );
}

export const isUpToDate = ({ facts }: Order, words: readonly Fact[]): boolean => words.every(({ id }) => id === '' || facts.has(id));

/**
 * Whether nothing that reached the product tells the owner from the person meant: every attribute was the owner's too when it
 * came, the account is no younger than HR's word, and no accepted word about the owner sets them apart.
 */
export function isUnknowable(world: Judged, { event, account: id }: Sent, owner: Person): boolean {
  const account = world.accounts.get(id);
  const { labels, told, seen } = truthOf(world, event);
  if (account === undefined) return false;

  const isOwners = (attribute: number, at: number) => {
    const one = world.attributes[attribute];
    return one !== undefined && ownsAt(one, owner.id, at);
  };
  if (!told.every(({ attribute, at }) => isOwners(attribute, at))) return false;
  if (!seen.filter((one) => one.account === id).every(({ attribute, at }) => isOwners(attribute, at))) return false;
  const saidAt = labels.map(({ timed, fact }) => (timed ? fact.recordedAt : Number.POSITIVE_INFINITY));
  if (account.madeAt > Math.min(...saidAt, ...told.map(({ at }) => at))) return false;
  return !world.known.some(({ person, fact }) => person === owner.id && fact.says === 'stays');
}

/** How HR's last word stands to somebody who works: meant, or about an employment before the present one. */
export function standingOf(
  world: Judged,
  { person, account, words }: { person: Person; account: Account; words: readonly Fact[] },
): 'meant' | 'unknowable' | 'came-back' {
  const now = employmentAt(person, world.now);
  const recordedAt = Math.max(...words.map((fact) => fact.recordedAt));
  if (now === undefined || now.from <= recordedAt) return 'meant';
  const ended = Math.max(...words.map(({ endsAt }) => endsAt));
  const late = world.now - ended > (world.rules.staleAfterDays ?? 7) * DAY;
  return late && account.logins.some((at) => at > ended) ? 'came-back' : 'unknowable';
}

/** Whether an attribute that the product was told leads to the account, at some time since. */
export function leadsTo(world: Judged, account: Account, person: Person): boolean {
  const told = new Map<number, number>();
  const tell = (attributes: readonly number[], at: number) => {
    for (const attribute of attributes) told.set(attribute, Math.min(at, told.get(attribute) ?? Number.POSITIVE_INFINITY));
  };
  for (const known of world.known) if (known.person === person.id && isOfLeaving(known)) tell(known.attributes, known.at);
  return account.held.some(({ attribute, field, exact, to }) => {
    const since = told.get(attribute);
    return exact && since !== undefined && to > since && isSearched(world, world.attributes[attribute], field);
  });
}

const isOfLeaving = ({ fact, how }: Known): boolean => fact.says === 'ends' || how === 'answer';

/** Whether the stage's match keys search the field for that kind of attribute. */
function isSearched({ rules }: Judged, attribute: Attribute | undefined, field: string): boolean {
  const keys = rules.matchKeys ?? DEFAULT_KEYS;
  return keys.some((key) => key.field === field && FROM[key.from] === attribute?.kind);
}

const FROM: Readonly<Record<string, Attribute['kind']>> = { email: 'address', employeeNumber: 'number', ssoUsername: 'sso' };
const DEFAULT_KEYS = [
  { field: 'emailAddr', from: 'email' },
  { field: 'extRefID', from: 'employeeNumber' },
  { field: 'ssoUsername', from: 'ssoUsername' },
] as const;

const FINISHED: readonly EventStatus[] = [
  'deactivated',
  'already-inactive',
  'cancelled',
  'rescinded',
  'no-account',
  'would-deactivate',
  'rejected',
  'noted',
  'accepted',
  'undone',
];

export const isFinal = (status: EventStatus): boolean => FINISHED.includes(status);
