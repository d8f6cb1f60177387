import * as z from 'zod/mini';
import { adminConsoleSettings } from './admin-console/settings.ts';
import { parse } from './domain/parse.ts';
import { policy } from './domain/policy.ts';
import { json, required, withSettings } from './environment.ts';
import { lookUpConfigs } from './sources/look-ups/registry.ts';

const workerEnvironment = z.object({
  STAGE: required,
  POLICY: json('POLICY', policy),
  LEDGER_TABLE: required,
  /** The stage's own table, if the ledger is another one that was restored from it. */
  LEDGER_RESTORED_FROM: z.optional(required),
  LEAVER_QUEUE_URL: required,
  LEAVER_QUEUE_ARN: required,
  DEAD_LETTER_QUEUE_URL: required,
  SCHEDULE_GROUP: required,
  SCHEDULE_ROLE_ARN: required,
  SCHEDULE_DEAD_LETTER_ARN: required,
  WORKFRONT_SECRET_ID: required,
  /** `https://<host>`, without `/attask`; http only for loopback. */
  WORKFRONT_BASE_URL: required.check(z.refine(isSafeBaseUrl, 'an https origin such as https://acme.my.workfront.com')),
  WORKFRONT_API_VERSION: required.check(z.regex(/^v\d{1,2}\.0$/, 'an API version such as v21.0')),
  /** How long an API key is valid, for a warning before it expires. Without it there is no warning. */
  WORKFRONT_KEY_LIFETIME_DAYS: z.optional(z.pipe(required, z.pipe(z.transform(Number), z.number().check(z.gte(1))))),
  /** The event bus for outcomes. Without it they are not announced. */
  OUTCOME_BUS: z.optional(required),
  /** The sources whose HR system is asked. Default: none. */
  LOOK_UPS: z._default(json('LOOK_UPS', lookUpConfigs), {}),
  /** The prefix of the names of the look-ups' secrets; the name of the source follows. */
  LOOK_UP_SECRETS: z._default(z.string(), ''),
  /** A stand-in for all HR systems, as in the local system. Only on loopback. */
  LOOK_UP_STAND_IN: z.optional(required.check(z.refine(isLoopback, 'an http origin on loopback'))),
  /** Which profiles and groups leavers lose in the Adobe Admin Console. Without it nothing is asked there. */
  ADMIN_CONSOLE: z.optional(json('ADMIN_CONSOLE', adminConsoleSettings)),
  /** The secret for it. */
  ADMIN_CONSOLE_SECRET_ID: z._default(z.string(), ''),
  /** Workfront calls in flight in one worker instance. */
  CALLS_IN_FLIGHT: z.pipe(required, z.pipe(z.transform(Number), z.number().check(z.int(), z.gte(1), z.lte(10)))),
});

/** Reads the worker's environment and settings. @throws InvalidInput that names the first variable that is missing or wrong */
export const readWorkerConfig = (environment: NodeJS.ProcessEnv = process.env) =>
  parse(workerEnvironment, withSettings(environment), 'environment');

function isSafeBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.origin !== text.replace(/\/$/, '')) return false;
  return url.protocol === 'https:' || isLoopback(text);
}

function isLoopback(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
}
