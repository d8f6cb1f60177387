import type * as z from 'zod/mini';
import type { HrEvent } from '../../lambda/domain/event/hr-event.ts';
import type { policy } from '../../lambda/domain/policy.ts';
import type { User } from '../../lambda/domain/ports.ts';
import type { HrFact, HrTrouble } from './hr.ts';

/** Everything that happens in one history, as plain data: a part can be left out and the rest played again. */
export interface Scenario {
  seed: number;
  number: number;
  rules: z.input<typeof policy>;
  /** The first one owns the credential. */
  users: readonly User[];
  actions: readonly Action[];
  faults: Faults;
  workers: number;
}

/** One delivery of HR, as the receiver puts it on the queue. Delivered again it is the same but for the time. */
export interface Delivery {
  source: string;
  eventId: string;
  digest: string;
  event: HrEvent;
}

export type TroubleMode = 'trouble' | 'throttled' | 'credentials' | 'blind' | 'user-refused' | 'other-tenant';

/** What HR, operators, people in Workfront and the world do; `at` in milliseconds from the start. */
export type Action = { at: number } & (
  | { do: 'deliver'; delivery: Delivery; copies: number }
  /** An operator looks at an event in a status that allows it, and acts on what they saw `late` milliseconds later. */
  | { do: 'release' | 'replay' | 'reject' | 'cancel'; which: number; user: number; late: number; copies: number; recheck: boolean }
  | { do: 'release-brake' }
  | { do: 'pause'; millis: number }
  | { do: 'deploy'; dryRun: boolean }
  | { do: 'reactivate' | 'deactivate-by-hand' | 'log-in' | 'make-administrator'; user: number }
  | { do: 'change-user'; user: number; changes: Partial<User> }
  | { do: 'hr-says'; sourceId: string; fact: HrFact }
  | { do: 'hr-trouble'; mode: HrTrouble; millis: number }
  | { do: 'trouble'; mode: TroubleMode; user: number; millis: number }
);

/** Probabilities: of a crash, AWS error and Workfront failure per call, of a duplicate per message received. */
export interface Faults {
  crash: number;
  aws: number;
  workfront: number;
  duplicate: number;
}

export const NO_FAULTS: Faults = { crash: 0, aws: 0, workfront: 0, duplicate: 0 };

/** When every history begins: in winter, so that no zone used changes its clock within reach. */
export const START = Date.parse('2026-11-24T12:00:00Z');
