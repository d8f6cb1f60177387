import type { Command } from 'commander';
import * as z from 'zod';
import { TEST_ID } from '../../../lambda/domain/event/test-outcome.ts';
import { toInstant } from '../../../lambda/domain/time/time.ts';
import { cloudWatch } from '../../deployment/cloudwatch.ts';
import type { Deployment } from '../../deployment/deployment.ts';
import { functionSettings, isLocal } from '../../deployment/function-settings.ts';
import type { Session } from '../../session.ts';
import { newCommand } from '../../terminal/command.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { folded } from '../../terminal/folded.ts';
import { json } from '../../terminal/option-values.ts';
import { readOptions } from '../../terminal/read-options.ts';
import { printable } from '../../terminal/terminal.ts';
import { sentenceOf } from '../../terminal/trouble.ts';

/** What became of one of the two tests. */
interface Tried {
  test: 'alarm' | 'outcome';
  done: boolean;
  saw: string;
}

export function addNotify(program: Command, session: Session): void {
  const notify = program.command('notify').description('Tries who hears of alarms and outcomes.');
  newCommand(notify, 'test', {
    what:
      'Rings one alarm of the stage, which goes to everybody who hears of the alarms and is set back by CloudWatch, and lets the worker ' +
      'announce an outcome of nobody, marked as a test.',
    example: '--stage test notify test',
  }).action(async (raw: unknown) => {
    const options = readOptions(z.object({ json }), raw);
    const { terminal } = session;
    const deployment = await session.deployment();
    const by = await deployment.operator();
    const tried = [await tryAlarm(by, deployment), await tryOutcome(by, deployment)];
    if (options.json) await terminal.print(JSON.stringify(tried, null, 2));
    else {
      for (const { test, done, saw } of tried)
        for (const text of folded(printable(`${test.padEnd(8)} ${done ? 'sent    ' : 'NOT SENT'}  ${saw}`), {
          width: terminal.width,
          hang: 19,
        }))
          await terminal.print(text);
    }
    process.exitCode = tried.every(({ done }) => done) ? EXIT.done : EXIT.failed;
  });
}

/** Through the alarm itself, and not straight to its topic: so its action, the topic's policy and the key are tried too. */
async function tryAlarm(by: string, deployment: Deployment): Promise<Tried> {
  if (isLocal(deployment)) return { test: 'alarm', done: false, saw: 'the local system has no alarms' };
  try {
    const name = await cloudWatch(deployment).ringOnce(`A test by ${by}: nothing is wrong, and nobody has to do anything.`);
    if (name === undefined) return { test: 'alarm', done: false, saw: 'every alarm is on already; look at them with doctor' };
    return { test: 'alarm', done: true, saw: `${name} rings once; CloudWatch sets it back by itself within minutes` };
  } catch (failure) {
    return { test: 'alarm', done: false, saw: `${sentenceOf(failure)}; the test needs cloudwatch:SetAlarmState` };
  }
}

/** By the worker, as every outcome: so its right and the bus are tried. */
async function tryOutcome(by: string, deployment: Deployment): Promise<Tried> {
  const { OUTCOME_BUS: bus } = await functionSettings(deployment);
  if (bus === undefined)
    return { test: 'outcome', done: false, saw: 'the stage has no outcomeBus; set it in your file of stages, and deploy' };
  const eventId = `${TEST_ID}${crypto.randomUUID()}`;
  await deployment.queue.send({ kind: 'test-outcome', source: 'ops-test', eventId, at: toInstant(deployment.clock()), by });
  return { test: 'outcome', done: true, saw: `the worker announces event ${eventId} on ${bus}; if it cannot, the alarm unannounced rings` };
}
