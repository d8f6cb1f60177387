import { expect, it } from '@jest/globals';
import { comparedFields } from '../../lambda/workfront/directory.ts';

it.each([
  { fields: ['emailAddr', 'extRefID'], customFields: [], extraFields: [] },
  { fields: ['DE:Employee ID', 'emailAddr', 'DE:Personnel No'], customFields: ['DE:Employee ID', 'DE:Personnel No'], extraFields: [] },
  { fields: ['ssoUsername', 'DE:Employee ID'], customFields: ['DE:Employee ID'], extraFields: ['ssoUsername'] },
  { fields: [], customFields: [], extraFields: [] },
])('beside the usual fields, match keys on $fields need custom fields $customFields and $extraFields', ({ fields, ...expected }) => {
  expect(comparedFields(fields.map((field) => ({ field, from: 'employeeNumber' as const })))).toEqual(expected);
});
