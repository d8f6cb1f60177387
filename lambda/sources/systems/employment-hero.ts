import { mappedSystem } from '../mapped-system.ts';

/**
 * Employment Hero Payroll: docs/sources/employment-hero.md. Its webhooks are those of Microsoft.AspNet.WebHooks: signature and envelope are
 * known from its source, the names of actions and fields are assumed.
 */
export const employmentHero = mappedSystem({
  scheme: { kind: 'hmac', header: 'ms-signature', prefix: 'sha256=' },
  preset: {
    events: 'Notifications',
    type: { path: 'Action', terminated: ['EmployeeTerminated'], rescinded: ['EmployeeReinstated'] },
    effectiveDate: 'EndDate',
    sourceId: 'EmployeeId',
    email: 'EmailAddress',
    givenName: 'FirstName',
    familyName: 'Surname',
  },
});
