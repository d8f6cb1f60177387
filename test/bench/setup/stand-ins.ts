import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAws } from '../../../local/aws/local-aws.ts';
import { type FakeWorkfront, startFakeWorkfront } from '../../../local/workfront/fake-workfront.ts';
import { pickLeavers } from '../../../local/workfront/users/population.ts';

export const SOURCE = 'standard-webhooks';
export const SOURCE_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const SOURCE_SECRET_ID = `bench/source/${SOURCE}`;
const WORKFRONT_SECRET_ID = 'bench/workfront';
const API_KEY = 'bench-api-key';

/** The highest limits that the policy allows, for measurements of up to 500 deactivations. */
export const NO_BRAKE = { brake: { perHour: 500, shareOfActivePerDay: 1 } };

export interface StandIns {
  /** The environment of the deployed functions and of the peers. */
  environment: Record<string, string>;
  workfront: FakeWorkfront;
  close(): Promise<void>;
}

/** Starts AWS and Workfront of the local system in this process, for functions in other processes. */
export async function startStandIns({ users, policy = {} }: { users: number; policy?: object }): Promise<StandIns> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-'));
  const secrets = { [SOURCE_SECRET_ID]: SOURCE_SECRET, [WORKFRONT_SECRET_ID]: JSON.stringify({ kind: 'api-key', apiKey: API_KEY }) };
  const aws = await startLocalAws({ dataDir, secrets });
  const workfront = await startFakeWorkfront({ users, apiKey: API_KEY });
  return {
    workfront,
    environment: {
      ...aws.environment,
      STAGE: 'bench',
      SOURCES: JSON.stringify({ [SOURCE]: { scheme: { kind: 'standard-webhooks' }, secretId: SOURCE_SECRET_ID } }),
      PEER_SECRET_ID: SOURCE_SECRET_ID,
      POLICY: JSON.stringify(policy),
      WORKFRONT_SECRET_ID,
      WORKFRONT_BASE_URL: workfront.url,
      WORKFRONT_API_VERSION: 'v21.0',
      CALLS_IN_FLIGHT: '2',
    },
    async close() {
      await workfront.close();
      await aws.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}

/** E-mail addresses of people who could leave, without characters that a simple program may not handle. */
export function plainAddresses({ directory }: FakeWorkfront, count: number): string[] {
  const leavers = pickLeavers(directory, Math.floor(directory.all().length * 0.8));
  const plain = leavers.flatMap(({ emailAddr }) => (emailAddr !== null && /^[a-z0-9.-]+@/.test(emailAddr) ? [emailAddr] : []));
  if (plain.length < count) throw new Error(`only ${plain.length} of ${count} leavers exist; start with more users`);
  return plain.slice(0, count);
}
