import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { PermanentFailure } from '../../lambda/domain/failures.ts';
import { parseJson } from '../../lambda/domain/parse.ts';
import { policy } from '../../lambda/domain/policy.ts';
import type { Found } from './deployment.ts';

const environmentFile = z.looseObject({
  LEDGER_TABLE: z.string(),
  LEAVER_QUEUE_URL: z.string(),
  DEAD_LETTER_QUEUE_URL: z.string(),
  QUARANTINE_QUEUE_URL: z.string(),
  SCHEDULE_GROUP: z.string(),
  WORKFRONT_SECRET_ID: z.string(),
  WEBHOOKS_URL: z.string(),
  SOURCES: z.string(),
  POLICY: z.string(),
});

/** Of a source, as far as ops need it: the name of its secret. */
const sources = z.record(z.string(), z.looseObject({ secretId: z.string() }));

/**
 * The system that `npm start` runs on this machine. Its settings go into the environment of this process, so that the SDK
 * finds it and nothing of the developer's own.
 *
 * @throws PermanentFailure `no-local-system`
 */
export function findLocalSystem(dataDir: string): Found {
  const file = join(dataDir, 'environment.json');
  const environment = parseJson(environmentFile, readText(file), file);
  Object.assign(process.env, environment);
  return {
    name: 'local',
    region: undefined,
    places: {
      webhooksUrl: environment.WEBHOOKS_URL,
      ledgerTable: environment.LEDGER_TABLE,
      leaverQueueUrl: environment.LEAVER_QUEUE_URL,
      deadLetterQueueUrl: environment.DEAD_LETTER_QUEUE_URL,
      quarantineQueueUrl: environment.QUARANTINE_QUEUE_URL,
      scheduleGroup: environment.SCHEDULE_GROUP,
      workfrontSecret: environment.WORKFRONT_SECRET_ID,
      sourceSecrets: Object.fromEntries(
        Object.entries(parseJson(sources, environment.SOURCES, `SOURCES of ${file}`)).map(([name, { secretId }]) => [name, secretId]),
      ),
      workerFunction: undefined,
    },
    operator: async () => `local:${userInfo().username}`,
    policy: async () => parseJson(policy, environment.POLICY, `POLICY of ${file}`),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new PermanentFailure('no-local-system', `expected ${file} of a local system, found none, run npm start first`);
  }
}
