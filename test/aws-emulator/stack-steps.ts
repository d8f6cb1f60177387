import assert from 'node:assert/strict';
import { CloudFormationClient, DescribeStacksCommand, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { DeleteScheduleGroupCommand, ListScheduleGroupsCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { DeleteSecretCommand, ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { REFUSED } from './emulator.ts';
import type { Shell } from './shell.ts';
import type { Step } from './story.ts';

const STACK = 'workfront-offboarding-production';
const GROUP = /^workfrontoffboardingproduction-/;

/** A stage that keeps its data: a first deployment that fails, one that is repeated, and one after a destroy. */
export function stackSteps(shell: Shell): Step[] {
  const clouds = new CloudFormationClient();
  const secretsManager = new SecretsManagerClient();
  const scheduler = new SchedulerClient();
  const cdk = (command: 'deploy' | 'destroy', ...more: string[]) =>
    shell.run('env', [...more, 'npx', 'cdk', command, '-c', 'stage=production', ...(command === 'destroy' ? ['--force'] : [])]);

  const statusOf = async () => (await clouds.send(new DescribeStacksCommand({ StackName: STACK }))).Stacks?.[0]?.StackStatus;
  const unprotect = () => clouds.send(new UpdateTerminationProtectionCommand({ StackName: STACK, EnableTerminationProtection: false }));
  const secrets = async () => {
    const { SecretList = [] } = await secretsManager.send(new ListSecretsCommand({ MaxResults: 100 }));
    return SecretList.flatMap(({ Name = '' }) => (Name.startsWith(`${STACK}/`) ? [Name] : []));
  };
  const groups = async () => {
    const { ScheduleGroups = [] } = await scheduler.send(new ListScheduleGroupsCommand({}));
    return ScheduleGroups.flatMap(({ Name = '' }) => (GROUP.test(Name) ? [Name] : []));
  };

  return [
    [
      'a first deployment that fails is rolled back, and keeps no name',
      async () => {
        const { code, out, err } = await cdk('deploy', `${REFUSED}=1`);
        assert.notEqual(code, 0);
        assert.match(out + err, /already exists/);
        assert.equal(await statusOf(), 'ROLLBACK_COMPLETE');
        assert.deepEqual([await secrets(), await groups()], [[], []]);
        return 'ROLLBACK_COMPLETE, no secret and no group of schedules';
      },
    ],
    [
      'it is repeated when its protection is taken away',
      async () => {
        const refused = await cdk('deploy');
        assert.notEqual(refused.code, 0);
        assert.match(refused.out + refused.err, /TerminationProtection is enabled/);
        await unprotect();
        assert.equal((await cdk('deploy')).code, 0);
        assert.equal(await statusOf(), 'CREATE_COMPLETE');
        assert.equal((await secrets()).length, 3);
        return 'CREATE_COMPLETE';
      },
    ],
    [
      'after a destroy its data stay, and it is deployed again when the names are free',
      async () => {
        const before = await secrets();
        await unprotect();
        assert.equal((await cdk('destroy')).code, 0);
        assert.deepEqual(await secrets(), before);

        // On AWS a kept name stops the deployment, and the new ledger has another name; the emulator gives a stack what is there.
        for (const SecretId of before) await secretsManager.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
        for (const Name of await groups()) await scheduler.send(new DeleteScheduleGroupCommand({ Name }));
        assert.equal((await cdk('deploy')).code, 0);
        assert.equal(await statusOf(), 'CREATE_COMPLETE');
        return `${before.length} secrets stayed; then CREATE_COMPLETE`;
      },
    ],
  ];
}
