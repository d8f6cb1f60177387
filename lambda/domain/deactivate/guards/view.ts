import type { TerminationEvent } from '../../event/hr-event.ts';
import type { EventRef } from '../../event/leaver-message.ts';
import type { Release, Sighting } from '../../event/ledger-entry.ts';
import type { LeaverKey, Match } from '../../person/leaver-match.ts';
import type { Word } from '../../person/person-record.ts';
import type { Policy } from '../../policy.ts';
import type { CredentialOwner, User } from '../../ports.ts';

/** All that a guard may look at. Guards are pure: same view, same answer. */
export interface GuardView {
  source: string;
  /** The event, with what HR added to it when it was asked. */
  event: TerminationEvent;
  /** RFC 3339, as are the next two. */
  effectiveAt: string;
  /** When HR recorded the termination. */
  recordedAt: string;
  receivedAt: string;
  /** Match keys of the event under the rules of its source. */
  keys: readonly LeaverKey[];
  match: Match;
  /** The user meant: the one that a person chose, else the first match. */
  user: User;
  /** A person chose the user. */
  chosen: boolean;
  owner: CredentialOwner;
  /** The Workfront customer that this stage is pinned to. */
  pinnedCustomerId: string | undefined;
  /** Who matched before the termination was due. */
  sighted: Sighting | undefined;
  /** Those of them that are active and match no more. */
  strayed: readonly User[];
  /** Whether the user is called in no way as they were when they were sighted. */
  handedOver: boolean;
  /** How many active users were made on the day on which this one was; known only if that matters. */
  madeThatDay: number | undefined;
  /** What HR said against the termination when it was asked. */
  hrDoubt: string | undefined;
  perhapsRescindedBy: readonly Word[];
  signsOfLife: readonly Word[];
  /** Terminations of the same person by other sources that are still to come. */
  laterElsewhere: readonly { ref: EventRef; effectiveAt: string }[];
  /** The first last day of a later word that replaces nothing. */
  lastDayElsewhere: string | undefined;
  /** Events with another date of the same person; nothing tells which HR recorded last. */
  contradictedBy: readonly EventRef[];
  /** Users who were the person: other terminations closed them, or tried to, or they have what HR issued and an address led elsewhere. */
  closed: readonly string[];
  /** Administrators who stay; known only if the user is one. */
  administratorsLeft: number | undefined;
  policy: Policy;
  /** When an equal event that this one may only repeat was finished, or received if it is still open, RFC 3339. */
  repeats: string | undefined;
  /** From which guards a person released the event, and for what. */
  released: readonly Release[];
  /** The user that the event was held with, if version 0.1 recorded a release without what it was for. */
  heldWith: string | undefined;
  /** Milliseconds since the epoch. */
  now: number;
}

/** A rule that can hold an event for a person. */
export interface Guard {
  name: string;
  /** What it saw, if it holds; ids and facts, nothing personal. */
  saw: (view: GuardView) => string | undefined;
  /** What a release is good for: this user, this answer of HR, these rescissions. */
  of: (view: GuardView) => string;
  /** What a release does, for the person who must decide. */
  releasing: string;
  /** Whether a release may skip it at all. */
  releasable: boolean;
  /** `match` guards are asked before anything is concluded of the user found, `write` guards only before the write. */
  before: 'match' | 'write';
  /** Whether it speaks of the user found: it is not asked while nobody can tell which user is meant. */
  aboutUser: boolean;
}

export const ofUser = ({ user }: GuardView): string => `user ${user.id}`;

export const nameOf = ({ source, eventId }: EventRef): string => `${source}/${eventId}`;

export const ofEvents = (refs: readonly EventRef[]): string => refs.map(nameOf).sort().join(', ');
