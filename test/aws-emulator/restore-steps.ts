import assert from 'node:assert/strict';
import { DynamoDBClient, RestoreTableToPointInTimeCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { openDeployment } from '../../ops/deployment/deployment.ts';
import { openDeployed } from './deployed.ts';
import { type Emulator, REGION, RESTORED, STAGE } from './emulator.ts';
import { orThrow, type Shell } from './shell.ts';
import type { Step, Story } from './story.ts';

const TABLE = 'ledger-restored';
const DAY_MS = 24 * 60 * 60_000;
const checks = z.array(z.object({ check: z.string(), health: z.string(), saw: z.string() }));
const statusShown = z.object({ paused: z.object({ by: z.string(), reason: z.string() }) });

/** The ledger is restored to an earlier time, and the stage goes on with the restored table: nothing is done twice. */
export function restoreSteps({ system, workfront, termination, rescission, isActive }: Story, surroundings: Surroundings): Step[] {
  const { shell, emulator, signal } = surroundings;
  return [
    [
      'the ledger is restored to a time before a rescission and a deactivation',
      async () => {
        const at = new Date(Date.now() + DAY_MS).toISOString();
        await system.becomes(await system.accepted(termination(30, { at }), 'msg_taken-back'), 'scheduled');
        const { places } = await openDeployment({ stage: STAGE, region: REGION, data: '' });
        // The emulator copies the table as it is now: from here on, the copy forgets.
        await new DynamoDBClient().send(
          new RestoreTableToPointInTimeCommand({
            SourceTableName: places.ledgerTable,
            TargetTableName: TABLE,
            UseLatestRestorableTime: true,
          }),
        );
        await system.becomes(await system.accepted(rescission(30), 'msg_forgotten'), 'rescinded');
        await system.becomes(await system.accepted(termination(31), 'msg_forgotten-too'), 'deactivated');
        return TABLE;
      },
    ],
    [
      'the stage goes on with the restored table: paused, and then nothing is done twice',
      async () => {
        const writes = workfront.calls.changingWrites;
        orThrow(await shell.run('env', [`${RESTORED}=${TABLE}`, 'npx', 'cdk', 'deploy', '-c', `stage=${STAGE}`]), 'cdk deploy');
        const restored = await openDeployed(emulator, shell, signal);
        await restored.accepted(termination(31), 'msg_forgotten-too');
        const { paused } = await restored.until({
          what: 'pause',
          seconds: 30,
          ask: async () => statusShown.safeParse(JSON.parse((await restored.ops(['status', '--json'])).out)).data ?? { paused: undefined },
          isGood: (status) => status.paused !== undefined,
        });
        assert.match(paused?.reason ?? '', /restored table ledger-restored/);
        const { out } = await restored.ops(['doctor', '--json']);
        const found = checks.parse(JSON.parse(out)).find(({ check }) => check === 'restored ledger');
        // The emulator restores more than DynamoDB does: what it leaves out is in test/ops/checks/restored-table.test.ts
        assert(found !== undefined);

        // HR sends again what came since then, and a person resumes
        await restored.becomes(await restored.accepted(rescission(30), 'msg_forgotten'), 'rescinded');
        orThrow(await restored.ops(['resume', '--reason', 'HR sent again', '--yes']), 'resume');
        await restored.becomes('msg_forgotten-too', 'already-inactive');
        await restored.becomes('msg_taken-back', 'cancelled');
        assert.equal(isActive(30), true);
        assert.equal(workfront.calls.changingWrites, writes);
        return 'after HR sent again and a person resumed, nothing was written';
      },
    ],
  ];
}

interface Surroundings {
  shell: Shell;
  emulator: Emulator;
  signal: AbortSignal;
}
