/** The kinds of attribute by which a person can be known; only the first three lead to an account in Workfront. */
export type Kind = 'address' | 'number' | 'sso' | 'hr-id' | 'given' | 'family';

/**
 * Something that a person has or had, without its text: two persons may own one value at once (a shared mailbox) or one after
 * the other (an address that is used again), and two attributes may have equal texts (numbers of two companies).
 */
export interface Attribute {
  id: number;
  kind: Kind;
  owners: { person: string; from: number; to: number }[];
}

/** From the first instant of work to the last, in milliseconds; `to` is Infinity while there is no end. */
export interface Employment {
  system: string;
  from: number;
  to: number;
}

/** How the operator who looks after a person's held events acts. */
export interface Operator {
  how: 'rightly' | 'releases' | 'rejects' | 'never';
  /** Milliseconds from the hold to the look, and from the look to the order. */
  looksAfter: number;
  late: number;
}

/** What is true of a person, whatever HR says. */
export interface Person {
  id: string;
  story: string;
  /** Part of the ordinary population, whose holds are counted. */
  ordinary: boolean;
  employments: Employment[];
  operator: Operator;
}

/**
 * What an HR system has on record of a person: `ends` with the instant from which access may end, or `stays`. A later
 * `recordedAt` is HR's later word.
 */
export interface Fact {
  id: string;
  person: string;
  system: string;
  recordedAt: number;
  says: 'ends' | 'stays';
  endsAt: number;
  /** The last day that a look-up shows, if the fact has one. */
  lastDay: string | undefined;
}

/** Hidden from the product: who and what a delivery is about, and which attributes it carries. */
export interface Label {
  person: string;
  fact: Fact;
  attributes: readonly number[];
  /** `something`: a word that something changed, which says the fact only to those who ask HR. */
  says: 'ends' | 'stays' | 'something';
  /** Whether the delivery carries HR's own time. */
  timed: boolean;
  /** Whether HR can be asked about who it names. */
  askable: boolean;
}

/** An HR system or identity provider, with its own way of telling. */
export interface System {
  id: string;
  /** The name of its source in the product; a deployment may change it. */
  source: string;
  kind: 'hr' | 'identity-provider';
  /** Attributes that its deliveries carry. */
  carries: readonly Kind[];
  ownIds: boolean;
  times: 'milliseconds' | 'minutes' | 'days' | 'none' | 'sometimes';
  /** Tells only that something changed; the product must ask. */
  thin: boolean;
  canBeAsked: boolean;
  /** Milliseconds by which its look-up lags behind its own records. */
  lag: number;
}

export const employmentAt = ({ employments }: Person, at: number): Employment | undefined =>
  employments.find(({ from, to }) => from <= at && at < to);

/** When the last employment that has begun ended; undefined while one goes on. */
export function goneSince(person: Person, at: number): number | undefined {
  if (employmentAt(person, at) !== undefined) return undefined;
  const past = person.employments.filter(({ to }) => to <= at).map(({ to }) => to);
  return past.length === 0 ? undefined : Math.max(...past);
}

export const ownsAt = ({ owners }: Attribute, person: string, at: number): boolean =>
  owners.some((owner) => owner.person === person && owner.from <= at && at < owner.to);

/** HR's order: by when it was recorded. */
export const isLater = (one: Fact, other: Fact): boolean =>
  one.recordedAt > other.recordedAt || (one.recordedAt === other.recordedAt && one.id > other.id);
