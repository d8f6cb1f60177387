import type { SystemName } from '../../lambda/sources/systems/registry.ts';

/** Systems that can be asked with nothing but a credential. */
export const ASKED: readonly SystemName[] = ['finch', 'hibob', 'personio'];

/** Systems that only say that something changed. */
export const SAYS_NOTHING: readonly SystemName[] = ['entra', 'finch'];

/** Systems of which people are found by the system's own id only if Workfront has it. */
export const BY_ID: readonly SystemName[] = ['dayforce', 'deel', 'gusto', 'remote', 'rippling', 'successfactors', 'ukg-pro'];

/** Systems whose termination ends one record of a person who may have another: without a look-up it is held. */
export const ENDS_ONE: readonly SystemName[] = [
  'adp',
  'bamboohr',
  'dayforce',
  'deel',
  'gusto',
  'merge',
  'paylocity',
  'personio',
  'remote',
  'rippling',
  'successfactors',
  'ukg-pro',
];

/** A setting that only the customer knows; the page of the system says more. */
export const EXAMPLES: Partial<Record<SystemName, object>> = {
  adp: { scheme: { kind: 'bearer' } },
  canonical: { scheme: { kind: 'standard-webhooks' } },
  entra: { lookUp: { tenantId: '00000000-0000-0000-0000-000000000000' } },
  'ukg-pro': { scheme: { kind: 'hmac', header: 'X-UKG-Signature', encoding: 'base64' } },
  workday: {
    settings: {
      mapping: {
        type: { path: 'event', terminated: ['Termination'], rescinded: ['Rescind Termination'] },
        id: 'transactionId',
        effectiveDate: 'lastDayOfWork',
        employeeNumber: 'worker.employeeId',
        email: 'worker.emails[0].address',
      },
    },
  },
};
