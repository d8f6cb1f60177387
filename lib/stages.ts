import type { StageInput } from './stage.ts';

/** A system that signs the raw body with a shared secret: set the header, the encoding and the signed content as its manual says. */
const hmac = {
  scheme: {
    kind: 'hmac',
    header: 'x-signature',
    timestampHeader: 'x-timestamp',
    signed: '{timestamp}.{body}',
  },
} as const;

const standardWebhooks = { scheme: { kind: 'standard-webhooks' } } as const;

/**
 * The deployments. `npm run synth` uses `test`; choose another one by `-c stage=production`. The domains are examples: replace them
 * with yours. Secrets are not kept here: set them by the ops CLI after the first deployment.
 */
export const stages: Record<string, StageInput> = {
  test: {
    /** The preview sandbox: Workfront copies production onto it every weekend, API keys included. */
    workfront: { baseUrl: 'https://acme.preview.workfront.com' },
    sources: { 'standard-webhooks': standardWebhooks, hmac },
    throttle: { ratePerSecond: 20, burst: 50 },
    outcomeBus: 'default',
    dropResourcesOnDelete: true,
  },
  production: {
    workfront: { baseUrl: 'https://acme.my.workfront.com' },
    /** For example: `defaultTimeZone: 'Europe/Amsterdam'`, `customerId: '<32 hex>'`, `protected: ['boss@acme.test']`. */
    policy: {},
    sources: { 'standard-webhooks': standardWebhooks, hmac },
    /**
     * Add `reserveConcurrency: true` once the account's limit of concurrent runs is 200 or more (a new account may have 10).
     * Add `access` to limit who may reach the endpoint: docs/security.md.
     */
    throttle: { ratePerSecond: 20, burst: 50 },
    outcomeBus: 'default',
    /** Add `alarmEmail: 'on-call@acme.test'` to get alarms by e-mail, or subscribe to the topic in the stack's outputs. */
    dropResourcesOnDelete: false,
  },
};
