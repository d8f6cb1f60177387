import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../../local/command-line.mjs';
import { startFakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import { generateDirectory } from '../../local/workfront/users/population.ts';
import { openDeployed, SIGNING_SECRET, SOURCE } from '../aws-emulator/deployed.ts';
import { ACCOUNT, BRAKE, REGION, STAGE } from '../aws-emulator/emulator.ts';
import { grantAgain } from '../aws-emulator/grant-again.ts';
import { prove, type Run } from '../aws-emulator/prove.ts';
import { openShell, orThrow } from '../aws-emulator/shell.ts';
import { ASSEMBLY, unpackFixture, VERSION } from './fixture.ts';
import { formerCommands, PER_HOUR, placesOfData, upgradeStory } from './story.ts';

readCommandLine({ call: 'npm run test:upgrade --', options: {} });
await prove(upgradeOverData, { withinMs: 300_000 });

/** Deploys the former version, lets it leave events in every state, deploys what is here, and follows each event to its end. */
async function upgradeOverData({ emulator, signal, step, atTheEnd }: Run): Promise<void> {
  const workfront = await startFakeWorkfront({ directory: generateDirectory({ users: 500 }) });
  atTheEnd(workfront.close);
  const folder = mkdtempSync(join(tmpdir(), 'former-'));
  atTheEnd(async () => rmSync(folder, { recursive: true }));
  unpackFixture(folder, workfront.url);
  process.env[BRAKE] = String(PER_HOUR);
  const shell = openShell(emulator, workfront.url, signal);
  const cdk = async (...args: string[]) => orThrow(await shell.run('npx', ['cdk', ...args]), `cdk ${args[0]}`);
  const former = formerCommands(shell, folder);

  await step([
    `${VERSION} is deployed, and has its secrets`,
    async () => {
      const app = ['--app', join(folder, ASSEMBLY)];
      await cdk('bootstrap', `aws://${ACCOUNT}/${REGION}`);
      await cdk('deploy', ...app, '--all');
      await grantAgain();
      for (const [name, value] of Object.entries({ workfront: workfront.apiKey, [SOURCE]: SIGNING_SECRET }))
        orThrow(await former(['secret', 'set', name], value), `secret set ${name}`);
      return (await former(['--version'])).out.trim();
    },
  ]);
  const { before, after } = upgradeStory(await openDeployed(emulator, shell, signal), workfront);
  for (const one of before(former)) await step(one);
  await step([
    'what is here is deployed over it, and every resource that holds data stays',
    async () => {
      const places = await placesOfData();
      assert(places.length > 8);
      await cdk('deploy', '-c', `stage=${STAGE}`);
      assert.deepEqual(await placesOfData(), places);
      return `${places.length} resources`;
    },
  ]);
  for (const one of after) await step(one);
}
