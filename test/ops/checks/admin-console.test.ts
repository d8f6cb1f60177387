import { describe, expect, it } from '@jest/globals';
import { adminConsoleSettings } from '../../../lambda/admin-console/settings.ts';
import { doubtAbout } from '../../../ops/checks/admin-console.ts';

const known = [
  { type: 'PRODUCT_PROFILE', groupName: 'Workfront', productName: 'Adobe Workfront - 1234' },
  { type: 'PRODUCT_PROFILE', groupName: 'All apps', productName: 'Creative Cloud' },
  { type: 'PRODUCT_PROFILE', groupName: 'Of an unknown product' },
  { type: 'USER_GROUP', groupName: 'WF-Users' },
  { type: 'USER_GROUP', groupName: 'Shared', isReadOnly: true },
];

describe('what doctor says of the names of the stage', () => {
  it.each([
    { what: 'a profile of another product', health: 'red', named: { profiles: ['Workfront', 'All apps'] }, saw: /Creative Cloud/ },
    { what: 'a group of another console', health: 'amber', named: { groups: ['Shared'] }, saw: /will be held/ },
  ])('is $health for $what', ({ health, named, saw }) => {
    expect(doubtAbout(adminConsoleSettings.parse(named), known)).toMatchObject({ health, saw: expect.stringMatching(saw) });
  });

  it.each([{ profiles: ['Workfront'], groups: ['WF-Users'] }, { profiles: ['Of an unknown product'] }, { profiles: ['On a later page'] }])(
    'is nothing for %j',
    (named) => {
      expect(doubtAbout(adminConsoleSettings.parse(named), known)).toBeUndefined();
    },
  );
});
