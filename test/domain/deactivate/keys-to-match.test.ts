import { describe, expect, it } from '@jest/globals';
import { keysToMatch } from '../../../lambda/domain/deactivate/keys-to-match.ts';
import { aTermination } from '../../support/builders.ts';

const BY_NUMBER = [{ field: 'extRefID', from: 'employeeNumber' as const }];
const NO_KEY = 'the event has none of the match keys; ';

describe('the keys to match a leaver by', () => {
  it.each(['not-asked', 'confirmed', 'contradicts'] as const)('are those of the stage that the event has: HR %s', (heard) => {
    const event = aTermination({ employee: { email: 'ana@acme.test', employeeNumber: '10042' } });

    expect(keysToMatch(event, heard, BY_NUMBER)).toEqual([{ field: 'extRefID', value: '10042', from: 'employeeNumber' }]);
  });

  it.each([
    ['the event has none', { email: 'ana@acme.test' }, 'not-asked', `${NO_KEY}add a match key to the stage or the source`],
    [
      "the event has the HR system's own id alone, and HR cannot be asked",
      { sourceId: '7' },
      'not-asked',
      `${NO_KEY}it names the employee by the HR system's own id alone: let the source ask HR who that is, or say what Workfront knows the id as`,
    ],
    [
      'HR, asked, has none either',
      { sourceId: '7' },
      'confirmed',
      `${NO_KEY}HR has none either: check what the look-up credential may read, and the employee's record in HR`,
    ],
  ] as const)('are missing where %s, and the failure says what to do', (_, employee, heard, says) => {
    expect(() => keysToMatch(aTermination({ employee }), heard, BY_NUMBER)).toThrow(
      expect.objectContaining({ name: 'PermanentFailure', code: 'no-match-key', message: says }),
    );
  });

  const CHANGED = aTermination({ employee: { employeeNumber: '10042' }, unconfirmed: true });

  it('are not looked at where nobody says that anybody left', () => {
    expect(() => keysToMatch(CHANGED, 'not-asked', BY_NUMBER)).toThrow(
      expect.objectContaining({
        code: 'unconfirmed',
        message: 'HR said only that something about the employment changed; let the source ask HR, or look there yourself',
      }),
    );
  });

  it('count where HR, asked, says so', () => {
    expect(keysToMatch(CHANGED, 'confirmed', BY_NUMBER)).toEqual([{ field: 'extRefID', value: '10042', from: 'employeeNumber' }]);
  });
});
