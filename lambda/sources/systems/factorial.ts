import { mappedSystem } from '../mapped-system.ts';

/**
 * Factorial: docs/sources/factorial.md. Each subscription has an event type and a URL, and sends its challenge with every delivery; the body
 * is the employee.
 */
export const factorial = mappedSystem({
  scheme: { kind: 'bearer', header: 'x-factorial-wh-challenge', prefix: '' },
  preset: {
    effectiveDate: 'terminated_on',
    sourceId: 'id',
    email: 'email',
    givenName: 'first_name',
    familyName: 'last_name',
  },
});
