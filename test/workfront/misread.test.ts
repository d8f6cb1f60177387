import { describe, expect, it } from '@jest/globals';
import { misread } from '../../lambda/workfront/refusals.ts';
import { parseAnswer, userStatesAnswer } from '../../lambda/workfront/wire.ts';

describe('an answer that only its reader recognizes', () => {
  it.each([
    ['unexpected-answer', 'question', 'StageFailure'],
    ['unexpected-answer', 'read', 'PermanentFailure'],
    ['too-large', 'write', 'PermanentFailure'],
    ['not-confirmed', 'write', 'PermanentFailure'],
  ] as const)('is a failure by the table: %s to a %s is a %s', (code, call, name) => {
    expect(misread(code, call, { line: 'expected this, got that' })).toMatchObject({
      name,
      code,
      message: expect.stringMatching(/^expected this, got that; [a-z]/),
    });
  });

  it.each([
    ['not-confirmed', 'question'],
    ['user-not-found', 'question'],
    ['not-found', 'write'],
  ] as const)('is a mistake of ours if the table has no such row: %s to a %s', (code, call) => {
    expect(() => misread(code, call, { line: 'x' })).toThrow(`the table of answers has no ${code} for a ${call}`);
  });

  it('is not what a mistake of ours in reading it is taken for', () => {
    const mistake = new TypeError('cannot read it');
    const body = {
      get data() {
        throw mistake;
      },
    };

    expect(() => parseAnswer(userStatesAnswer, body, { expected: 'users', call: 'question' })).toThrow(mistake);
  });
});
