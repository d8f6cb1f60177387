import type { Command } from 'commander';
import * as z from 'zod';
import { type BrakeRecord, brakeRecord } from '../../lambda/domain/stage/brake.ts';
import { releaseBrake } from '../../lambda/domain/stage/stage-orders.ts';
import { changeRecord, STAGE_KEYS } from '../../lambda/domain/stage/stage-state.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { actNow } from '../orders/act.ts';
import { brakeLines, brakeSummary, logLines } from '../orders/brake-summary.ts';
import { selected } from '../orders/selection.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { DEFAULT_WAIT, reason, waitSeconds } from './release-reject-cancel-replay.ts';

const releaseOptions = z.object({
  json: z.boolean().optional(),
  reason,
  events: z.boolean().optional(),
  yes: z.boolean().optional(),
  wait: waitSeconds,
});

export function addBrake(program: Command, session: Session): void {
  const brake = program.command('brake').description('The stop on too many deactivations.');
  addStatus(brake, session);
  addReleaseBrake(brake, session);
}

function addStatus(brake: Command, { deployment, terminal, again }: Session): void {
  newCommand(brake, 'status', {
    what: 'Shows whether it is latched, how full its windows are, and who released it before.',
    example: '--local brake status',
  }).action(async (raw: unknown) => {
    const { json } = readOptions(z.object({ json: z.boolean().optional() }), raw);
    const summary = await brakeSummary(await deployment());
    if (json) await terminal.print(JSON.stringify(summary, null, 2));
    else for (const line of [...brakeLines(summary, again), ...logLines(summary.log)]) await terminal.print(line);
    process.exitCode = summary.latched === undefined && summary.held === 0 ? EXIT.done : EXIT.attention;
  });
}

function addReleaseBrake(brake: Command, session: Session): void {
  newCommand(brake, 'release', {
    what: 'Unlatches the brake and empties its windows: as many as the limits say may follow. What it holds stays held without --events.',
    example: '--local brake release --events --reason "the site in Porto closes, HR confirmed the list"',
  })
    .requiredOption('--reason <text>', 'why: kept with the brake')
    .option('--events', 'release the events that it holds, too')
    .option('--yes', 'do not ask')
    .option('--wait <seconds>', 'how long to wait for what becomes of the events', String(DEFAULT_WAIT))
    .action(async (raw: unknown) => {
      const options = readOptions(releaseOptions, raw);
      const deployment = await session.deployment();
      const { terminal } = session;
      const held = (await selected(deployment, { statuses: ['held'], filter: { reason: 'brake' } })).entries;
      const question = `Release the brake${options.events ? ` and the ${held.length} events it holds` : ''}?`;
      if (terminal.interactive && !options.yes && !(await terminal.ask(question))) {
        process.exitCode = EXIT.failed;
        return terminal.say('Nothing was done.');
      }
      const latched = await unlatch(deployment, options.reason);
      const said = latched === undefined ? 'The brake was not latched.' : `Released: ${latched.saw}.`;
      if (options.events && (held.length > 0 || options.json)) {
        terminal.say(said);
        process.exitCode = await actNow(held, { kind: 'release', reason: options.reason }, options, { terminal, deployment });
        return;
      }
      const next = held.length === 0 ? undefined : session.again('release --guard brake --reason "why"');
      if (options.json) await terminal.print(JSON.stringify({ was: latched ?? null, held: held.length, next }, null, 2));
      else {
        await terminal.print(said);
        await terminal.print(
          next === undefined ? 'It holds no events.' : `It still holds ${held.length} events. To release them:\n  ${next}`,
        );
      }
      process.exitCode = held.length === 0 ? EXIT.done : EXIT.attention;
    });
}

/** @returns what it was latched by, where it was */
async function unlatch(deployment: Deployment, why: string): Promise<BrakeRecord['latched']> {
  const by = await deployment.operator();
  let latched: BrakeRecord['latched'];
  await changeRecord(deployment.ledger, STAGE_KEYS.brake, brakeRecord, (record) => {
    latched = record?.latched;
    return releaseBrake(record, { by, reason: why, now: deployment.clock() });
  });
  return latched;
}
