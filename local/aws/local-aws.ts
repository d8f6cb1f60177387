import { join } from 'node:path';
import { ACCOUNT, CREDENTIALS, REGION } from './account.ts';
import { claimDirectory } from './directory-claim.ts';
import { startLocalLedger } from './ledger.ts';
import { startLocalQueues } from './queues.ts';
import { startLocalSchedules } from './schedules.ts';
import { startLocalSecrets } from './secrets.ts';

export interface LocalAws {
  /** The variables that the deployed functions get from AWS, and the endpoints for the SDK. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

const GROUP = 'offboarding';

/**
 * Starts everything of AWS that the functions and the ops commands use, on free ports of 127.0.0.1, kept in one directory. After a
 * kill at any moment, the next start goes on with everything that was acknowledged.
 *
 * @param secrets the first values by name, kept in `secrets.json` (mode 600); a value that is already there wins
 * @param visibilitySeconds how long a message that a worker received stays hidden from the others
 * @param onError called if the scheduler cannot send a message; it tries again
 * @throws PermanentFailure `directory-in-use` if another process uses the directory; see also directory-failure.ts
 */
export async function startLocalAws({
  dataDir,
  secrets,
  visibilitySeconds = 60,
  onError = () => undefined,
}: {
  dataDir: string;
  secrets: Record<string, string>;
  visibilitySeconds?: number;
  onError?: (error: unknown) => void;
}): Promise<LocalAws> {
  const parts: { close(): Promise<void> }[] = [claimDirectory(dataDir)];
  const started = async <Part extends { close(): Promise<void> }>(starting: Promise<Part>): Promise<Part> => {
    const part = await starting;
    parts.unshift(part);
    return part;
  };
  const close = async () => {
    for (const part of parts.splice(0)) await part.close();
  };

  try {
    const ledger = await started(startLocalLedger({ dataDir: join(dataDir, 'ledger') }));
    const queues = await started(startLocalQueues({ dataDir: join(dataDir, 'queues'), visibilitySeconds }));
    const secretsManager = await started(startLocalSecrets({ dataDir, initial: secrets }));
    const scheduler = await started(startLocalSchedules({ dataDir, group: GROUP, sqsEndpoint: queues.endpoint, onError }));

    return {
      close,
      environment: {
        ...isolation(dataDir),
        AWS_ENDPOINT_URL_SQS: queues.endpoint,
        AWS_ENDPOINT_URL_DYNAMODB: ledger.endpoint,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.endpoint,
        AWS_ENDPOINT_URL_SCHEDULER: scheduler.endpoint,
        LEDGER_TABLE: ledger.table,
        LEAVER_QUEUE_URL: queues.leaver.url,
        LEAVER_QUEUE_ARN: queues.leaver.arn,
        DEAD_LETTER_QUEUE_URL: queues.deadLetter.url,
        QUARANTINE_QUEUE_URL: queues.quarantine.url,
        SCHEDULE_GROUP: GROUP,
        SCHEDULE_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/offboarding-scheduler`,
        SCHEDULE_DEAD_LETTER_ARN: queues.deadLetter.arn,
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Keeps the SDK away from the developer's own profiles, credentials and settings. */
function isolation(dataDir: string): Record<string, string> {
  return {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: '',
    // A profile in the environment would win over the keys.
    AWS_PROFILE: '',
    AWS_CONFIG_FILE: join(dataDir, 'no-aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: join(dataDir, 'no-aws-credentials'),
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
    AWS_USE_FIPS_ENDPOINT: 'false',
    AWS_USE_DUALSTACK_ENDPOINT: 'false',
  };
}
