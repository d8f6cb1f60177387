import { expect, it } from '@jest/globals';
import { PermanentFailure, TransientFailure } from '../../lambda/domain/failures.ts';
import { translated } from '../../lambda/workfront/trouble.ts';

it.each<[string, unknown, string, string]>([
  ['of the network', Object.assign(new Error('to 10.0.0.1'), { code: 'ENOTFOUND' }), 'unreachable', 'ENOTFOUND'],
  ['without a code', new Error('to 10.0.0.1'), 'unreachable', 'an unknown error'],
  ['that is no object', 'reset', 'unreachable', 'an unknown error'],
  ['that is null', null, 'unreachable', 'an unknown error'],
])('trouble %s is told by its code and kept as the cause', (_, cause, code, came) => {
  const failure = translated(cause);

  expect(failure).toBeInstanceOf(TransientFailure);
  expect(failure).toMatchObject({ code, message: `expected to reach workfront, got ${came}, wait and check the base url`, cause });
});

it('trouble of unpacking is told by its code and kept as the cause', () => {
  const cause = Object.assign(new Error('incorrect header check'), { code: 'Z_DATA_ERROR' });

  expect(translated(cause)).toMatchObject({
    code: 'not-json',
    message: 'expected gzip from workfront, got bytes that are not (Z_DATA_ERROR), wait and try again',
    cause,
  });
});

it.each([new TransientFailure('timed-out', 'expected'), new PermanentFailure('too-large', 'expected')])('$name stays as it is', (cause) => {
  expect(translated(cause)).toBe(cause);
});
