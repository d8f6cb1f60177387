import type { StageInput } from '../../lib/stage.ts';

const sources = {
  'standard-webhooks': { scheme: { kind: 'standard-webhooks' } },
  hmac: { scheme: { kind: 'hmac', header: 'x-signature', timestampHeader: 'x-timestamp', signed: '{timestamp}.{body}' } },
} satisfies StageInput['sources'];

/** Two stages for tests, so that no test depends on the examples or on an operator's own file. */
export const exampleStages = {
  test: {
    workfront: { baseUrl: 'https://acme.preview.workfront.com' },
    sources,
    throttle: { ratePerSecond: 20, burst: 50 },
    outcomeBus: 'default',
    dropResourcesOnDelete: true,
  },
  production: {
    workfront: { baseUrl: 'https://acme.my.workfront.com' },
    policy: {},
    sources,
    throttle: { ratePerSecond: 20, burst: 50 },
    outcomeBus: 'default',
    dropResourcesOnDelete: false,
  },
} satisfies Record<string, StageInput>;
