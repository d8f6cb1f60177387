/** A failure that names itself by a code. Its message says what is wrong, then, behind a semicolon, what to do. */
abstract class Failure extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** May succeed later without a change by anyone: the event waits and is tried again. */
export class TransientFailure extends Failure {
  /** How long the other side asked us to wait, in seconds. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message: string, options?: ErrorOptions & { retryAfterSeconds?: number | undefined }) {
    super(code, message, options);
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}

/** The credential is refused, missing or blind: trouble of the whole stage, so every event waits. */
export class CredentialFailure extends Failure {}

/** Workfront refuses what it would refuse for everybody: trouble of the whole stage under its own name, so every event waits. */
export class StageFailure extends Failure {}

/** Concerns one event, and does not succeed without a change: it is recorded as failed, once it is known that no other is refused alike. */
export class PermanentFailure extends Failure {}

/** Data at a border is not as expected: the message says so in one line, without values. */
export class InvalidInput extends Failure {
  constructor(message: string, options?: ErrorOptions) {
    super('invalid-input', message, options);
  }
}

/** Another worker wrote the same record first: read it again and decide again. */
export class Contended extends Failure {
  constructor(what: string) {
    super('contended', `another worker wrote ${what} first; read it again`);
  }
}

/** The stage lets nothing through for now: a person paused it, or Workfront or the credential is known to be in trouble. */
export class Blocked extends Failure {
  /** When to try again, in seconds. */
  readonly retryAfterSeconds: number | undefined;
  /** Whether only a person can end it: such a time is not held against the event, however long it lasts. */
  readonly untilRepaired: boolean;
  /** Whether it is trouble of the whole stage: Workfront refuses everybody. */
  readonly stageTrouble: boolean;

  constructor(code: string, message: string, options?: { retryAfterSeconds?: number; untilRepaired?: boolean; stageTrouble?: boolean }) {
    super(code, message);
    this.retryAfterSeconds = options?.retryAfterSeconds;
    this.untilRepaired = options?.untilRepaired ?? false;
    this.stageTrouble = options?.stageTrouble ?? false;
  }
}

/** A failure that we know how to go on from. */
export type Foreseen = TransientFailure | CredentialFailure | StageFailure | PermanentFailure | Blocked;

export function isForeseen(failure: unknown): failure is Foreseen {
  return (
    failure instanceof TransientFailure ||
    failure instanceof CredentialFailure ||
    failure instanceof StageFailure ||
    failure instanceof PermanentFailure ||
    failure instanceof Blocked
  );
}

/** Whether a failure is none that we know how to go on from: the ledger cannot be reached, or there is a mistake in the code. */
export const isMistake = (failure: unknown): boolean => !isForeseen(failure);
