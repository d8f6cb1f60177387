import { expect, it } from '@jest/globals';
import { PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { asWireFailure } from '../../lambda/workfront/trouble.ts';

it.each<[string, unknown, string, string]>([
  ['of the network', Object.assign(new Error('to 10.0.0.1'), { code: 'ENOTFOUND' }), 'unreachable', 'ENOTFOUND'],
  ['without a code', new Error('to 10.0.0.1'), 'unreachable', 'an unknown error'],
  ['that is not an object', 'reset', 'unreachable', 'an unknown error'],
  ['that is null', null, 'unreachable', 'an unknown error'],
])('trouble %s is named by its code and kept as the cause', (_, cause, code, got) => {
  const failure = asWireFailure(cause);

  expect(failure).toBeInstanceOf(TransientFailure);
  expect(failure).toMatchObject({ code, message: `expected to reach Workfront, got ${got}; wait, then check the base URL`, cause });
});

it('trouble of unpacking is named by its code and kept as the cause', () => {
  const cause = Object.assign(new Error('incorrect header check'), { code: 'Z_DATA_ERROR' });

  expect(asWireFailure(cause)).toMatchObject({
    code: 'not-json',
    message: 'expected gzip from Workfront, got other bytes (Z_DATA_ERROR); wait and try again',
    cause,
  });
});

it.each([new TransientFailure('timed-out', 'expected'), new PermanentFailure('too-large', 'expected')])('$name is not changed', (cause) => {
  expect(asWireFailure(cause)).toBe(cause);
});
