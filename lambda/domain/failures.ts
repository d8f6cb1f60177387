/** A failure that names itself by a code; its message says what was expected, what it got and what to do. */
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

/** The credential is refused, missing or blind: trouble of the whole system, so every event waits. */
export class CredentialFailure extends Failure {}

/** Will not succeed without a change: the event is recorded as failed and can be replayed. */
export class PermanentFailure extends Failure {}

/** Data at a border is not what was expected: the message says, in one line and without values, what was. */
export class InvalidInput extends Failure {
  constructor(message: string, options?: ErrorOptions) {
    super('invalid-input', message, options);
  }
}

/** Somebody else wrote the same record first: read it again and decide again. */
export class Contended extends TransientFailure {
  constructor(what: string) {
    super('contended', `expected to write ${what}, another worker wrote it first, read it again`);
  }
}

/** The stage lets nothing through for now: a person paused it, or Workfront or the credential is known to be in trouble. */
export class Blocked extends TransientFailure {
  /** Whether only a person can end it: such a time is not held against the event, however long it lasts. */
  readonly untilRepaired: boolean;

  constructor(code: string, message: string, options?: { retryAfterSeconds?: number; untilRepaired?: boolean }) {
    super(code, message, options);
    this.untilRepaired = options?.untilRepaired ?? false;
  }
}
