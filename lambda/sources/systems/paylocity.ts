import { mappedSystem } from '../mapped-system.ts';

/**
 * Paylocity's termination webhook: docs/sources/paylocity.md. It has no type, since each event has a webhook of its own, and it is sent on
 * the date ("Termination Webhooks", Paylocity developer documentation). Whoever is transferred gets a record in the other company, and the
 * old one ends as XT ("Employee Transfers").
 */
export const paylocity = mappedSystem({
  scheme: { kind: 'basic' },
  preset: {
    effectiveDate: 'employeeTerminationDate',
    withoutDate: 'now',
    sourceId: 'employeeId',
    email: 'employeeWorkEMailAddress',
    givenName: 'employeeFirstName',
    familyName: 'employeeLastName',
  },
  doubt: 'one-employment',
});
