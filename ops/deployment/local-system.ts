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

/** The part of a source that ops needs: the name of its secret. */
const sources = z.record(z.string(), z.looseObject({ secretId: z.string() }));

/**
 * Finds the system that `npm start` runs on this machine. Puts its settings into the environment of this process, so that the SDK finds
 * this system, and not the developer's own AWS account.
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
      stack: undefined,
      ledgerRestoredFrom: undefined,
      alarmTopic: undefined,
      workerFunction: undefined,
    },
    operator: async () => `local:${userInfo().username}`,
    objective: async () => undefined,
    policy: async () => parseJson(policy, environment.POLICY, `POLICY of ${file}`),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new PermanentFailure(
      'no-local-system',
      `no local system has its data in this directory: ${file} is missing; run npm start first`,
    );
  }
}
