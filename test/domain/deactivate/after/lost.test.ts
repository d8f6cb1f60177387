import { describe, expect, it } from '@jest/globals';
import { changedSince, lostOf } from '../../../../lambda/domain/deactivate/after/lost.ts';
import type { Placement } from '../../../../lambda/domain/event/ledger-entry.ts';
import { guid } from '../../../support/builders.ts';

const [BEFORE, SINCE] = [guid(0xa1), guid(0xb1)];

// An operator reads the first before an undo; the second is what the undo gives back. They must not say different things.
describe.each([
  { what: 'has it no more', before: BEFORE, now: undefined, changed: true, given: true },
  { what: 'has something else now', before: BEFORE, now: SINCE, changed: true, given: false },
  { what: 'has the same still', before: BEFORE, now: BEFORE, changed: false, given: false },
  { what: 'got it only since', before: undefined, now: SINCE, changed: false, given: false },
  { what: 'never had it', before: undefined, now: undefined, changed: false, given: false },
])('of a user who $what,', ({ before, now, changed, given }) => {
  const placements: [Placement, Placement] = [
    { managerID: before, roleID: guid(0xa4) },
    { managerID: now, roleID: guid(0xa4) },
  ];

  it(`the field ${changed ? 'is' : 'is not'} among those that changed`, () => {
    expect(changedSince(...placements)).toEqual(changed ? [{ field: 'managerID', before, now }] : []);
  });

  it(`the field ${given ? 'is' : 'is not'} given back`, () => {
    expect(lostOf(...placements)).toEqual(given ? { managerID: before } : {});
  });
});

describe('a user without a memory of what they had', () => {
  it('changed nothing and gets nothing', () => {
    expect(changedSince(undefined, { managerID: SINCE })).toEqual([]);
    expect(lostOf(undefined, { managerID: SINCE })).toEqual({});
  });

  it('lost everything if Workfront shows nothing of it now', () => {
    expect(lostOf({ managerID: BEFORE, roleID: SINCE }, undefined)).toEqual({ managerID: BEFORE, roleID: SINCE });
  });
});
