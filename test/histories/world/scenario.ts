import type * as z from 'zod/mini';
import type { HrEvent } from '../../../lambda/domain/event/hr-event.ts';
import type { Placement } from '../../../lambda/domain/event/ledger-entry.ts';
import type { policy } from '../../../lambda/domain/policy.ts';
import type { AccountPlan, Field, Filled } from './accounts.ts';
import type { Attribute, Fact, Label, Person, System } from './people.ts';

/** Everything that happens in one history, as plain data: a part can be left out and the rest played again. */
export interface Scenario {
  seed: number;
  number: number;
  /** The stories told in it. */
  stories: readonly string[];
  rules: Rules;
  systems: readonly System[];
  people: readonly Person[];
  attributes: readonly Attribute[];
  /** What an attribute is written like; no judge reads it. */
  texts: readonly string[];
  /** The system that issued an attribute; undefined if it is the company's own (an address, a name). */
  issuers: readonly (string | undefined)[];
  facts: readonly Fact[];
  /** The first one owns the credential. */
  accounts: readonly AccountPlan[];
  actions: readonly Action[];
  faults: Faults;
  workers: number;
  /** For twin runs: nothing expires. */
  keepsAll: boolean;
  /** Undefined: the stage removes nobody in the Admin Console. */
  console: ConsolePlan | undefined;
}

/** The Adobe Admin Console as a history begins with it. */
export interface ConsolePlan {
  /** What the stage names; everything else in it is nobody's business. */
  named: { profiles: readonly string[]; groups: readonly string[] };
  members: readonly { person: string; direct: readonly string[] }[];
  /** Profiles that come with a group. */
  comesWith: Readonly<Record<string, readonly string[]>>;
  /** Groups that can be changed only elsewhere. */
  readOnly: readonly string[];
  /** Milliseconds after which a directory sync adds again whoever was removed. */
  syncsAfter: number | undefined;
  /** A directory sync adds these persons some hours after the Console was first asked about them, if they have nothing that is named. */
  late: readonly string[];
}

export type Rules = z.input<typeof policy>;

/** One event that HR sends. Sent again it is the same, but for the time of receipt. */
export interface Delivery {
  system: string;
  /** HR's own id of the event; without it the product knows the event by its content. */
  ownId: string | undefined;
  event: HrEvent;
  label: Label;
}

export type TroubleMode =
  | 'outage'
  | 'throttled'
  | 'credentials'
  | 'blind'
  /** A credential that may read and not write. */
  | 'read-only'
  | 'user-refused'
  /** A copy of the customer's Workfront in another customer. */
  | 'other-customer'
  /** Another customer's Workfront, which knows nobody. */
  | 'strange-customer'
  /** A copy, and its answers do not say which customer it is. */
  | 'unnamed-customer'
  /** The credential sees all users but some. */
  | 'limited-sight'
  /** Writes take effect, and the answer is lost. */
  | 'answers-lost'
  /** Writes time out and do not take effect. */
  | 'writes-lost'
  /** Writes time out, and take effect within minutes. */
  | 'writes-late'
  | 'console-outage'
  | 'console-throttled'
  | 'console-credentials'
  | 'hr-outage'
  | 'hr-throttled'
  | 'hr-credentials';

/** What happens, `at` milliseconds since the epoch; `story` says for whose sake. */
export type Action = { at: number; story: string } & (
  | { do: 'deliver'; delivery: Delivery; copies: number /** Received long before, and quarantined until now. */; receivedAt?: number }
  | { do: 'make-account'; account: AccountPlan }
  | { do: 'fill'; account: string; fields: Partial<Record<Field, Filled | undefined>> }
  | { do: 'hand-over'; account: string; to: string; fields: Partial<Record<Field, Filled | undefined>> }
  | { do: 'close' | 'open' | 'sync-opens' | 'delete' | 'log-in'; account: string }
  | { do: 'place'; account: string; placement: Placement }
  | { do: 'deploy'; rules: Partial<Rules>; why: string }
  | { do: 'rename-source'; system: string; source: string }
  | { do: 'trouble'; mode: TroubleMode; millis: number; accounts: readonly string[] }
  | { do: 'pause'; millis: number }
  | { do: 'release-brake' }
  /** An operator looks at all that is held, failed or without an account, and acts on what they saw `late` milliseconds later. */
  | { do: 'release-all' | 'replay-all' | 'replay-finished'; late: number; person?: string }
  /** An operator undoes what we did to a person: `rightly`, only if whoever uses the account works. */
  | { do: 'undo'; person: string; how: 'rightly' | 'whatever'; late: number }
  | { do: 'snapshot' | 'restore' }
);

/** Probabilities: of a crash, AWS error and Workfront failure per call, of a duplicate per message received. */
export interface Faults {
  crash: number;
  aws: number;
  workfront: number;
  duplicate: number;
  /** Milliseconds by which the workers' clocks may differ. */
  skew: number;
}

export const NO_FAULTS: Faults = { crash: 0, aws: 0, workfront: 0, duplicate: 0, skew: 0 };

/** When every history begins. */
export const START = Date.parse('2026-11-24T12:00:00Z');

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
