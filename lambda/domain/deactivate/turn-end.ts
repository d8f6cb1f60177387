import type { LedgerEntry } from '../event/ledger-entry.ts';

/** How a turn at a message ended: the message may be deleted, or goes back to the queue for some seconds. */
export type TurnEnd =
  /** The event reached a status in which nothing is to be done now. */
  | { kind: 'settled'; entry: LedgerEntry }
  /** The event was settled before: a redelivery, or an operator's order that came too late. */
  | { kind: 'nothing-to-do'; entry: LedgerEntry | undefined; why: string }
  | {
      kind: 'wait';
      entry: LedgerEntry | undefined;
      code: string;
      seconds: number;
      /** The credential is refused, missing or blind: every event waits until a person repairs it. */
      credentialTrouble?: true;
      /** Workfront refuses everybody alike: every event waits until a person repairs it. */
      stageTrouble?: true;
    };
