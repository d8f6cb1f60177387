import { InvalidInput } from '../lambda/domain/failures.ts';
import { parse } from '../lambda/domain/parse.ts';
import { type Stage, type StageInput, stagesFile } from './stage.ts';

/** A system that signs the raw body with a shared secret: set header, encoding and what is signed as its manual says. */
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
 * The deployments. `npm run synth` takes `test`; another one is chosen by `-c stage=production`.
 * The domains are examples: put in your own. The secrets' values are not here: set them by the ops CLI after the first deployment.
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
    throttle: { ratePerSecond: 20, burst: 50 },
    /**
     * Once the account's limit of concurrent runs is 200 or more (a new account's may be 10): `reserveConcurrency: true`.
     * Who may reach the endpoint at all: `access`, in docs/security.md.
     */
    outcomeBus: 'default',
    /** For example: `alarmEmail: 'on-call@acme.test'`. Without an address, subscribe to the topic in the stack's outputs. */
    dropResourcesOnDelete: false,
  },
};

/** Whether a stage still has an address that this file came with. */
export const isExample = ({ workfront }: Stage): boolean => new URL(workfront.baseUrl).hostname.startsWith('acme.');

/**
 * The stage of that name, with every default filled in.
 *
 * @throws InvalidInput one line that names the wrong place in this file, or the stage that is not in it
 */
export function readStage(name: string, all: unknown = stages): Stage {
  const parsed = parse(stagesFile, { stages: all }, 'lib/stages.ts').stages;
  const stage = Object.hasOwn(parsed, name) ? parsed[name] : undefined;
  if (stage !== undefined) return stage;

  throw new InvalidInput(`stage: expected ${Object.keys(parsed).join(' or ')}, got ${JSON.stringify(name)}, see lib/stages.ts`);
}
