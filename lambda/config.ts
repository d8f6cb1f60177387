import * as z from 'zod/mini';
import { parse, readJson } from './domain/parse.ts';
import { policy } from './domain/policy.ts';

/** A value that travels as JSON in one environment variable. */
export const json = <Schema extends z.core.$ZodType>(name: string, schema: Schema) =>
  z.pipe(
    z.string(),
    z.pipe(
      z.transform((text: string) => readJson(text, name)),
      schema,
    ),
  );

export const required = z.string().check(z.minLength(1));

const workerEnvironment = z.object({
  STAGE: required,
  POLICY: json('POLICY', policy),
  LEDGER_TABLE: required,
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
  /** How long an API key lives, for a warning before it ends; without it nobody is warned. */
  WORKFRONT_KEY_LIFETIME_DAYS: z.optional(z.pipe(required, z.pipe(z.transform(Number), z.number().check(z.gte(1))))),
  /** The event bus on which outcomes are announced; without it they are not. */
  OUTCOME_BUS: z.optional(required),
  /** Workfront calls in flight in one worker instance. */
  CALLS_IN_FLIGHT: z.pipe(required, z.pipe(z.transform(Number), z.number().check(z.int(), z.gte(1), z.lte(10)))),
});

/** @throws InvalidInput naming the first variable that is missing or wrong */
export const readWorkerConfig = (environment: NodeJS.ProcessEnv = process.env) => parse(workerEnvironment, environment, 'environment');

function isSafeBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.origin !== text.replace(/\/$/, '')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname));
}
