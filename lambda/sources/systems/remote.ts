import { mappedSystem } from '../mapped-system.ts';

/**
 * Remote.com: docs/sources/remote.md. It signs body and time, in milliseconds ("Verifying webhooks using signatures", Remote API
 * documentation). An employment there may end because the person gets another contract.
 */
export const remote = mappedSystem({
  scheme: { kind: 'hmac', header: 'X-Remote-Signature', timestampHeader: 'X-Remote-Timestamp', signed: '{body}:{timestamp}' },
  preset: {
    type: { path: 'event_type', terminated: ['offboarding.completed', 'employment.user_status.deactivated'] },
    sourceId: 'employment_id',
  },
  doubt: 'one-employment',
});
