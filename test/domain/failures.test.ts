import { describe, expect, it } from '@jest/globals';
import { Blocked, Contended, CredentialFailure, InvalidInput, PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';

const cause = new Error('socket hang up');

describe('a failure', () => {
  it.each([
    { fails: () => new TransientFailure('timeout', 'got none', { cause }), code: 'timeout', name: 'TransientFailure' },
    { fails: () => new CredentialFailure('refused', 'got 401', { cause }), code: 'refused', name: 'CredentialFailure' },
    { fails: () => new PermanentFailure('forbidden', 'got 403', { cause }), code: 'forbidden', name: 'PermanentFailure' },
    { fails: () => new InvalidInput('expected a name', { cause }), code: 'invalid-input', name: 'InvalidInput' },
  ])('names itself in a log, and keeps its cause: $name', ({ fails, code, name }) => {
    expect(fails()).toMatchObject({ code, name, cause });
  });

  it('of two who write the same says what to do', () => {
    expect(new Contended('event acme-hr/evt-1')).toMatchObject({
      code: 'contended',
      message: 'another worker wrote event acme-hr/evt-1 first; read it again',
    });
  });

  it('of a stage that lets nothing through passes by itself, unless it says otherwise', () => {
    const blocked = [new Blocked('open', 'no'), new Blocked('paused', 'no', { untilRepaired: true, retryAfterSeconds: 5 })];

    expect(blocked.map(({ untilRepaired, retryAfterSeconds, stageTrouble }) => [untilRepaired, retryAfterSeconds, stageTrouble])).toEqual([
      [false, undefined, false],
      [true, 5, false],
    ]);
  });
});
