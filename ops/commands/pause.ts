import type { Command } from 'commander';
import * as z from 'zod';
import { pause, resume, type StageOrder } from '../../lambda/domain/stage/stage-orders.ts';
import { changeRecord, type PauseRecord, pauseRecord, STAGE_KEYS } from '../../lambda/domain/stage/stage-state.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { newCommand, readOptions, type Session } from '../session.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { bothTimes } from '../terminal/times.ts';
import { reason } from './release-reject-cancel-replay.ts';

export function addPause(program: Command, { deployment, terminal, again }: Session): void {
  newCommand(program, 'pause', {
    what: 'Stops every write to Workfront at once; events wait.',
    example: '--local pause --reason "HR sent the wrong list"',
  })
    .requiredOption('--reason <text>', 'why: shown to everybody who looks')
    .action(async (raw: unknown) => {
      const { json, reason: why } = readOptions(z.object({ json: z.boolean().optional(), reason }), raw);
      const { paused, changed } = await order(await deployment(), pause, why);
      if (json) return terminal.print(JSON.stringify({ changed, paused }));
      const since = paused === undefined ? '' : ` since ${bothTimes(paused.at)} by ${paused.by}: ${paused.reason}`;
      await terminal.print(
        changed
          ? `Paused. No write begins any more; one already sent may still end. To go on:\n  ${again('resume')}`
          : `Paused before${since}`,
      );
      process.exitCode = EXIT.done;
    });
}

export function addResume(program: Command, { deployment, terminal }: Session): void {
  newCommand(program, 'resume', { what: 'Lets events go on after a pause.', example: '--local resume --reason "the list is right now"' })
    .option('--reason <text>', 'why', 'resumed')
    .action(async (raw: unknown) => {
      const { json, reason: why } = readOptions(z.object({ json: z.boolean().optional(), reason }), raw);
      const { changed } = await order(await deployment(), resume, why);
      if (json) return terminal.print(JSON.stringify({ changed }));
      await terminal.print(changed ? 'Resumed. Waiting events go on within minutes.' : 'It was not paused.');
      process.exitCode = EXIT.done;
    });
}

async function order(
  { ledger, operator, clock }: Deployment,
  decide: (record: PauseRecord | undefined, order: StageOrder) => PauseRecord | undefined,
  why: string,
): Promise<{ changed: boolean; paused: PauseRecord['paused'] }> {
  const by = await operator();
  let changed = false;
  let paused: PauseRecord['paused'];
  await changeRecord(ledger, STAGE_KEYS.pause, pauseRecord, (record) => {
    const next = decide(record, { by, reason: why, now: clock() });
    changed = next !== undefined;
    paused = (next ?? record)?.paused;
    return next;
  });
  return { changed, paused };
}
