import { readFileSync } from 'node:fs';
import { readCommandLine } from '../../local/command-line.mjs';
import { startFakeWorkfront } from '../../local/workfront/fake-workfront.ts';
import { generateDirectory } from '../../local/workfront/users/population.ts';
import { callsStep } from './calls-step.ts';
import { deliverySteps, laterStep, rescindedStep, scheduledStep } from './delivery-steps.ts';
import { openDeployed, SIGNING_SECRET, SOURCE } from './deployed.ts';
import { STAGE } from './emulator.ts';
import { grantAgain } from './grant-again.ts';
import { commandsOf, type GuideCommand } from './guide.ts';
import { logsStep, operatorSteps } from './operator-steps.ts';
import { prove, type Run } from './prove.ts';
import { restoreSteps } from './restore-steps.ts';
import { openShell } from './shell.ts';
import { stackSteps } from './stack-steps.ts';
import { POPULATION, tellStory } from './story.ts';
import { troubleSteps } from './trouble-steps.ts';

/** The limit of the whole run, with the installation of the emulator on a fresh machine. */
const WITHIN_MS = 600_000;

/** The run types its commands in order, and compares their output with it. */
const GUIDE = 'docs/deploy.md';

readCommandLine({ call: 'npm run test:aws --', options: {} });
await prove(proveAll, { withinMs: WITHIN_MS });

async function proveAll({ emulator, signal, step, atTheEnd }: Run): Promise<void> {
  const workfront = await startFakeWorkfront({ directory: generateDirectory(POPULATION) });
  atTheEnd(workfront.close);
  const shell = openShell(emulator, workfront.url, signal);
  const secrets = { workfront: workfront.apiKey, [SOURCE]: SIGNING_SECRET, hmac: 'another secret for the emulator alone' };
  for (const command of commandsOf(readFileSync(GUIDE, 'utf8'))) {
    await step([`${GUIDE}: ${command.line}`, () => shell.follow(command, secrets)]);
    if (isDeployment(command)) await grantAgain();
  }
  const system = await openDeployed(emulator, shell, signal);
  const story = tellStory(system, workfront);
  await step(scheduledStep(story));
  await step([
    'a second deployment of the same commit changes nothing',
    async () => {
      const { code, out, err } = await shell.run('npx', ['cdk', 'deploy', '-c', `stage=${STAGE}`]);
      if (code !== 0 || !(out + err).includes('(no changes)'))
        throw new Error('the second deployment changed something; see what cdk printed');
      return 'no changes';
    },
  ]);
  const steps = [
    ...deliverySteps(story),
    rescindedStep(story),
    ...troubleSteps(story),
    ...operatorSteps(story),
    laterStep(story),
    logsStep(story),
    callsStep(shell),
    ...restoreSteps(story, { shell, emulator, signal }),
    ...stackSteps(shell),
  ];
  for (const one of steps) await step(one);
}

/** Whether the command deploys the stack. */
function isDeployment({ line, exit }: GuideCommand): boolean {
  return line.startsWith('npx cdk deploy') && exit === 0;
}
